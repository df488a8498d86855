"""What a person enters to do one thing to many cases. `terms` is what the verb is told."""

from typing import Any

from django import forms

from monitoring.forms import ReasonForm, SnoozeForm, WaitForm
from monitoring.models import Team
from monitoring.remedies.waiting import in_hours
from portal.accounts.models import Person

Terms = dict[str, Any]
_TAG = forms.TextInput(attrs={"placeholder": "promo, vendor"})


class PlainForm(forms.Form):
    """Nothing to say."""

    def terms(self) -> Terms:
        return {}


class AssignForm(forms.Form):
    """A person, a team, or nobody."""

    to = forms.ChoiceField(label="To", required=False)

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

    add = forms.CharField(label="Add", max_length=200, required=False, widget=_TAG)
    remove = forms.CharField(label="and take away", max_length=200, required=False)

    def terms(self) -> Terms:
        return {name: _tags(self.cleaned_data[name]) for name in ("add", "remove")}


def _tags(text: str) -> list[str]:
    return sorted({one.strip().lower()[:30] for one in text.split(",") if one.strip()})


class ManyWaitForm(WaitForm):
    up_to = None  # type: ignore[assignment]  # the list itself is frozen

    def terms(self) -> Terms:
        return {name: self.cleaned_data[name] for name in ("on", "reason")}


class ManySnoozeForm(SnoozeForm):
    up_to = None  # type: ignore[assignment]  # the list itself is frozen

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].initial = in_hours(2)

    def terms(self) -> Terms:
        given = self.cleaned_data
        return {"until": given["until"].isoformat(), "reason": given["reason"]}


class ManySkipForm(ReasonForm):
    up_to = None  # type: ignore[assignment]  # the list itself is frozen

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
