"""When the truck leaves a warehouse, as a form and in words."""

from typing import Any

from django import forms

from integrations.cutoffs import pickup_faults, pickup_from
from integrations.models import Endpoint


class PickupForm(forms.Form):
    """All of it may stay empty. `site`: the code entered beside it."""

    time = forms.TimeField(
        label="Pickup",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="When the last truck of a day leaves. Held orders say how long they have.",
    )
    zone = forms.CharField(
        label="Time zone of the pickup",
        required=False,
        max_length=60,
        help_text="Such as America/Denver; the customer's if left empty.",
    )
    days = forms.CharField(
        label="Days of the pickup",
        required=False,
        max_length=40,
        help_text="Such as mon-sat or mon,wed,fri; mon-fri if left empty.",
    )
    transit_days = forms.IntegerField(
        label="Days on the way",
        required=False,
        help_text="Working days to the door; 3 if left empty.",
    )

    def __init__(self, data: Any = None, *, stored: dict[str, Any], site: str) -> None:
        super().__init__(data, prefix="pickup", initial=stored)
        self._site = site

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        given = self.pickup
        faults = list(pickup_faults(given)) if given else []
        if given and not self._site:
            faults.append(("time", "A pickup is that of a site. Give the site its code."))
        for key, text in faults:
            if key not in self.errors:
                self.add_error(key, text)
        return cleaned

    @property
    def pickup(self) -> dict[str, Any]:
        """What was entered, as endpoints keep it."""
        given = {name: v for name, v in self.cleaned_data.items() if v not in (None, "")}
        if "time" in given:
            given["time"] = f"{given['time']:%H:%M}"
        return given


def pickup_words(endpoint: Endpoint) -> str:
    """14:00 America/Denver, mon-fri, 3 working days to the door. Empty without a pickup."""
    if not endpoint.pickup:
        return ""
    found = pickup_from(endpoint.pickup, site=endpoint.site, zone=endpoint.customer.time_zone)
    days = endpoint.pickup.get("days") or "mon-fri"
    way = "1 working day" if found.transit_days == 1 else f"{found.transit_days} working days"
    return f"{found.at:%H:%M} {found.zone.key}, {days}, {way} to the door"
