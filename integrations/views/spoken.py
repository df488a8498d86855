"""Times, spans and money as pages say them: in the reader's zone and manner."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext, ngettext, ngettext_lazy, pgettext

from portal.core import clock, manner
from portal.core.currencies import MINOR_UNITS
from portal.core.money import Money
from portal.core.money_format import format_money

MINUTE, HOUR, DAY = 60, 3600, 86400
# What is counted on customers' pages: `counted` finds the nouns' other languages by these.
NOUNS = (
    ngettext_lazy("order", "orders"),
    ngettext_lazy("shipment", "shipments"),
    ngettext_lazy("return", "returns"),
    ngettext_lazy("invoice", "invoices"),
    ngettext_lazy("unit", "units"),
    ngettext_lazy("document", "documents"),
    ngettext_lazy("file", "files"),
    ngettext_lazy("product", "products"),
    ngettext_lazy("customer", "customers"),
    ngettext_lazy("refund", "refunds"),
    ngettext_lazy("stock report", "stock reports"),
    ngettext_lazy("stock figure", "stock figures"),
    ngettext_lazy("inbound shipment", "inbound shipments"),
    ngettext_lazy("price list", "price lists"),
    ngettext_lazy("question", "questions"),
    ngettext_lazy("bill", "bills"),
    ngettext_lazy("access", "accesses"),
    ngettext_lazy("day", "days"),
    ngettext_lazy("month", "months"),
    ngettext_lazy("hour", "hours"),
    ngettext_lazy("minute", "minutes"),
    ngettext_lazy("second", "seconds"),
)


def span(length: timedelta) -> str:
    """A length of time in two units at most: 4 s, 44 min, 1 h 26, 2 d."""
    seconds = max(int(length.total_seconds()), 0)
    if seconds < MINUTE:
        return f"{seconds} s"
    if seconds < HOUR:
        return f"{seconds // MINUTE} min"
    if seconds < DAY:
        minutes = seconds % HOUR // MINUTE
        return f"{seconds // HOUR} h {minutes:02d}" if minutes else f"{seconds // HOUR} h"
    days = seconds // DAY
    return ngettext("%(days)s d", "%(days)s d", days) % {"days": days}


def age(at: datetime | None) -> str:
    """How long ago, as a length; blank for never."""
    return span(clock.now() - at) if at else ""


def moment(at: datetime | None, *, seconds: bool = False) -> str:
    """A time with as much of its day as needed: 10:42, Mon 13:58, 3 Mar 13:58, 3 Mar 2025."""
    if at is None:
        return ""
    local, today = timezone.localtime(at), timezone.localtime(clock.now()).date()
    time = manner.time(local, seconds=seconds)
    days = (today - local.date()).days
    if days == 0:
        return time
    if 0 < days < 7:
        return f"{manner.weekday(local)} {time}"
    return f"{day(local.date())} {time}" if local.year == today.year else day(local.date())


def day(on: date) -> str:
    """3 Mar, with the year when it is not this one."""
    this_year = timezone.localtime(clock.now()).year
    return manner.day(on, with_year=on.year != this_year)


def since(at: datetime | None) -> str:
    return gettext("since %(since)s") % {"since": moment(at)} if at else ""


def until(at: datetime, *, zone: str = "") -> str:
    """Wed 2 Dec 08:48 PST: when something ends, in a zone, or in the reader's."""
    local = timezone.localtime(at, ZoneInfo(zone) if zone else None)
    return f"{manner.weekday(local.date())} {day(local.date())} {manner.time(local)} {local:%Z}"


def amount(value: Decimal | None, currency: str, *, signed: bool = False) -> str:
    """An amount for a column whose head names the currency; "none" where there is none."""
    if value is None or not currency:
        return pgettext("an amount", "none")
    if currency not in MINOR_UNITS:  # a held document may name anything
        return manner.number(value, 2)
    return format_money(Money(value, currency), signed=signed).translate(manner.marks())


def money(value: Decimal | None, currency: str) -> str:
    """An amount for a sentence, with its currency."""
    if value is None or not currency:
        return pgettext("an amount", "none")
    if currency not in MINOR_UNITS:
        return f"{amount(value, currency)} {currency}"
    return format_money(Money(value, currency), with_currency=True).translate(manner.marks())


def counted(number: int, one: str, many: str = "") -> str:
    """1 order, 2 orders, 1,204 orders."""
    noun = ngettext(one, many or f"{one}s", number)
    return f"{manner.number(number)} {noun}"
