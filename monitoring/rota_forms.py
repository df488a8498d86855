"""What a person enters for a rota and for a swap."""

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from monitoring.alert_fields import LocalTimeField, ZoneField, people
from monitoring.models import Rota
from portal.accounts.models import Person
from portal.core import clock
from portal.core.moment_field import MomentField

NAME_TAKEN: Final = "There is a rota of this name: choose another."
PLACES: Final = 8
_FARTHEST: Final = timedelta(days=5 * 366)


class RotaForm(forms.Form):
    """A name, when people hand over, and in which order."""

    name = forms.CharField(max_length=60)
    every = forms.ChoiceField(label="They hand over", choices=Rota.Every.choices)
    first_on = forms.DateField(
        label="First on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="The first person begins then; for weeks, its weekday is the day of handing over.",
    )
    minute = LocalTimeField(label="At")
    time_zone = ZoneField()

    def __init__(self, data: Any, *, rota: Rota, zone: str) -> None:
        super().__init__(data, initial=_initial(rota, zone))
        self.fields["time_zone"] = ZoneField(
            label="By the clock of", kept=self.initial["time_zone"]
        )
        self.rota = rota
        choices = [("", "nobody"), *((str(one.pk), one.name) for one in people())]
        for n in range(PLACES):
            self.fields[f"member_{n}"] = forms.ChoiceField(
                label=f"Place {n + 1}", required=False, choices=choices
            )

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if Rota.objects.exclude(pk=self.rota.pk).filter(name__iexact=name).exists():
            raise ValidationError(NAME_TAKEN)
        return name

    def clean_first_on(self) -> Any:
        first = self.cleaned_data["first_on"]
        if abs(first - clock.now().date()) > _FARTHEST:
            raise ValidationError("Choose a day within five years of today.")
        return first

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not any(given.get(f"member_{n}") for n in range(PLACES)):
            self.add_error("member_0", "Choose at least one person.")
        return given

    def apply(self) -> Rota:
        """The rota as the form has it, not saved."""
        for name in ("name", "every", "first_on", "minute", "time_zone"):
            setattr(self.rota, name, self.cleaned_data[name])
        return self.rota

    def members(self) -> list[Any]:
        """The people in their order."""
        chosen = [self.cleaned_data[f"member_{n}"] for n in range(PLACES)]
        known = people().in_bulk([int(pk) for pk in chosen if pk])
        return [known[int(pk)] for pk in chosen if pk]


def _initial(rota: Rota, zone: str) -> dict[str, Any]:
    if not rota.pk:
        return {
            "every": Rota.Every.WEEKLY, "time_zone": zone, "minute": 540,
            "first_on": clock.now().date(),
        }  # fmt: skip
    names = ("name", "every", "first_on", "minute", "time_zone")
    members = rota.members.values_list("person_id", flat=True)[:PLACES]
    places = {f"member_{n}": str(pk) for n, pk in enumerate(members)}
    return {**{name: getattr(rota, name) for name in names}, **places}


class SwapForm(forms.Form):
    """Who, from when until when."""

    person = forms.ModelChoiceField(Person.objects.none(), label="On call is", empty_label=None)
    begins_at = MomentField(label="From", required=False, help_text="Empty: from now on.")
    ends_at = MomentField(label="Until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people()  # type: ignore[attr-defined]
