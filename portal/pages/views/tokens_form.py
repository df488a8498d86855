"""What a person says of a new API token."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q

from integrations.domain.applications import CONNECTOR
from integrations.models import Endpoint, Resource
from portal.accounts.domain import tokens
from portal.accounts.models import Person
from portal.accounts.roles import PERMISSIONS
from portal.core import clock
from portal.customers.models import Customer
from portal.pages.views import people_words

USUAL_DAYS = 90
_PUBLISHED = Resource.objects.filter(endpoint=OuterRef("pk"), state=Resource.State.PUBLISHED)
# The lists of what a token may do: for all customers, for one, as an application or for a system.
_LISTS = ("permissions", "own", "hub")


class TokenForm(forms.Form):
    """A name, for whom, until when, and what it may do: what the person may give.

    The key of an application works for the application's customer, whoever is chosen beside it.
    """

    name = forms.CharField(max_length=80, help_text="The program that uses it: Nightly stock sync.")
    customer = forms.ModelChoiceField(
        Customer.objects.all(),
        required=False,
        label="Works for",
        empty_label="us: all customers",
        help_text="For one customer it sees what their own people see, and nothing else.",
    )
    application = forms.ModelChoiceField(
        Endpoint.objects.filter(Q(connector=CONNECTOR) | Exists(_PUBLISHED)),
        required=False,
        label="As the application, or for the system",
        empty_label="none",
        help_text="It puts that application's orders, and reads its orders, stock and events. Of another"
        " system it reaches the published resources and nothing else.",
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
    hub = forms.MultipleChoiceField(
        label="May, as an application or for a system",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, person: Person) -> None:
        soon = clock.now().date() + timedelta(days=USUAL_DAYS)
        super().__init__(data, initial={"expires_on": soon})
        self.person = person
        grantable = {
            "permissions": tokens.grantable(person, customer_id=None),
            "own": tokens.grantable_for_one(person),
            "hub": tokens.grantable_for_application(person),
        }
        for field, may in grantable.items():
            known = [(name, words) for name, words in PERMISSIONS.items() if name in may]
            self.fields[field].choices = known  # type: ignore[attr-defined]
        if person.is_limited:
            self.fields["permissions"].choices = []  # type: ignore[attr-defined]
            self.fields["customer"].empty_label = "choose one"  # type: ignore[attr-defined]
            self.fields["customer"].help_text = tokens.NOT_FOR_ALL

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        application, customer = given.get("application"), given.get("customer")
        if application and customer and application.customer_id != customer.pk:
            text = f"{application.label} is an application of {application.customer.name}."
            self.add_error("application", text)
        if self.person.is_limited and not application and not customer:
            if "customer" not in self.errors:
                self.add_error("customer", tokens.NOT_FOR_ALL)
            self.errors.pop("permissions", None)
            return given
        wanted = "hub" if application else "own" if customer else "permissions"
        for other in set(_LISTS) - {wanted}:  # the page shows the list that counts
            self.errors.pop(other, None)
        if application and wanted not in self.errors:
            self._check_kind(application, set(given.get("hub") or ()))
        if not given.get(wanted) and wanted not in self.errors:
            self.add_error(wanted, "Choose at least one thing that it may do.")
        return given

    def _check_kind(self, endpoint: Endpoint, wanted: set[str]) -> None:
        """An application works on the hub, another system has resources; neither does what the other does."""
        is_application = endpoint.connector == CONNECTOR
        fits = tokens.OF_AN_APPLICATION if is_application else tokens.OF_A_SYSTEM
        if strange := sorted(wanted - fits.keys()):
            kind = "an application" if is_application else "no application"
            self.add_error("hub", f"{endpoint.label} is {kind}: {strange[0]} is nothing for it.")

    @property
    def has_applications(self) -> bool:
        return self.fields["application"].queryset.exists()  # type: ignore[attr-defined, no-any-return]

    @property
    def lists(self) -> list[dict[str, Any]]:
        """[{field, areas: [{area, boxes}]}]: each list of what a token may do, in the order of the rail."""
        shown = _LISTS if self.has_applications else _LISTS[:2]
        return [
            {"field": self[name], "areas": _areas(self[name])}
            for name in (shown[1:] if self.person.is_limited else shown)
        ]

    def make(self) -> tuple[tokens.ApiToken, str]:
        """The token and its text. TokenRefusedError with a sentence."""
        given = self.cleaned_data
        application = given["application"]
        customer = application.customer if application else given["customer"]
        wanted = given["hub"] if application else given["own"] if customer else given["permissions"]
        end = datetime.combine(given["expires_on"], time.max, tzinfo=UTC)
        return tokens.new_token(
            self.person,
            name=given["name"],
            permissions=wanted,
            customer_id=customer.pk if customer else None,
            endpoint_id=application.pk if application else None,
            expires_at=end.replace(microsecond=0),
        )


def _areas(field: forms.BoundField) -> list[dict[str, Any]]:
    boxes = {box.data["value"]: box for box in field.subwidgets}
    return [
        {"area": area, "boxes": [boxes[right] for right in rights]}
        for area, rights in people_words.by_area(boxes)
    ]
