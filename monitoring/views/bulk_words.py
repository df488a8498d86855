"""What became of a list and of each of its cases, in words and shapes."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from integrations.views.spoken import counted
from monitoring.domain import deeds
from monitoring.models import BulkAction, BulkItem, ExceptionCase, Fix
from monitoring.queries.bulk import FOLLOWS, Progress
from portal.core.manner import number

State, Outcome = BulkAction.State, BulkItem.Outcome
PAST = {
    "acknowledge": "acknowledged", "assign": "assigned", "tag": "tagged", "wait": "set to wait",
    "snooze": "snoozed", "take_up": "taken up again", "retry": "replayed", "skip": "skipped",
}  # fmt: skip
_GOING = {"skip": "Skipping what can be skipped wholly"}
_SHAPES: dict[str, str] = {
    "": "waiting", Outcome.DONE: "good", Outcome.CHANGED: "risk", Outcome.CLOSED: "",
    Outcome.HELD: "work", Outcome.REFUSED: "waiting", Outcome.UNDONE: "good", Outcome.STAYS: "risk",
}  # fmt: skip
_CASE_SHAPES: dict[str, str] = {
    ExceptionCase.State.WAITING: "waiting", ExceptionCase.State.SNOOZED: "snoozed",
    ExceptionCase.State.RESOLVED: "good", ExceptionCase.State.SKIPPED: "good",
}  # fmt: skip


class Said(NamedTuple):
    """One outcome: its shape, the word it is counted under, and a sentence."""

    shape: str
    word: str
    text: str


def of_case(case: ExceptionCase) -> Said:
    """How a case stands, for a list nothing was done to."""
    word = case.get_state_display()
    return Said(_CASE_SHAPES.get(case.state, ""), word, word)


def of_item(item: BulkItem, fixes: Mapping[int, Progress]) -> Said:
    """What became of one case."""
    if item.fix_id and item.outcome in FOLLOWS:
        return of_fix(fixes[item.fix_id])
    said = of_outcome(item.outcome)
    if item.outcome == Outcome.UNDONE:  # what is told of it is what was done
        return said
    return Said(said.shape, said.word, item.told or said.word)


def of_outcome(outcome: str) -> Said:
    word = Outcome(outcome).label if outcome else "not reached yet"
    return Said(_SHAPES[outcome], str(word), str(word))


def of_fix(fix: Progress) -> Said:
    """How far the documents of a case are."""
    if fix.state == Fix.State.CHECKED:
        return _of_check(fix)
    all_of = f"of {number(fix.documents)}"
    if fix.state == Fix.State.DONE:
        if fix.held:
            return Said("bad", "held again", f"{number(fix.held)} {all_of} held again")
        return Said("good", "done", f"{number(fix.passed)} {all_of} done")
    if fix.state == Fix.State.UNDONE:
        if fix.stays:
            stay = "stays" if fix.stays == 1 else "stay"
            return Said(
                "risk",
                "stays in part",
                f"{number(fix.back)} taken back, {number(fix.stays)} {stay}",
            )
        return Said("good", "undone", f"{number(fix.back)} {all_of} taken back")
    if fix.state == Fix.State.FAILED:
        return Said("bad", "stopped", fix.trouble)
    return _under_way(fix, all_of)


def _of_check(fix: Progress) -> Said:
    word, wholly, not_wholly = _foreseen(fix)
    text = f"{number(fix.passes)} of {counted(fix.documents, 'document')} {word}"
    if fix.passes == fix.documents:
        return Said("good", wholly, text)
    return Said("bad", not_wholly, f"{text}. {fix.why}")


def _foreseen(fix: Progress) -> tuple[str, str, str]:
    """What would become of its documents; the same of all of them, and of not all."""
    if not deeds.of(fix.remedy).ends:
        return "pass", "pass wholly", "do not pass wholly"
    if fix.passes and fix.noted == fix.passes:
        return "would be accepted", "accepted wholly", "not accepted wholly"
    return "would end here", "end wholly", "do not end wholly"


def _under_way(fix: Progress, all_of: str) -> Said:
    if fix.state == Fix.State.CHECKING:
        return Said("work", "being tried", "being tried")
    if fix.state == Fix.State.CANCELLED:
        return Said("", "called off", "called off before anything went")
    if fix.state == Fix.State.UNDOING:
        return Said("work", "being undone", f"{number(fix.back)} {all_of} taken back")
    if deeds.of(fix.remedy).ends:
        return Said("work", "being skipped", f"{number(fix.passed)} {all_of} done")
    return Said("work", "on the way", f"{number(fix.passed + fix.held)} {all_of} arrived")


def figures(
    outcomes: Counter[tuple[str, int | None]], fixes: Mapping[int, Progress]
) -> list[dict[str, Any]]:
    """The outcomes grouped, the most frequent first."""
    groups = Counter[tuple[str, str]]()
    for (outcome, fix), count in outcomes.items():
        said = of_fix(fixes[fix]) if fix else of_outcome(outcome)
        groups[said.shape, said.word] += count
    return [
        {"value": number(count), "shape": shape, "word": word}
        for (shape, word), count in groups.most_common()
    ]


def headline(bulk: BulkAction, *, took: int, total: int, running: bool) -> str:
    """What was done, to how many of how many. `running`: their documents are on their way."""
    past = PAST[bulk.verb]
    cases = counted(total, "case")
    if bulk.state == State.TRIED:
        return f"Tried in {cases}. Nothing was {past} yet"
    if bulk.state == State.ACTING:
        return f"At work on {cases}"
    if bulk.state == State.GOING:
        return f"{_GOING.get(bulk.verb, 'Letting go what passes')} in {cases}"
    if bulk.state == State.UNDOING:
        return "Undoing the list"
    if bulk.state == State.UNDONE:
        return f"Undone for {number(took)} of {cases}"
    if not took:
        return f"None of {cases} {past}"
    under_way = "being skipped" if bulk.verb in _GOING else "let go"
    return f"{number(took)} of {cases} {under_way if running else past}"


UNDER_WAY = (Fix.State.CHECKING, *Fix.RUNNING)


def under_way(fixes: Mapping[int, Progress]) -> bool:
    """Whether the documents of the list are on their way somewhere."""
    return any(fix.state in UNDER_WAY for fix in fixes.values())


def progress(
    bulk: BulkAction, fixes: Mapping[int, Progress], *, left: int, total: int
) -> dict[str, Any] | None:
    """How far it is, while it is under way."""
    if bulk.state in BulkAction.WORKING:
        return _counted(total - left, total, "cases")
    if bulk.state == State.TRIED and under_way(fixes):
        checked = sum(fix.state != Fix.State.CHECKING for fix in fixes.values())
        return _counted(checked, len(fixes), "dry runs")
    if under_way(fixes):
        arrived = sum(fix.passed + fix.held + fix.back for fix in fixes.values())
        return _counted(arrived, sum(fix.documents for fix in fixes.values()), "documents")
    return None


def _counted(done: int, total: int, noun: str) -> dict[str, Any]:
    return {"done": done, "total": total, "text": f"{number(done)} of {number(total)} {noun}"}
