"""A statement in its reader's words: the customer's. Everything comes out of the sealed content."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitoring.seal import Change
from monitoring.seal.paths import steps
from monitoring.statements.content import Content, Credits, Exclusion, Miss, Promise, Without
from portal.core.money import Money, round_to
from portal.core.money_format import format_money
from portal.customers.calendar import zone_words

_MINUTE: Final = 60
_HOUR: Final = 3600
_MONEY: Final = ("amount", "fee", "worth")
_PARTIES: Final = {"us": "Us", "customer": "You"}


def month(key: str) -> str:
    """`2026-04` as `April 2026`."""
    return f"{date.fromisoformat(f'{key}-01'):%B %Y}"


def kept(content: Content) -> tuple[int, int]:
    """How many promises were kept, of how many that something can be told of."""
    told = [one for one in content.promises if one.standing != "unknown"]
    return sum(one.standing != "missed" for one in told), len(told)


def trend(content: Content) -> str:
    """`Nov to Apr`: over which months the promises are drawn; blank for one alone."""
    points = next((one.trend for one in content.promises if len(one.trend) > 1), ())
    if not points:
        return ""
    first, last = (month(point.at)[:3] for point in (points[0], points[-1]))
    return f"{first} to {last}"


def headline(content: Content) -> str:
    count, told = kept(content)
    name = month(content.period.key)
    if not told:
        return f"Nothing was measured in {name}"
    if count == told:
        return f"In {name} we kept {_all_of(count)}"
    return f"In {name} we kept {count} of {told} promises"


def _all_of(count: int) -> str:
    return "our promise" if count == 1 else f"all {count} promises"


def lead(content: Content) -> str:
    """What was missed, how much of it was our fault, and what we propose to give back."""
    broken = [one for one in content.promises if one.standing == "missed"]
    sentences = [_missed(one, content) for one in broken]
    if said := credit_sentence(content.credits):
        sentences.append(said)
    if not kept(content)[1] and not sentences:
        return "No order, problem or report of the month fell under a promise."
    if not sentences:
        return "No allowed misses were overdrawn, so there is nothing to give back."
    return " ".join(sentences)


def _missed(promise: Promise, content: Content) -> str:
    got = f"{delivered(promise)} instead of {target(promise)}"
    ours = f"{_of(promise.misses_ours, promise.misses)} our fault"
    return f"{promise.name}: {got}. {ours}."


def _of(part: Decimal, whole: Decimal) -> str:
    if not part:
        return "None of it was"
    if part == whole:
        return "All of it was"
    return f"{round_to(100 * part / whole, 0):f} % of it was"


def credit_sentence(credits_: Credits) -> str:
    """`We propose to give back $61.20, 2 % of the monthly fee.` Empty where nothing is proposed."""
    if not credits_.percent:
        return ""
    share = f"{plain_number(credits_.percent)} % of the monthly fee"
    if credits_.amount is None:
        return f"We propose to give back {share}."
    return f"We propose to give back {money(credits_.amount, credits_.currency)}, {share}."


def figure(promise: Promise, value: Decimal | None) -> str:
    """A value of a promise: `99.27 %`, `4 min 50 s`, `0`; `none` where nothing happened."""
    if value is None:
        return "none"
    if promise.measure == "share":
        return f"{value:.2f} %"
    return span(value) if promise.measure == "duration" else plain_number(value)


def delivered(promise: Promise) -> str:
    """What was delivered; of few things as counts: `18 of 19`, because a share of so few says little."""
    if promise.few and promise.measure == "share" and promise.actual is not None:
        good = promise.population - promise.misses
        return f"{plain_number(good)} of {plain_number(promise.population)}"
    return figure(promise, promise.actual)


def target(promise: Promise) -> str:
    if promise.measure == "share":
        places = max(1, -int(promise.target.normalize().as_tuple().exponent))
        return f"{promise.target:.{places}f} %"
    return figure(promise, promise.target)


def span(seconds: Decimal) -> str:
    """`50 s`, `4 min 50 s`, `15 min`, `1 h 26`, `3 h`."""
    whole = int(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        minutes, rest = divmod(whole, _MINUTE)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, rest = divmod(whole, _HOUR)
    return f"{hours} h {rest // _MINUTE:02d}" if rest // _MINUTE else f"{hours} h"


def used(promise: Promise) -> str:
    """`138 % used`, empty where no budget can be told."""
    return "" if promise.used is None else f"{promise.used:.0f} % used"


def budget(promise: Promise) -> str:
    """`3 of 8 orders (412 in all)`: misses, how many were allowed, and of how many."""
    if not promise.population:
        return f"no {promise.unit}"
    whole, missed = plain_number(promise.population), plain_number(promise.misses)
    if promise.allowed is None:
        return f"{missed} of {whole} {promise.unit}"
    allowed = plain_number(promise.allowed)
    said = f"{missed} of {allowed} allowed {promise.unit} ({whole} in all)"
    return f"{said}, slowest {span(promise.worst)}" if promise.worst is not None else said


def attributable(promise: Promise) -> str:
    """What it would be if only ours counted, where that is something else."""
    if promise.attributable is None or promise.attributable == promise.actual:
        return ""
    return f"{figure(promise, promise.attributable)} counting only what was ours"


def saved(content: Content) -> str:
    """`312 orders worth $84,000.00 were put right before their cut-off, in 11 minutes (median).`"""
    value = content.delivered
    if not value.orders:
        return "No order had to be put right before its cut-off."
    worth = " and ".join(money(one.amount, one.currency) for one in value.worth)
    orders = _counted(value.orders, "order")
    be = "was" if value.orders == 1 else "were"
    said = f"{orders}{f' worth {worth}' if worth else ''} {be} put right before {_its(value.orders)} cut-off"
    minutes = value.median_minutes
    return f"{said}, in {_minutes(minutes)} (median)." if minutes is not None else f"{said}."


def _its(count: int) -> str:
    return "its" if count == 1 else "their"


def _minutes(minutes: Decimal) -> str:
    whole = int(minutes.to_integral_value())
    return "under a minute" if minutes < 1 else _counted(whole, "minute")


def without(one: Without, promise: Promise) -> str:
    """What would have become of a promise without anybody at work."""
    got = f"{figure(promise, one.actual)} instead of {figure(promise, promise.actual)}"
    ending = ", and the promise would have been broken" if _broken_without(one, promise) else ""
    return (
        f"{promise.name}: without that work {plain_number(one.misses)} of"
        f" {plain_number(promise.population)} {promise.unit}"
        f" would have missed, {got}{ending}."
    )


def _broken_without(one: Without, promise: Promise) -> bool:
    return one.standing == "missed" != promise.standing


def exclusion(one: Exclusion, zone: str) -> str:
    """`40 agreed minutes on 12 April: planned work at the ERP`."""
    minutes = _counted(int(one.minutes), "minute")
    return f"{minutes} on {day(local(one.begins, zone).date())}: {one.reason}"


def left_out(content: Content) -> str:
    """What does not count, as agreed; empty for nothing."""
    return "; ".join(exclusion(one, content.period.zone) for one in content.exclusions)


def not_counted(content: Content) -> str:
    """The exclusions in one sentence."""
    told = left_out(content)
    return f"Not counted: {told}." if told else "Nothing was left out."


def together(text: str) -> str:
    """`99.0 %` with a blank that does not break a line."""
    return text.replace(" %", "\u00a0%")


def corrected(change: Change, content: Content) -> str:
    """`credits, amount: $91.80 instead of $61.20`"""
    told = [figure_at(change.path, value, content) for value in (change.after, change.before)]
    return f"{place(change.path, content)}: {told[0]} instead of {told[1]}"


def figure_at(path: str, value: Any, content: Content) -> str:
    """What stands at a place, as people write it."""
    if steps(path)[-1] in _MONEY and isinstance(value, str):
        return money(Decimal(value), content.currency)
    return "none" if value is None else str(value)


def place(path: str, content: Content) -> str:
    """`credits.lines[stock].amount` with the promise by its name instead of its key."""
    names = {one.key: one.name for one in content.promises}
    said = [names.get(step, step.replace("_", " ")) for step in steps(path)]
    return ", ".join(said)


def whose(party: str, name: str) -> str:
    """`Us`, `You`, or the name of whoever else."""
    return _PARTIES.get(party) or name or "Somebody else"


def miss(one: Miss, zone: str, unit: str = "") -> str:
    """`8 Apr 14:05, PO 4711, 21 min late: the warehouse was closed`; of time how much of `unit` it was."""
    late = f"{span(one.late)} late" if one.late else f"{plain_number(one.weight)} {unit}".strip()
    told = ", ".join(part for part in (moment(one.at, zone), one.subject, late) if part)
    return f"{told}: {one.reason}" if one.reason else told


def sealed(content: Content) -> str:
    return f"Sealed {full_moment(content.sealed_at, content.period.zone)}."


def full_moment(at: datetime, zone: str) -> str:
    """`1 May 2026, 06:00, Los Angeles time`."""
    there = local(at, zone)
    return f"{there.day} {there:%B %Y, %H:%M}, {zone_words(zone)}"


def span_of(content: Content) -> str:
    """`1 April 2026, 00:00 to 1 May 2026, 00:00, Los Angeles time`"""
    zone = content.period.zone
    begins, ends = (local(at, zone) for at in (content.period.begins, content.period.ends))
    shown = f"{begins.day} {begins:%B %Y, %H:%M} to {ends.day} {ends:%B %Y, %H:%M}"
    return f"{shown}, {zone_words(zone)}"


def moment(at: datetime, zone: str) -> str:
    """`8 Apr 14:05` in the statement's zone."""
    there = local(at, zone)
    return f"{day(there.date())} {there:%H:%M}"


def day(on: date) -> str:
    return f"{on.day} {on:%b}"


def local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))


def money(amount: Decimal, currency: str) -> str:
    return format_money(Money(amount, currency), with_currency=True)


def plain_number(value: Decimal) -> str:
    """With two decimals at most, and without needless zeros."""
    text = f"{round_to(value, 2):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _counted(count: int, one: str) -> str:
    return f"1 {one}" if count == 1 else f"{count:,} {one}s"
