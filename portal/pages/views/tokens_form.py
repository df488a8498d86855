"""What a person says of a new API token."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms

from portal.accounts.domain import tokens
from portal.accounts.models import Person
from portal.accounts.roles import PERMISSIONS
from portal.core import clock
from portal.customers.models import Customer

USUAL_DAYS = 90


class TokenForm(forms.Form):
    """A name, for whom, until when, and what it may do: what the person may give."""

    name = forms.CharField(max_length=80, help_text="The program that uses it: Nightly stock sync.")
    customer = forms.ModelChoiceField(
        Customer.objects.all(),
        required=False,
        label="Works for",
        empty_label="us: all customers",
        help_text="For one customer it sees what their own people see, and nothing else.",
    )
    expires_on = forms.DateField(
        label="Works until",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="The end of that day, UTC. A year at most.",
    )
    permissions = forms.MultipleChoiceField(
        label="May, for all customers", required=False, widget=forms.CheckboxSelectMultiple
    )
    own = forms.MultipleChoiceField(
        label="May, for one customer", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, person: Person) -> None:
        soon = clock.now().date() + timedelta(days=USUAL_DAYS)
        super().__init__(data, initial={"expires_on": soon})
        self.person = person
        grantable = {
            "permissions": tokens.grantable(person, customer_id=None),
            "own": tokens.grantable_for_one(person),
        }
        for field, may in grantable.items():
            known = [(name, words) for name, words in PERMISSIONS.items() if name in may]
            self.fields[field].choices = known  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        wanted, other = ("own", "permissions") if given.get("customer") else ("permissions", "own")
        if given.get(other):
            whom = given["customer"].name if given.get("customer") else "all customers"
            self.add_error(other, f"It works for {whom}: choose in the other list.")
        elif not given.get(wanted):
            self.add_error(wanted, "Choose at least one thing that it may do.")
        return given

    @property
    def groups(self) -> list[forms.BoundField]:
        return [self["permissions"], self["own"]]

    def make(self) -> tuple[tokens.ApiToken, str]:
        """The token and its text. TokenRefusedError with a sentence."""
        given = self.cleaned_data
        customer = given["customer"]
        end = datetime.combine(given["expires_on"], time.max, tzinfo=UTC)
        return tokens.new_token(
            self.person,
            name=given["name"],
            permissions=given["own"] if customer else given["permissions"],
            customer_id=customer.pk if customer else None,
            expires_at=end.replace(microsecond=0),
        )
