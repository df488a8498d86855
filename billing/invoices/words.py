"""An invoice in its reader's words: the customer's. Everything comes out of its content."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from billing.invoices.content import Content, CreditUsed, Line, Period, Tax
from billing.invoices.step_words import amount, number, steps_said
from monitoring.statements.words import money, month
from portal.core import words
from portal.core.money import EXACT, add_up, round_money
from portal.core.money_format import MINUS
from portal.core.words import gettext as _
from portal.core.words import gettext_noop

__all__ = [
    "KEPT", "amount", "changed", "counted", "credit_left", "credit_used", "day", "days", "detail",
    "discounted", "explained", "headline", "is_to_pay", "kind", "lead", "lowered", "money", "month",
    "needs_explaining", "number", "one_price", "period", "service", "steps_said", "tax", "together", "units",
]  # fmt: skip

_KINDS: Final = {"invoice": gettext_noop("Invoice"), "credit_note": gettext_noop("Credit note")}
_UNTAXED: Final = {
    "reverse_charge": gettext_noop("Reverse charge: no {name} is charged"),
    "exempt": gettext_noop("Exempt from {name}"),
    "none": gettext_noop("No {name}"),
}
KEPT: Final = gettext_noop("Kept as a credit for later invoices")
_ONE_DAY: Final = timedelta(days=1)


def kind(content: Content) -> str:
    return _(_KINDS[content.kind])


def headline(content: Content) -> str:
    """`Invoice 2026-0042`; `Draft invoice` for one without a number."""
    if content.number:
        return f"{kind(content)} {content.number}"
    return _("Draft credit note") if content.kind == "credit_note" else _("Draft invoice")


def lead(content: Content) -> str:
    """The one sentence to know: `$1,234.50 to pay by 31 May 2026`."""
    if content.kind == "credit_note":
        return _given_back(content)
    if is_to_pay(content):
        due = {"due": money(content.due, content.currency)}
        if not content.due_on:
            return _("%(due)s to pay") % due
        return _("%(due)s to pay by %(day)s") % {**due, "day": day(content.due_on)}
    if content.total < 0:
        kept = money(content.total.copy_abs(), content.currency)
        return _("Nothing to pay; %(kept)s stays as a credit for later invoices") % {"kept": kept}
    return _("Nothing to pay")


def is_to_pay(content: Content) -> bool:
    return content.kind == "invoice" and content.due > 0


def _given_back(content: Content) -> str:
    said = _("%(total)s given back") % {"total": money(content.total, content.currency)}
    return (
        _("%(said)s of invoice %(corrects)s") % {"said": said, "corrects": content.corrects}
        if content.corrects
        else said
    )


def day(on: date) -> str:
    """`1 April 2026`"""
    return _("%(day)s %(month)s %(year)s") % {
        "day": on.day,
        "month": words.month(on),
        "year": on.year,
    }


def days(begins: date, ends: date) -> str:
    """From `begins` up to and without `ends`: `10–30 April 2026`, `28 March – 3 April 2026`."""
    last = ends - _ONE_DAY
    if last <= begins:
        return day(begins)
    if begins.year != last.year:
        return f"{day(begins)} – {day(last)}"
    if begins.month != last.month:
        told = {"day": begins.day, "month": words.month(begins), "last": day(last)}
        return _("%(day)s %(month)s – %(last)s") % told
    return _("%(day)s–%(last)s") % {"day": begins.day, "last": day(last)}


def period(of: Period) -> str:
    """A month by its name, and any other span by its days."""
    return _span(of.begins, of.ends)


def service(line: Line) -> str:
    """When what is charged was done: `April 2026`, and of a part of it the days."""
    return _span(line.begins, line.ends)


def _span(begins: date, ends: date) -> str:
    whole = begins.day == 1 and ends == (begins + timedelta(days=31)).replace(day=1)
    return f"{words.month(begins)} {begins.year}" if whole else days(begins, ends)


def detail(line: Line) -> str:
    """What stands below its name; of an adjustment, that it is one."""
    if line.before is None:
        return line.detail
    return _("Correction: %(detail)s") % {"detail": line.detail} if line.detail else _("Correction")


def counted(line: Line) -> str:
    """`12,400 documents`; empty for what is not counted."""
    if line.quantity is None:
        return ""
    return f"{number(line.quantity)} {units(line.quantity, line.unit)}".strip()


def units(quantity: Decimal | None, one: str) -> str:
    """The unit as it follows a quantity: `document`, and `documents` for any but one. Symbols such as GB,
    and what is plural already, stay."""
    if quantity == 1 or not one or one.endswith("s") or one.isupper():
        return one
    return f"{one[:-1]}ies" if one.endswith("y") else f"{one}s"


def one_price(line: Line) -> Decimal | None:
    """The price of a unit where all units have the same: then quantity × price is all there is to say.

    None for what is not counted, is free in part, or was rated in tiers, packages or per cent.
    """
    if line.quantity is None or line.before is not None:
        return None
    if not line.steps:
        return line.unit_amount
    step = line.steps[0]
    is_all = len(line.steps) == 1 and step.kind == "units" and step.quantity == line.quantity
    return step.price if is_all and not step.above and step.up_to is None else None


def needs_explaining(line: Line) -> bool:
    """Whether there is more to say than the line itself shows."""
    if line.before is not None:
        return True
    is_fixed = len(line.steps) == 1 and line.steps[0].kind == "flat" and line.steps[0].above is None
    shown = is_fixed and line.steps[0].price == line.gross
    return bool(line.steps) and one_price(line) is None and not shown


def explained(line: Line, currency: str) -> tuple[str, ...]:
    """How the amount of a line came about, a sentence for each step, each to be checked by hand."""
    told = (together(line, currency), discounted(line, currency), changed(line, currency))
    return (*steps_said(line, currency), *(said for said in told if said))


def together(line: Line, currency: str) -> str:
    """`Together 12.3456, rounded to 12.35`; empty where one step says the amount as it is."""
    exact = add_up(step.amount for step in line.steps)
    rounded = round_money(exact, currency)
    if not line.steps or (len(line.steps) == 1 and exact == rounded):
        return ""
    said = amount(exact, currency)
    start = _("Together %(amount)s") % {"amount": said} if len(line.steps) > 1 else said
    return (
        start
        if exact == rounded
        else _("%(start)s, rounded to %(rounded)s")
        % {"start": start, "rounded": amount(rounded, currency)}
    )


def discounted(line: Line, currency: str) -> str:
    """`165.00 − 15.00 discount = 150.00`; empty without one."""
    if not line.discount:
        return ""
    gross, less, left = (amount(one, currency) for one in (line.gross, line.discount, line.amount))
    told = {"gross": gross, "less": f"{MINUS} {less}", "left": left}
    return _("%(gross)s %(less)s discount = %(left)s") % told


def lowered(line: Line, currency: str) -> str:
    """`less 15.50`, below the amount before the discount; empty without one."""
    return (
        _("less %(discount)s") % {"discount": amount(line.discount, currency)}
        if line.discount
        else ""
    )


def changed(line: Line, currency: str) -> str:
    """What an adjustment corrects: `Now 155.00 for March 2026; 100.00 was billed before, so 55.00 more`."""
    if line.before is None:
        return ""
    now = EXACT.add(line.before, line.amount)
    said, before, change = (
        amount(one, currency) for one in (now, line.before, line.amount.copy_abs())
    )
    told = {"said": said, "month": month(line.service), "before": before, "change": change}
    if line.amount >= 0:
        return (
            _("Now %(said)s for %(month)s; %(before)s was billed before, so %(change)s more") % told
        )
    return _("Now %(said)s for %(month)s; %(before)s was billed before, so %(change)s less") % told


def tax(of: Tax, currency: str) -> str:
    """`VAT, 20 % of $1,000.00`, or why there is none."""
    if of.treatment == "standard":
        return _("%(tax_name)s, %(percent)s %% of %(base)s") % {
            "tax_name": _tax_name(of),
            "percent": number(of.percent),
            "base": money(of.base, currency),
        }
    return _(_UNTAXED[of.treatment]).format(name=of.name or _("tax"))


def _tax_name(of: Tax) -> str:
    return of.name or _("Tax")


def credit_used(one: CreditUsed) -> str:
    return _("Paid with %(name)s") % {"name": one.name}


def credit_left(one: CreditUsed, currency: str) -> str:
    """`$40.00 left until 31 December 2026`; `used up`"""
    if not one.left:
        return _("used up")
    left = {"left": money(one.left, currency)}
    if not one.expires:
        return _("%(left)s left") % left
    return _("%(left)s left until %(day)s") % {**left, "day": day(one.expires)}
