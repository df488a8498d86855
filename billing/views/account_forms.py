"""What a person enters about an account. Each form knows the account it is for."""

from typing import Any
from uuid import uuid4

from django import forms

from billing.domain import bill_to
from billing.models import Account, PlanVersion, Subscription, TaxRate
from billing.plans.month import month

MOST_RECIPIENTS = 20
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class Versions(forms.ModelChoiceField):
    """What is sold now: the newest version of each plan in the account's currency."""

    def __init__(self, account: Account) -> None:
        newest = PlanVersion.objects.filter(
            state=PlanVersion.State.PUBLISHED, plan__archived_at=None, content__currency=account.currency
        ).order_by("plan_id", "-number")  # fmt: skip
        found = PlanVersion.objects.filter(pk__in=newest.distinct("plan_id").values("pk"))
        super().__init__(
            found.select_related("plan").order_by("plan__is_addon", "plan__name"),
            label="Plan", empty_label="Choose a plan",
        )  # fmt: skip


class Having(forms.ModelChoiceField):
    """One of the account's subscriptions that has not ended."""

    def __init__(self, account: Account) -> None:
        found = Subscription.objects.filter(account=account, followed_by=None)
        super().__init__(
            found.select_related("version__plan").order_by("pk"), label="Plan", empty_label=None
        )

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.version)


