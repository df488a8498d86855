"""Evidence in words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from integrations.evidence.changes import DocumentChange
from integrations.evidence.evidence import Concern, Counts, Sample
from integrations.evidence.verdict import SENTENCES, Verdict

_TOLD: Final = 3


def warning(
    verdict: Verdict, *, path: str, count: int, noun: str, samples: Sequence[Sample]
) -> str:
    """`lines[].quantity: The number changes by a factor (×12) in 34 orders, e.g. “1” → “12”.`"""
    text = f"{path}: {SENTENCES[verdict.code]}" if path else SENTENCES[verdict.code]
    detail = f" ({verdict.detail})" if verdict.detail else ""
    return f"{text}{detail} in {_many(count, noun)}{_example(samples)}."


def field(found: Sequence[Concern], *, count: int, noun: str) -> str:
    """One field with all that happens to it, worst first."""
    if len(found) == 1:
        return found[0].sentence
    parts = [f"{_lower(SENTENCES[one.code])} ({one.count})" for one in found]
    return f"{found[0].path} changes in {_many(count, noun)}: {', '.join(parts)}."


def summary(
    changes: Sequence[DocumentChange],
    *,
    counts: Counts,
    warnings: Sequence[Concern],
    noun: str,
) -> tuple[str, ...]:
    """The whole, a sentence for each: numbers, validity, routing, money, alarms."""
    texts = [_numbers(counts, noun)]
    if counts.newly_valid:
        were = "was" if counts.newly_valid == 1 else "were"
        texts.append(f"{_many(counts.newly_valid, noun)} that {were} refused would be valid.")
    if counts.newly_invalid:
        were = "was" if counts.newly_invalid == 1 else "were"
        why = _listed(counts.refused)
        texts.append(
            f"{_many(counts.newly_invalid, noun)} that {were} valid would be refused: {why}."
        )
    if counts.rerouted:
        ways = {
            f"{old or 'nowhere'} → {new or 'nowhere'}": n for (old, new), n in counts.routes.items()
        }
        verb = "goes" if counts.rerouted == 1 else "go"
        texts.append(f"{_many(counts.rerouted, noun)} {verb} elsewhere: {_listed(ways)}.")
    return (*texts, *_money(changes, noun), _verdict(warnings))


def _numbers(counts: Counts, noun: str) -> str:
    if not counts.documents:
        return f"There was no {noun} to run."
    ran = f"{_many(counts.documents, noun)} ran through the old and the new version"
    if not counts.changed:
        return f"{ran}: nothing changes."
    changed = "1 changes" if counts.changed == 1 else f"{counts.changed:,} change"
    stays = "1 stays" if counts.unchanged == 1 else f"{counts.unchanged:,} stay"
    return f"{ran}: {changed}, {stays} the same."


def _money(changes: Sequence[DocumentChange], noun: str) -> list[str]:
    moved: dict[str, list[Decimal]] = defaultdict(list)
    switched: dict[tuple[str, str], int] = defaultdict(int)
    for change in changes:
        old, new = change.old, change.new
        if change.validity != "valid" or old.amount is None or new.amount is None:
            continue
        if old.currency != new.currency:
            switched[old.currency, new.currency] += 1
        elif old.amount != new.amount:
            moved[old.currency].append(new.amount - old.amount)
    texts = [
        f"Totals of {_many(n, noun)} change from {old} to {new}."
        for (old, new), n in sorted(switched.items())
    ]
    for currency, gaps in sorted(moved.items()):
        net, unit = sum(gaps, Decimal(0)), f" {currency}" if currency else ""
        verb = "changes" if len(gaps) == 1 else "change"
        subject = "The total" if len(gaps) == 1 else "Totals"
        texts.append(f"{subject} of {_many(len(gaps), noun)} {verb} by {_signed(net)}{unit}.")
    return texts


def _signed(amount: Decimal) -> str:
    sign = "−" if amount < 0 else "+" if amount > 0 else ""
    return f"{sign}{abs(amount):,f}"


def _verdict(warnings: Sequence[Concern]) -> str:
    alarms = sum(one.severity == "alarm" for one in warnings)
    if not alarms:
        return "Nothing looks harmful."
    return "1 change looks harmful." if alarms == 1 else f"{alarms} changes look harmful."


def _many(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"


def _example(samples: Sequence[Sample]) -> str:
    if not samples:
        return ""
    first = samples[0]
    before = f"“{first.before}”" if first.before else "nothing"
    after = f"“{first.after}”" if first.after else "nothing"
    return f", e.g. {before} → {after}"


def _listed(counts: Mapping[str, int]) -> str:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    told = [f"{name} ({count:,})" for name, count in ranked[:_TOLD]]
    more = len(ranked) - _TOLD
    return ", ".join(told) + (f" and {more} more" if more > 0 else "")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
