"""What a person enters to do one thing to many cases. `terms` is what the verb is told."""

from typing import Any

from django import forms

from monitoring.models import Team
from monitoring.remedies.waiting import in_hours
from portal.accounts.models import Person
from portal.core.moment_field import MomentField

Terms = dict[str, Any]
_LONG = forms.TextInput(attrs={"class": "long"})
_TAG = forms.TextInput(attrs={"placeholder": "promo, vendor"})


class PlainForm(forms.Form):
    """Nothing to say."""

    def terms(self) -> Terms:
        return {}


class AssignForm(forms.Form):
    """A person, a team, or nobody."""

    to = forms.ChoiceField(label="to", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", "nobody"), *holders()]  # type: ignore[attr-defined]

    def terms(self) -> Terms:
        return holder(self.cleaned_data["to"])


def colleagues() -> Any:
    """The partner's people who work on cases."""
    people = Person.objects.filter(is_active=True, customer_id=None)
    return people.filter(role__permissions__contains="desk.work").order_by("name", "pk")


def holders() -> list[tuple[str, list[tuple[str, str]]]]:
    """Everybody a case can be assigned to, for a select."""
    groups = (("person", "People", colleagues()), ("team", "Teams", Team.objects.all()))
    return [
        (label, [(f"{kind}:{one.pk}", one.name) for one in found])
        for kind, label, found in groups
        if found
    ]


def holder(chosen: str) -> Terms:
    """person:3 → {person: 3}; nothing for nobody."""
    kind, _, pk = chosen.partition(":")
    return {kind: int(pk)} if pk else {}


class TagForm(forms.Form):
    """Tags to add and to take away, with commas between them."""

    add = forms.CharField(label="with", max_length=200, required=False, widget=_TAG)
    remove = forms.CharField(label="and take away", max_length=200, required=False)

    def terms(self) -> Terms:
        return {name: _tags(self.cleaned_data[name]) for name in ("add", "remove")}


def _tags(text: str) -> list[str]:
    return sorted({one.strip().lower() for one in text.split(",") if one.strip()})


class ManyWaitForm(forms.Form):
    """On whom, and why."""

    on = forms.ChoiceField(
        label="on", choices=[("customer", "the customer"), ("third_party", "a third party")]
    )
    reason = forms.CharField(label="because", max_length=200, widget=_LONG)

    def terms(self) -> Terms:
        return {name: self.cleaned_data[name] for name in ("on", "reason")}


class ManySnoozeForm(forms.Form):
    """Until when, in the person's zone."""

    until = MomentField(label="until", initial=lambda: in_hours(2))
    reason = forms.CharField(label="because", max_length=150, required=False, widget=_LONG)

    def terms(self) -> Terms:
        given = self.cleaned_data
        return {"until": given["until"].isoformat(), "reason": given["reason"]}


class ManySkipForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label="because",
        max_length=200,
        widget=_LONG,
        error_messages={"required": "Say why: it stands in the history of every document."},
    )

    def terms(self) -> Terms:
        return {"reason": self.cleaned_data["reason"]}


FORMS: dict[str, type[Any]] = {
    "acknowledge": PlainForm,
    "assign": AssignForm,
    "tag": TagForm,
    "wait": ManyWaitForm,
    "snooze": ManySnoozeForm,
    "take_up": PlainForm,
    "retry": PlainForm,
    "skip": ManySkipForm,
}
