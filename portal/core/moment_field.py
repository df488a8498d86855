"""When something shall happen: a time to come, as a person writes it."""

from datetime import datetime, timedelta
from typing import Any, Final

from django import forms

from portal.core import clock

AHEAD: Final = timedelta(days=366)
OVER: Final = "That time is over: choose one that is to come."
TOO_FAR: Final = "Choose a time within a year from now."


def objection(at: datetime) -> str:
    """What is wrong with a moment for something to come; "" for a good one."""
    now = clock.now()
    if at <= now:
        return OVER
    return TOO_FAR if at > now + AHEAD else ""


class MomentField(forms.DateTimeField):
    """A moment within the next year, in the zone of whoever writes it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        wrong = objection(value) if value else ""
        if wrong:
            raise forms.ValidationError(wrong)
