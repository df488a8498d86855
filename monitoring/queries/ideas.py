"""What one may ask a customer about a case: one to three questions with their answers."""

from typing import NamedTuple

from monitoring import taxonomy
from monitoring.domain.answers import Option
from monitoring.models import CaseQuestion, ExceptionCase
from monitoring.queries import memory, suggest

Form = CaseQuestion.Form
_MOST = 3
_CHOICES = 4
# Kinds of cases that the customer decides about, where no code is missing.
_THEIRS = {"allocation", "commercial", "compliance", "data", "idempotency", "routing", "timing"}
_WHAT = {
    "sku": "Which of your items is {value}?",
    "uom": "Which unit is {value}?",
    "carrier": "Which carrier is {value}?",
    "ship_to": "Which of your addresses is {value}?",
}


class Idea(NamedTuple):
    """A question, how it is answered, what each answer does, and why it is proposed."""

    text: str
    form: str
    options: list[Option]
    why: str


def ideas(case: ExceptionCase) -> list[Idea]:
    """The likeliest first; the last one always asks in plain words."""
    found = _about_code(case) if case.value else []
    if case.code == "uom_mismatch" and case.value:
        found.insert(0, _how_many(case))
    if not found and case.documents and taxonomy.kind(case.code).category in _THEIRS:
        found.append(_still_wanted(case))
    return [*found[: _MOST - 1], _in_words(case)]


def _about_code(case: ExceptionCase) -> list[Idea]:
    """Whether the code means what it looks like; with several likenesses, which of them."""
    table = taxonomy.kind(case.code).lookup
    if not table:
        return []
    likely = _likely(case, table)
    if not likely:
        return []
    value, why = likely[0]
    same = Idea(
        f"Is {case.value} the same as {value}?",
        Form.YES_NO,
        [means(case, table, value, label="Yes"), looked_at("No")],
        why,
    )
    return [same, _which(case, table, likely)] if len(likely) > 1 else [same]


def _likely(case: ExceptionCase, table: str) -> list[tuple[str, str]]:
    """Values it may mean, each with the reason: what it meant before, then what it looks like."""
    remembered = memory.of(case)
    before = [
        (str(one.terms["value"]), "it was solved so before")
        for one in remembered.remedies
        if remembered.same_cause and one.remedy == "lookup"
    ]
    alike = suggest.suggestions(case.customer_id, table=table, code=case.value)
    found = dict([*((one.value, f"it {one.reason}") for one in alike), *before])
    order = dict.fromkeys([*(value for value, _ in before), *(one.value for one in alike)])
    return [(value, found[value]) for value in order]


def _which(case: ExceptionCase, table: str, likely: list[tuple[str, str]]) -> Idea:
    options = [means(case, table, value, label=value) for value, _ in likely[:_CHOICES]]
    text = _WHAT[table].format(value=case.value)
    return Idea(text, Form.CHOICE, [*options, looked_at("None of these")], "several look like it")


def means(case: ExceptionCase, table: str, value: str, *, label: str) -> Option:
    """An answer that says what the case's code means from now on."""
    terms = {"table": table, "code": case.value, "value": value, "insist": False}
    words = f"{case.value} → {value} added to lookup {table}"
    return {"label": label[:80], "remedy": "lookup", "terms": terms, "words": words}


def looked_at(label: str) -> Option:
    """An answer after which a person looks at the case."""
    return {"label": label, "remedy": "", "terms": {}, "words": ""}


def _how_many(case: ExceptionCase) -> Idea:
    text = f"How many single pieces (EA) are in one {case.value}?"
    return Idea(text, Form.TEXT, [], "the number is what is missing")


def _still_wanted(case: ExceptionCase) -> Idea:
    """For what is neither a code nor a unit: whether it shall go on as it is."""
    word = "order" if case.object_type == "order" else "document"
    waits = f"1 {word} waits" if case.documents == 1 else f"{case.documents:,} {word}s wait"
    send = {"label": "Yes", "remedy": "retry", "terms": {}, "words": "Replayed as it is"}
    return Idea(
        f"{case.customer_title}: {waits}. Shall we go on with it as it is?",
        Form.YES_NO,
        [send, looked_at("No")],
        "it can be tried again",
    )


def _in_words(case: ExceptionCase) -> Idea:
    return Idea(f"{case.customer_title}. What shall we do?", Form.TEXT, [], "anything else")