class MonthField(forms.CharField):
    """A month as 2026-04."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-04", "size": 8})

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if text:
            try:
                month(text)
            except ValueError as error:
                raise forms.ValidationError(str(error)) from None
        return text


class AccountForm(forms.Form):
    """`key`, where there is one: so that it is kept once, however often it is sent."""

    def __init__(self, account: Account, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.account = account


class SubscribeForm(AccountForm):
    begins = forms.DateField(label="From", widget=_DATE)
    ends = forms.DateField(
        label="Until", required=False, widget=_DATE, help_text="The first day without it. Empty: no end."
    )  # fmt: skip

    def __init__(self, account: Account, *args: Any, **options: Any) -> None:
        super().__init__(account, *args, **options)
        self.fields = {"version": Versions(account), **self.fields}


class MoveForm(AccountForm):
    on = forms.DateField(label="From", widget=_DATE, help_text="The first of a month.")

    def __init__(self, account: Account, *args: Any, **options: Any) -> None:
        super().__init__(account, *args, **options)
        to = Versions(account)
        to.label = "To"
        self.fields = {"subscription": Having(account), "version": to, **self.fields}


class EndForm(AccountForm):
    on = forms.DateField(label="On", widget=_DATE, help_text="The first day without it.")

    def __init__(self, account: Account, *args: Any, **options: Any) -> None:
        super().__init__(account, *args, **options)
        self.fields = {"subscription": Having(account), **self.fields}


class DiscountForm(AccountForm):
    name = forms.CharField(label="Name", max_length=80, help_text="It stands on the bill.")
    percent = forms.DecimalField(label="Percent", required=False, max_digits=6, decimal_places=3)
    amount = forms.DecimalField(
        label="or amount", required=False, max_digits=18, decimal_places=4, help_text="A month."
    )
    begins = MonthField(label="From")
    until = MonthField(label="Last month", required=False, help_text="Empty: until the plan ends.")
    reason = forms.CharField(label="Why", max_length=300)

    def __init__(self, account: Account, *args: Any, **options: Any) -> None:
        super().__init__(account, *args, **options)
        self.fields = {"subscription": Having(account), **self.fields}


class OnceForm(AccountForm):
    name = forms.CharField(label="What for", max_length=120)
    day = forms.DateField(label="On", widget=_DATE, help_text="Billed with its month.")
    quantity = forms.DecimalField(label="Quantity", initial=1, max_digits=18, decimal_places=4)
    unit = forms.CharField(label="Unit", initial="piece", max_length=30)
    unit_amount = forms.DecimalField(label="Each", max_digits=18, decimal_places=4)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64, initial=lambda: uuid4().hex)


class PrepayForm(AccountForm):
    name = forms.CharField(
        label="What for", max_length=160, help_text="It stands on bills that use it."
    )
    amount = forms.DecimalField(label="Amount", max_digits=18, decimal_places=4)
    expires = forms.DateField(
        label="Last day", required=False, widget=_DATE, help_text="Empty: it does not expire."
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=64, initial=lambda: uuid4().hex)


class CapForm(AccountForm):
    amount = forms.DecimalField(
        label="At most", required=False, max_digits=18, decimal_places=4,
        help_text="A month, before tax, one-off charges aside. Empty: no cap from then on.",
    )  # fmt: skip
    begins = MonthField(label="From")


class WatchForm(AccountForm):
    budget = forms.DecimalField(
        label="Budget", required=False, max_digits=14, decimal_places=4,
        help_text="What they mean to spend a month. Nothing is stopped.",
    )  # fmt: skip
    alert_at = forms.CharField(
        label="Tell at", required=False, max_length=60, help_text="Percent of it, such as 50, 80, 100."
    )  # fmt: skip

    def clean_alert_at(self) -> list[int]:
        parts = self.cleaned_data["alert_at"].replace(",", " ").replace("%", " ").split()
        for one in parts:
            if not (one.isascii() and one.isdigit() and len(one) <= 3):
                raise forms.ValidationError(f"{one} is no percentage. Write them like 50, 80, 100.")
        return [int(one) for one in parts]


class BillToForm(AccountForm):
    """Whose invoices, where they go and how they are taxed."""

    name = forms.CharField(label="Name", max_length=120)
    address = forms.CharField(
        label="Address", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    reference = forms.CharField(
        label="Reference", required=False, max_length=80, help_text="Their order number, say."
    )
    recipients = forms.CharField(
        label="Mail to", required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One address a line.",
    )  # fmt: skip
    treatment = forms.ChoiceField(label="Tax", choices=Account.Treatment.choices)
    tax_code = forms.ChoiceField(label="Rate", required=False)
    tax_number = forms.CharField(label="Tax number", required=False, max_length=40)
    exempt_reason = forms.CharField(
        label="Exempt, why", required=False, max_length=200, help_text="It stands on the bill."
    )
    currency = forms.CharField(
        label="Currency", max_length=3, help_text="Stays, once there is a plan or an invoice."
    )

    def __init__(self, account: Account, *args: Any, **options: Any) -> None:
        given = {name: getattr(account, name) for name in self.base_fields if name != "recipients"}
        given["recipients"] = "\n".join(account.recipients)
        super().__init__(account, *args, initial=given, **options)
        codes = TaxRate.objects.order_by("code", "-begins").distinct("code")
        rates = [(one.code, one.name) for one in codes]
        rate: Any = self.fields["tax_code"]
        rate.choices = [("", "none"), *rates]
        self.fields["currency"].disabled = not bill_to.may_change_currency(account)

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).strip().upper()

    def clean_recipients(self) -> list[str]:
        given = self.cleaned_data["recipients"].replace(",", "\n").split()
        if len(given) > MOST_RECIPIENTS:
            raise forms.ValidationError(f"At most {MOST_RECIPIENTS} addresses.")
        for address in given:
            try:
                forms.EmailField().clean(address)
            except forms.ValidationError:
                raise forms.ValidationError(f"{address} is no mail address.") from None
        return list(dict.fromkeys(given))

    def clean(self) -> dict[str, Any]:
        """What each treatment needs, so that the next run does not stop at it."""
        given = super().clean() or {}
        needed = {"standard": "tax_code", "reverse_charge": "tax_number", "exempt": "exempt_reason"}
        name = needed.get(given.get("treatment", ""))
        if name and name in given and not given[name]:
            self.add_error(name, "It is needed for this tax. Enter it, or choose another tax.")
        return given
