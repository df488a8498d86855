"""Which tax an account pays, by what stands in the table of rates on a day."""

from datetime import date
from decimal import Decimal
from typing import Final

from billing.models import Account, TaxRate
from billing.plans.totals import TaxTerms

REVERSE: Final = "Reverse charge: the recipient accounts for the tax."
_ZERO = Decimal(0)
Treatment = Account.Treatment


class NoTaxError(ValueError):
    """It is not known which tax is due; the text says what to enter."""


def terms(account: Account, *, on: date) -> TaxTerms:
    """The tax on a day. NoTaxError for a code without a rate then, for a reverse charge without a tax
    number, and for an exemption without a reason."""
    match account.treatment:
        case Treatment.STANDARD:
            rate = _rate(account, on)
            return TaxTerms("standard", rate.name, rate.percent)
        case Treatment.REVERSE_CHARGE:
            if not account.tax_number:
                raise NoTaxError(f"A reverse charge needs the tax number of {account.name}.")
            return TaxTerms("reverse_charge", "Reverse charge", _ZERO, REVERSE)
        case Treatment.EXEMPT:
            if not account.exempt_reason:
                raise NoTaxError(f"Say why {account.name} is exempt: it stands on the invoice.")
            return TaxTerms("exempt", "Exempt", _ZERO, account.exempt_reason)
    return TaxTerms("none", "No tax", _ZERO)


def _rate(account: Account, on: date) -> TaxRate:
    found = (
        TaxRate.objects.filter(code=account.tax_code, begins__lte=on).order_by("-begins").first()
    )
    if found is None:
        raise NoTaxError(
            f"There is no tax rate {account.tax_code or 'chosen'} for {account.name} on {on:%-d %b %Y}."
        )
    return found
