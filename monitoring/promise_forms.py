"""What a person enters about promises: other terms, and time that shall not count."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms

from monitoring import slo
from monitoring.domain.objectives import USUAL
from monitoring.models import Exclusion
from portal.core import clock
from portal.customers.durations import length_text, read_length
from portal.customers.local_time import instant
from portal.customers.models import Customer

_SHORT: Final = {"size": 8, "autocomplete": "off"}
_SECOND: Final = timedelta(seconds=1)
_MINUTE: Final = timedelta(minutes=1)
WEEKDAYS: Final = 7
_YEARS_AWAY: Final = 5


class DurationField(forms.CharField):
    """`5 s`, `15 min`, `1 h 30`, `3 d` as a timedelta, in whole `step`s."""

    def __init__(self, *, step: timedelta = _SECOND, **kwargs: Any) -> None:
        self.step = step
        super().__init__(max_length=20, widget=forms.TextInput(attrs=_SHORT), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return length_text(value) if isinstance(value, timedelta) else value

    def clean(self, value: Any) -> timedelta | None:
        text = super().clean(value)
        if not text:
            return None
        length = read_length(text)
        if not length or length % self.step:
            short = "5 s, " if self.step == _SECOND else ""
            raise forms.ValidationError(f"Write it like {short}15 min, 1 h 30 or 3 d.")
        return length


class TermsForm(forms.Form):
    """Target and limits of a promise, as `domain.objectives.changed` takes them."""

    target = forms.DecimalField(
        label="Promised", min_value=Decimal("0.01"), max_value=100, max_digits=7, decimal_places=4,
        widget=forms.TextInput(attrs={**_SHORT, "inputmode": "decimal"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, promise: slo.Objective) -> None:
        super().__init__(data)
        self.promise = promise
        self.fields["target"].help_text = f"Percent of {promise.sli.unit}."
        self.initial["target"] = f"{(promise.target * 100).normalize():f}"
        for grade, limit in promise.limits.items():
            label = f"Within, S{grade}" if grade else "Within"
            self.fields[f"limit{grade}"] = DurationField(label=label)
            self.initial[f"limit{grade}"] = limit
        limits = [f"limit{grade}" for grade in promise.limits]
        self.order_fields(["target", *limits, "judged_by", "since", "why", "withdraw"])

    @property
    def terms(self) -> dict[str, Any]:
        """`target` and `limits`, once valid."""
        limits = {grade: self.cleaned_data[f"limit{grade}"] for grade in self.promise.limits}
        return {"target": self.cleaned_data["target"] / 100, "limits": limits}


class ChangeForm(TermsForm):
    """Other terms, from when on, and why."""

    judged_by = forms.ChoiceField(
        label="What counts",
        choices=[("gross", "every miss"), ("attributable", "our misses only")],
    )
    since = forms.ChoiceField(label="From")
    withdraw = forms.BooleanField(label="Promise nothing of it any more", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)
    why = forms.CharField(
        label="Why", max_length=300, help_text="Who reads the figures later has to know.",
        widget=forms.TextInput(attrs={"class": "full"}),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, promise: slo.Objective, version: int, windows: Mapping[str, str]
    ) -> None:
        super().__init__(data, promise=promise)
        self.fields["since"].choices = list(windows.items())  # type: ignore[attr-defined]
        self.initial.update({"judged_by": promise.judged_by, "version": version})


class TierForm(forms.Form):
    """Another tier, from when on, and why."""

    tier = forms.ChoiceField(label="Move to")
    since = forms.ChoiceField(label="From")
    why = forms.CharField(
        label="Why", max_length=300, help_text="Who reads the figures later has to know.",
        widget=forms.TextInput(attrs={"class": "full"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, tier: slo.Tier, windows: Mapping[str, str]) -> None:
        super().__init__(data)
        others = [(one, one) for one in slo.TIERS if one != tier]
        self.fields["tier"].choices = others  # type: ignore[attr-defined]
        self.fields["since"].choices = list(windows.items())  # type: ignore[attr-defined]


RETURNS: Final = (
    ("", "once"),
    ("week", "every week, on that weekday"),
    ("day", "every month, on that date"),
    ("nth", "every month, on that weekday of the same week"),
    ("last", "every month, on the last such weekday"),
)


class ExclusionForm(forms.Form):
    """A time that shall not count, once or as it returns; in the customer's time zone."""

    customer = forms.ModelChoiceField(Customer.objects.none(), empty_label=None)
    sli = forms.ChoiceField(label="Promise", required=False)
    kind = forms.ChoiceField(label="Kind", choices=Exclusion.Kind.choices)
    text = forms.CharField(
        label="What it is", max_length=200, help_text="The customer reads it, such as ERP update."
    )
    day = forms.DateField(label="On", widget=forms.DateInput(attrs={"type": "date"}))
    at = forms.TimeField(label="From", widget=forms.TimeInput(attrs={"type": "time"}))
    length = DurationField(label="For", step=_MINUTE, help_text="Such as 40 min or 1 h 30.")
    returns = forms.ChoiceField(label="Returns", choices=RETURNS, required=False)
    until = forms.DateField(
        label="Until", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="The last day; blank for as long as nobody ends it.",
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["customer"].queryset = Customer.objects.all()  # type: ignore[attr-defined]
        names = [(name, slo.SLIS[name].title.replace(" within {limit}", "")
                  .replace(" no older than {limit}", "")) for name in USUAL]  # fmt: skip
        self.fields["sli"].choices = [("", "all promises"), *names]  # type: ignore[attr-defined]
        self.initial["day"] = clock.now().date().isoformat()

    def clean_day(self) -> date:
        return _in_reach(self.cleaned_data["day"])

    def clean_until(self) -> date | None:
        until = self.cleaned_data["until"]
        return until and _in_reach(until)

    @property
    def row(self) -> Exclusion:
        """What was entered, not saved."""
        given = self.cleaned_data
        row = Exclusion(
            customer=given["customer"], sli=given["sli"], kind=given["kind"], text=given["text"].strip()
        )  # fmt: skip
        if given["returns"]:
            row.recurs = self._recurs(given)
        else:
            row.begins_at = self._instant(given["customer"], given["day"], given["at"])
            row.ends_at = row.begins_at + given["length"]
        return row

    def _instant(self, customer: Customer, day: date, at: Any) -> datetime:
        return instant(day, at.hour * 60 + at.minute, zone=ZoneInfo(customer.time_zone))

    def _recurs(self, given: Mapping[str, Any]) -> dict[str, Any]:
        day, kind = given["day"], given["returns"]
        rule: dict[str, Any] = {
            "zone": given["customer"].time_zone,
            "at": given["at"].hour * 60 + given["at"].minute,
            "minutes": given["length"] // _MINUTE,
            "since": day.isoformat(),
        }
        if given["until"]:
            rule["until"] = given["until"].isoformat()
        if kind == "day":
            return {**rule, "day": day.day}
        nth = {"nth": {"nth": min((day.day - 1) // WEEKDAYS + 1, 4)}, "last": {"nth": -1}}
        return {**rule, "weekday": day.weekday(), **nth.get(kind, {})}


def _in_reach(day: date) -> date:
    years = timedelta(days=_YEARS_AWAY * 366)
    if not abs(day - clock.now().date()) <= years:
        raise forms.ValidationError(f"Choose a day within {_YEARS_AWAY} years.")
    return day
