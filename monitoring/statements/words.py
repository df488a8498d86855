"""A statement in its reader's words: the customer's. Everything comes out of the sealed content."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitoring.seal import Change
from monitoring.seal.paths import steps
from monitoring.slo.title_words import title_said
from monitoring.statements.content import Content, Credits, Exclusion, Miss, Promise, Without
from portal.core import words
from portal.core.money import Money, round_to
from portal.core.money_format import format_money
from portal.core.words import figures, gettext_noop, ngettext
from portal.core.words import gettext as _
from portal.customers.calendar import zone_words

_MINUTE: Final = 60
_HOUR: Final = 3600
_MONEY: Final = ("amount", "fee", "worth")
_PARTIES: Final = {"us": gettext_noop("Us"), "customer": gettext_noop("You")}


def month(key: str) -> str:
    """`2026-04` as `April 2026`."""
    first = date.fromisoformat(f"{key}-01")
    return f"{words.month(first)} {first.year}"


def kept(content: Content) -> tuple[int, int]:
    """How many promises were kept, of how many that something can be told of."""
    told = [one for one in content.promises if one.standing != "unknown"]
    return sum(one.standing != "missed" for one in told), len(told)


def trend(content: Content) -> str:
    """`Nov to Apr`: over which months the promises are drawn; blank for one alone."""
    points = next((one.trend for one in content.promises if len(one.trend) > 1), ())
    if not points:
        return ""
    first, last = (
        words.month(date.fromisoformat(f"{point.at}-01"), short=True)
        for point in (points[0], points[-1])
    )
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def headline(content: Content) -> str:
    count, told = kept(content)
    name = month(content.period.key)
    if not told:
        return _("Nothing was measured in %(month)s") % {"month": name}
    if count == told:
        text = ngettext(
            "In %(month)s we kept our promise", "In %(month)s we kept all %(all)s promises", count
        )
        return text % {"month": name, "all": count}
    in_all = {"month": name, "kept": count, "all": told}
    return _("In %(month)s we kept %(kept)s of %(all)s promises") % in_all


def lead(content: Content) -> str:
    """What was missed, how much of it was our fault, and what we propose to give back."""
    broken = [one for one in content.promises if one.standing == "missed"]
    sentences = [_missed(one, content) for one in broken]
    if said := credit_sentence(content.credits):
        sentences.append(said)
    if not kept(content)[1] and not sentences:
        return _("No order, problem or report of the month fell under a promise.")
    if not sentences:
        return _("No allowed misses were overdrawn, so there is nothing to give back.")
    return " ".join(sentences)


def _missed(promise: Promise, content: Content) -> str:
    told = {
        "name": title_said(promise.name),
        "delivered": delivered(promise),
        "promised": target(promise),
        "ours": _ours(promise.misses_ours, promise.misses),
    }
    return _("%(name)s: %(delivered)s instead of %(promised)s. %(ours)s") % told


def _ours(part: Decimal, whole: Decimal) -> str:
    if not part:
        return _("None of it was our fault.")
    if part == whole:
        return _("All of it was our fault.")
    share = f"{round_to(100 * part / whole, 0):f}"
    return _("%(share)s %% of it was our fault.") % {"share": share}


def credit_sentence(credits_: Credits) -> str:
    """`We propose to give back $61.20, 2 % of the monthly fee.` Empty where nothing is proposed."""
    if not credits_.percent:
        return ""
    share = _("%(percent)s %% of the monthly fee") % {"percent": plain_number(credits_.percent)}
    if credits_.amount is None:
        return _("We propose to give back %(share)s.") % {"share": share}
    return _("We propose to give back %(amount)s, %(share)s.") % {
        "amount": money(credits_.amount, credits_.currency),
        "share": share,
    }


def figure(promise: Promise, value: Decimal | None) -> str:
    """A value of a promise: `99.27 %`, `4 min 50 s`, `0`; `none` where nothing happened."""
    if value is None:
        return _("none")
    if promise.measure == "share":
        return figures(f"{value:.2f} %")
    return span(value) if promise.measure == "duration" else plain_number(value)


def delivered(promise: Promise) -> str:
    """What was delivered; of few things as counts: `18 of 19`, because a share of so few says little."""
    if promise.few and promise.measure == "share" and promise.actual is not None:
        good = promise.population - promise.misses
        told = {"good": plain_number(good), "all": plain_number(promise.population)}
        return _("%(good)s of %(all)s") % told
    return figure(promise, promise.actual)


def target(promise: Promise) -> str:
    if promise.measure == "share":
        places = max(1, -int(promise.target.normalize().as_tuple().exponent))
        return figures(f"{promise.target:.{places}f} %")
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
    return "" if promise.used is None else _("%(used)s %% used") % {"used": f"{promise.used:.0f}"}


def budget(promise: Promise) -> str:
    """`3 of 8 orders (412 in all)`: misses, how many were allowed, and of how many."""
    if not promise.population:
        return _("no %(unit)s") % {"unit": _(promise.unit)}
    whole, missed = plain_number(promise.population), plain_number(promise.misses)
    if promise.allowed is None:
        return _("%(missed)s of %(whole)s %(unit)s") % {
            "missed": missed,
            "whole": whole,
            "unit": _(promise.unit),
        }
    allowed = plain_number(promise.allowed)
    said = _("%(missed)s of %(allowed)s allowed %(unit)s (%(whole)s in all)") % {
        "missed": missed,
        "allowed": allowed,
        "unit": _(promise.unit),
        "whole": whole,
    }
    return (
        _("%(said)s, slowest %(worst)s") % {"said": said, "worst": span(promise.worst)}
        if promise.worst is not None
        else said
    )


def attributable(promise: Promise) -> str:
    """What it would be if only ours counted, where that is something else."""
    if promise.attributable is None or promise.attributable == promise.actual:
        return ""
    return _("%(figure)s counting only what was ours") % {
        "figure": figure(promise, promise.attributable)
    }


def saved(content: Content) -> str:
    """`312 orders worth $84,000.00 were put right before their cut-off, in 11 minutes (median).`"""
    value = content.delivered
    if not value.orders:
        return _("No order had to be put right before its cut-off.")
    worth = _(" and ").join(money(one.amount, one.currency) for one in value.worth)
    told = {"orders": f"{value.orders:,}", "worth": worth}
    said = _put_right(value.orders, has_worth=bool(worth)) % told
    minutes = value.median_minutes
    if minutes is None:
        return f"{said}."
    return _("%(said)s, in %(minutes)s (median).") % {"said": said, "minutes": _minutes(minutes)}


def _put_right(orders: int, *, has_worth: bool) -> str:
    if has_worth:
        return ngettext(
            "%(orders)s order worth %(worth)s was put right before its cut-off",
            "%(orders)s orders worth %(worth)s were put right before their cut-off",
            orders,
        )
    return ngettext(
        "%(orders)s order was put right before its cut-off",
        "%(orders)s orders were put right before their cut-off",
        orders,
    )


def _minutes(minutes: Decimal) -> str:
    whole = int(minutes.to_integral_value())
    return _("under a minute") if minutes < 1 else _counted(whole, "minute")


def without(one: Without, promise: Promise) -> str:
    """What would have become of a promise without anybody at work."""
    told = {
        "name": title_said(promise.name),
        "misses": plain_number(one.misses),
        "all": plain_number(promise.population),
        "unit": _(promise.unit),
        "without": figure(promise, one.actual),
        "actual": figure(promise, promise.actual),
    }
    text = _(
        "%(name)s: without that work %(misses)s of %(all)s %(unit)s would have missed,"
        " %(without)s instead of %(actual)s%(ending)s."
    )
    is_broken = _broken_without(one, promise)
    ending = _(", and the promise would have been broken") if is_broken else ""
    return text % {**told, "ending": ending}


def _broken_without(one: Without, promise: Promise) -> bool:
    return one.standing == "missed" != promise.standing


def exclusion(one: Exclusion, zone: str) -> str:
    """`40 agreed minutes on 12 April: planned work at the ERP`."""
    minutes = _counted(int(one.minutes), "minute")
    on = day(local(one.begins, zone).date())
    told = {"minutes": minutes, "day": on, "reason": one.reason}
    return _("%(minutes)s on %(day)s: %(reason)s") % told


def left_out(content: Content) -> str:
    """What does not count, as agreed; empty for nothing."""
    return "; ".join(exclusion(one, content.period.zone) for one in content.exclusions)


def not_counted(content: Content) -> str:
    """The exclusions in one sentence."""
    told = left_out(content)
    return _("Not counted: %(told)s.") % {"told": told} if told else _("Nothing was left out.")


def together(text: str) -> str:
    """`99.0 %` with a blank that does not break a line."""
    return text.replace(" %", "\u00a0%")


def corrected(change: Change, content: Content) -> str:
    """`credits, amount: $91.80 instead of $61.20`"""
    told = [figure_at(change.path, value, content) for value in (change.after, change.before)]
    said = {"place": place(change.path, content), "after": told[0], "before": told[1]}
    return _("%(place)s: %(after)s instead of %(before)s") % said


def figure_at(path: str, value: Any, content: Content) -> str:
    """What stands at a place, as people write it."""
    if steps(path)[-1] in _MONEY and isinstance(value, str):
        return money(Decimal(value), content.currency)
    return _("none") if value is None else str(value)


def place(path: str, content: Content) -> str:
    """`credits.lines[stock].amount` with the promise by its name instead of its key."""
    names = {one.key: title_said(one.name) for one in content.promises}
    said = [names.get(step, step.replace("_", " ")) for step in steps(path)]
    return ", ".join(said)


def whose(party: str, name: str) -> str:
    """`Us`, `You`, or the name of whoever else."""
    return (_(_PARTIES[party]) if party in _PARTIES else name) or _("Somebody else")


def miss(one: Miss, zone: str, unit: str = "") -> str:
    """`8 Apr 14:05, PO 4711, 21 min late: the warehouse was closed`; of time how much of `unit` it was."""
    late = (
        _("%(late)s late") % {"late": span(one.late)}
        if one.late
        else f"{plain_number(one.weight)} {unit}".strip()
    )
    told = ", ".join(part for part in (moment(one.at, zone), one.subject, late) if part)
    return f"{told}: {one.reason}" if one.reason else told


def sealed(content: Content) -> str:
    at = full_moment(content.sealed_at, content.period.zone)
    return _("Sealed %(at)s.") % {"at": at}


def full_moment(at: datetime, zone: str) -> str:
    """`1 May 2026, 06:00, Los Angeles time`."""
    there = local(at, zone)
    told = {
        "day": there.day,
        "month": words.month(there.date()),
        "year": there.year,
        "time": f"{there:%H:%M}",
        "zone": zone_words(zone),
    }
    return _("%(day)s %(month)s %(year)s, %(time)s, %(zone)s") % told


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
    return _("%(day)s %(month)s") % {"day": on.day, "month": words.month(on, short=True)}


def local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))


def money(amount: Decimal, currency: str) -> str:
    return figures(format_money(Money(amount, currency), with_currency=True))


def plain_number(value: Decimal) -> str:
    """With two decimals at most, and without needless zeros."""
    text = f"{round_to(value, 2):,f}"
    return figures(text.rstrip("0").rstrip(".") if "." in text else text)


def _counted(count: int, one: str) -> str:
    return f"{figures(f'{count:,}')} {ngettext(one, f'{one}s', count)}"
