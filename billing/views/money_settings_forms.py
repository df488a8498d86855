"""What a person enters about how money is billed here."""

from typing import Any

from django import forms

from billing.models import ExchangeRate, LegalEntity, TaxRate
from portal.core import zones
from portal.core.currencies import MINOR_UNITS
from portal.core.decimals import plain_number

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def currency(text: Any) -> str:
    """The three letters of a currency. ValidationError for others."""
    letters = str(text).strip().upper()
    if letters not in MINOR_UNITS:
        raise forms.ValidationError(
            f"{letters} is no currency. Write its three letters, such as EUR."
        )
    return letters


class EntityForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who stands on invoices, their numbers, and what it costs to serve."""

    time_zone = forms.ChoiceField(label="Time zone")

    class Meta:
        model = LegalEntity
        fields = (
            "name", "address", "tax_number", "pay_to", "terms", "currency", "time_zone", "prefix",
            "credit_prefix", "due_days", "late_months", "hour_cost", "month_cost", "margin_floor",
            "second_person",
        )  # fmt: skip
        labels = {
            "name": "Legal name", "pay_to": "Pay to", "terms": "Below the sum", "prefix": "Invoice numbers",
            "credit_prefix": "Credit notes", "due_days": "Paid within", "late_months": "Late usage",
            "hour_cost": "An operator's hour", "month_cost": "Running it, a month",
            "margin_floor": "Margin floor", "second_person": "A second person publishes prices",
        }  # fmt: skip
        help_texts = {
            "prefix": "What stands before each number. Numbers have no gaps.", "due_days": "Days.",
            "hour_cost": "For the true margin.", "month_cost": "Shared by documents.",
            "margin_floor": "Percent: a true margin below it opens a case.",
            "late_months": "So many closed months still take usage.", "credit_prefix": "",
        }  # fmt: skip
        widgets = {
            "address": forms.Textarea(attrs={"rows": 3}),
            "pay_to": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        zone: Any = self.fields["time_zone"]
        zone.choices = zones.choices(self.instance.time_zone)

    def clean_currency(self) -> str:
        return currency(self.cleaned_data["currency"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("prefix") and given.get("prefix") == given.get("credit_prefix"):
            self.add_error("credit_prefix", "Take another one: numbers would be given out twice.")
        for name in ("hour_cost", "month_cost"):
            if given.get(name) is not None and given[name] < 0:
                self.add_error(name, "A cost is not below 0.")
        return given


class TaxRateForm(forms.ModelForm):  # type: ignore[type-arg]
    """A rate from a day on; one of the same code and day is replaced."""

    class Meta:
        model = TaxRate
        fields = ("code", "name", "percent", "begins")
        labels = {"name": "On bills", "begins": "From"}
        help_texts = {"code": "A short name of yours, such as vat.", "name": "Such as VAT 19 %."}
        widgets = {"begins": _DATE}

    def clean_percent(self) -> Any:
        percent = self.cleaned_data["percent"]
        if not 0 <= percent <= 100:
            raise forms.ValidationError("A rate is from 0 to 100 percent.")
        return percent

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        key: dict[str, Any] = {name: given.get(name) for name in ("code", "begins")}
        self.instance = TaxRate.objects.filter(**key).first() or self.instance
        return given

    def keep(self) -> str:
        return f"{self.save().name} holds for invoices from then on. What is final stays"


class ExchangeRateForm(forms.ModelForm):  # type: ignore[type-arg]
    """What one currency is worth in another from a day on; one of the same day is replaced."""

    class Meta:
        model = ExchangeRate
        fields = ("base", "quote", "rate", "begins", "source")
        labels = {"base": "1 of", "quote": "is, in", "rate": "so much", "begins": "From"}
        help_texts = {"source": "Where the rate is from."}
        widgets = {"begins": _DATE}

    def clean_base(self) -> str:
        return currency(self.cleaned_data["base"])

    def clean_quote(self) -> str:
        return currency(self.cleaned_data["quote"])

    def clean_rate(self) -> Any:
        rate = self.cleaned_data["rate"]
        if rate <= 0:
            raise forms.ValidationError("A rate is above 0.")
        return rate

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("base") and given.get("base") == given.get("quote"):
            self.add_error("quote", "Take another currency: it is worth 1 of itself.")
        key: dict[str, Any] = {name: given.get(name) for name in ("base", "quote", "begins")}
        self.instance = ExchangeRate.objects.filter(**key).first() or self.instance
        return given

    def keep(self) -> str:
        made = self.save()
        return f"1 {made.base} is {plain_number(made.rate)} {made.quote} from then on"


class SourceForm(forms.Form):
    """A system that may send usage."""

    name = forms.CharField(label="Name", max_length=80)
    code = forms.SlugField(
        label="Code", max_length=30, help_text="Its name in short: small letters."
    )
