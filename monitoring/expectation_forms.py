"""What a person enters about an expectation, and about days that are not as usual."""

import re
from typing import Any, Final

from django import forms

from monitoring.expect.profile_json import schedule_of
from monitoring.expect.schedule import LONGEST, Daily, Every, Schedule
from monitoring.expect.words import WEEKDAY_NAMES
from monitoring.models import Expectation
from portal.customers.calendar import as_time
from portal.customers.durations import duration_text, read_duration
from portal.customers.models import Customer

_WINDOW: Final = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_MOST_LAG: Final = 60 * 24 * 365
_SHORT: Final = {"size": 14, "autocomplete": "off"}
_MODES: Final = (
    ("learned", "As learned from what came"),
    ("given", "As agreed below"),
    ("off", "Nothing is expected"),
)


class ExpectationForm(forms.Form):
    """How one thing is expected. After `is_valid`, `terms` are what `expectation_settings.change` takes."""

    mode = forms.ChoiceField(label="Expect it", choices=_MODES, widget=forms.RadioSelect)
    every = forms.CharField(
        required=False, label="Every", help_text="Such as 1 h or 15 min.",
        widget=forms.TextInput(attrs=_SHORT),
    )  # fmt: skip
    window = forms.CharField(
        required=False, label="Or once a day", help_text="Such as 22:00–23:30, in the customer's zone.",
        widget=forms.TextInput(attrs=_SHORT),
    )  # fmt: skip
    weekdays = forms.MultipleChoiceField(
        required=False, label="On", choices=[*enumerate(WEEKDAY_NAMES)],
        widget=forms.CheckboxSelectMultiple, help_text="Every day when none is chosen.",
    )  # fmt: skip
    lag = forms.CharField(
        required=False, label="Within", help_text="Such as 4 h, from when it is awaited.",
        widget=forms.TextInput(attrs=_SHORT),
    )  # fmt: skip
    grace = forms.CharField(
        required=False, label="And wait", help_text="Longer before anybody is told, such as 15 min.",
        widget=forms.TextInput(attrs=_SHORT),
    )  # fmt: skip
    in_hours = forms.BooleanField(required=False, label="Count the customer's working hours only")
    reason = forms.CharField(
        max_length=200,
        help_text="For whoever asks later.",
        widget=forms.TextInput(attrs={"size": 40}),
    )

    def __init__(self, data: Any = None, *, expectation: Expectation) -> None:
        super().__init__(data, initial=_initial(expectation))
        self.expectation = expectation
        unfit = ("every", "window", "weekdays") if expectation.is_leg else ("lag",)
        for name in unfit:
            del self.fields[name]

    def clean_grace(self) -> int:
        return self._minutes("grace", most=LONGEST) or 0

    def clean_lag(self) -> int | None:
        return self._minutes("lag", most=_MOST_LAG)

    def clean_every(self) -> int | None:
        return self._minutes("every", most=LONGEST)

    def _minutes(self, name: str, *, most: int) -> int | None:
        text = self.cleaned_data[name].strip()
        if not text:
            return None
        minutes = read_duration(text)
        if minutes is None:
            raise forms.ValidationError(f"{text} is no length of time. Write it like 1 h 30.")
        if minutes > most:
            raise forms.ValidationError(f"At most {duration_text(most)}.")
        return minutes

    def clean_window(self) -> tuple[int, int] | None:
        text = self.cleaned_data["window"].strip()
        if not text:
            return None
        found = _WINDOW.fullmatch(text)
        if not found:
            raise forms.ValidationError("Write a window like 22:00–23:30.")
        hour, minute, to_hour, to_minute = map(int, found.groups())
        if minute > 59 or to_minute > 59:
            raise forms.ValidationError("Write a window like 22:00–23:30.")
        return hour * 60 + minute, to_hour * 60 + to_minute

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("mode") != "given" or self.errors:
            return given
        if self.expectation.is_leg:
            if not given.get("lag"):
                self.add_error("lag", "Say within what time it was agreed.")
        elif bool(given.get("every")) == bool(given.get("window")):
            self.add_error("every", "Give either how often, or a window of the day.")
        else:
            self._check_schedule(given)
        return given

    def _check_schedule(self, given: dict[str, Any]) -> None:
        try:
            _schedule(given)
        except ValueError as error:
            self.add_error("every" if given.get("every") else "window", str(error))

    def terms(self) -> dict[str, Any]:
        given = self.cleaned_data
        agreed = given["mode"] == Expectation.Mode.GIVEN
        return {
            "mode": given["mode"],
            "schedule": _schedule(given) if agreed and not self.expectation.is_leg else None,
            "lag_minutes": given.get("lag") if agreed else None,
            "grace_minutes": given["grace"] if agreed else 0,
            "in_hours": given["in_hours"],
            "reason": given["reason"].strip(),
        }


def _schedule(given: dict[str, Any]) -> Schedule:
    if given.get("every"):
        return Every(given["every"], grace=given["grace"], in_hours=given["in_hours"])
    begins, ends = given["window"]
    chosen = frozenset(map(int, given["weekdays"])) or frozenset(range(7))
    return Daily(begins, ends, weekdays=chosen, grace=given["grace"])


def _initial(one: Expectation) -> dict[str, Any]:
    """What was agreed; else what was learned, to begin with."""
    found: dict[str, Any] = {"mode": one.mode, "in_hours": one.in_hours}
    if one.is_leg:
        minutes = one.lag_minutes or (round(one.lag["due"]) if one.lag else None)
        grace = one.grace_minutes if one.lag_minutes else 0
        return {**found, "lag": duration_text(minutes) if minutes else "", "grace": _text(grace)}
    kept = one.schedule or one.rhythm
    if not kept:
        return found
    schedule = schedule_of(kept)
    found["grace"] = _text(round(schedule.grace))
    if isinstance(schedule, Every):
        return {
            **found,
            "every": duration_text(round(schedule.minutes)),
            "in_hours": schedule.in_hours,
        }
    window = f"{as_time(schedule.begins)}–{as_time(schedule.ends)}"
    return {**found, "window": window, "weekdays": sorted(schedule.weekdays)}


def _text(minutes: int) -> str:
    return duration_text(minutes) if minutes else ""


class MarkForm(forms.Form):
    """Days of a customer that are not as usual."""

    customer = forms.ModelChoiceField(Customer.objects.none(), empty_label="choose")
    first = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="To", widget=forms.DateInput(attrs={"type": "date"}))
    factor = forms.DecimalField(
        required=False, min_value=0, max_digits=6, decimal_places=2, label="Times the usual",
        help_text="2.5 for a promotion, 0 for a day without anything. Empty: nobody knows.",
        widget=forms.NumberInput(attrs={"step": "0.05", "size": 8}),
    )  # fmt: skip
    reason = forms.CharField(max_length=120, help_text="Such as Spring sale or Stocktake.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = Customer.objects.order_by("name")  # type: ignore[attr-defined]
