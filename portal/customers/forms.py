"""What a person enters about a customer's hours and what is promised to them."""

from collections.abc import Iterator
from itertools import product
from typing import Any, Final

from django import forms

from portal.customers import calendars
from portal.customers.calendar import WEEKDAYS, CalendarError, Path, key_of
from portal.customers.calendar_json import to_json
from portal.customers.durations import duration_text, read_duration
from portal.customers.holidays import countries
from portal.customers.models import Customer
from portal.customers.targets import DEFAULTS, Targets, pair_problems, targets

LONGEST: Final = 4000
SEVERITIES: Final = {
    1: "a flow stands still, or money or stock goes wrong",
    2: "orders are at risk today",
    3: "nothing is due today",
    4: "good to know",
}
_SHORT: Final = {"size": 8, "autocomplete": "off"}
_ACKNOWLEDGE, _RESOLVE = "acknowledge", "resolve"


class PromisesForm(forms.Form):
    """Hours by weekday, holidays, days of their own, and targets by severity.

    After `is_valid`, `calendar` and `targets` are what `promises.promise` takes.
    """

    country = forms.ChoiceField(
        label="Public holidays of",
        required=False,
        help_text="Closed on each of them.",
        error_messages={
            "invalid_choice": "There are no holidays of %(value)s. Choose one of the list."
        },
    )
    region = forms.CharField(
        required=False,
        max_length=20,
        help_text="With holidays of its own, such as CA or BY. Blank for the whole country.",
        widget=forms.TextInput(attrs=_SHORT),
    )
    closed = forms.CharField(
        label="Also closed on",
        required=False,
        max_length=LONGEST,
        help_text="One day a line, such as 2026-12-24 Stocktake.",
        widget=forms.Textarea(attrs={"rows": 4, "class": "mono"}),
    )
    open = forms.CharField(
        label="Open all the same",
        required=False,
        max_length=LONGEST,
        help_text="Also on a holiday, one day a line: 2026-11-27 08:00–12:00.",
        widget=forms.Textarea(attrs={"rows": 3, "class": "mono"}),
    )

    def __init__(self, data: Any = None, *, customer: Customer) -> None:
        super().__init__(data, initial=_initial(customer))
        self.zone = customer.time_zone
        self.calendar: dict[str, Any] = {}
        self.targets: dict[int, Targets] = {}
        self.fields["country"].choices = [("", "no country"), *countries().items()]  # type: ignore[attr-defined]
        self._add_weekdays()
        self._add_targets()

    def _add_weekdays(self) -> None:
        for name in WEEKDAYS:
            self.fields[key_of(name)] = forms.CharField(
                label=name,
                required=False,
                max_length=200,
                widget=forms.TextInput(attrs={"placeholder": "closed", "autocomplete": "off"}),
            )
        self.order_fields([key_of(name) for name in WEEKDAYS])

    def _add_targets(self) -> None:
        for severity, what in product(DEFAULTS, (_ACKNOWLEDGE, _RESOLVE)):
            label = f"S{severity}, {what} within"
            self.fields[f"{what}{severity}"] = forms.CharField(
                label=label,
                max_length=20,
                widget=forms.TextInput(attrs={**_SHORT, "aria-label": label}),
                error_messages={"required": "Give it a time, such as 4 h."},
            )

    @property
    def weekdays(self) -> list[forms.BoundField]:
        return [self[key_of(name)] for name in WEEKDAYS]

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[name] for name in ("country", "region", "closed", "open")]

    @property
    def severities(self) -> list[dict[str, Any]]:
        """A row for each: its name, what it means, the two fields."""
        return [
            {
                "name": f"S{n}",
                "words": words,
                "fields": [self[f"{_ACKNOWLEDGE}{n}"], self[f"{_RESOLVE}{n}"]],
            }
            for n, words in SEVERITIES.items()
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self._read_calendar(given)
        for severity in DEFAULTS:
            self._read_targets(severity, given)
        return given

    def _read_calendar(self, given: dict[str, Any]) -> None:
        place = {key: given.get(key, "") for key in ("country", "region")}
        content = {
            "hours": {key_of(name): given.get(key_of(name), "") for name in WEEKDAYS},
            "holidays": {**place, "region": place["region"].strip()},
            "closed": dict(self._dated("closed", given)),
            "open": dict(self._dated("open", given)),
        }
        try:
            self.calendar = to_json(calendars.read(content, zone=self.zone))
        except CalendarError as error:
            for path, text in error.problems:
                field = _field_of(path)
                self.add_error(field, _without(str(self.fields[field].label), text))

    def _dated(self, field: str, given: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """The lines of a field: a date and what follows it."""
        seen: set[str] = set()
        for line in given.get(field, "").splitlines():
            day, _, rest = line.strip().partition(" ")
            if day in seen:
                self.add_error(field, f"{day} stands here twice.")
            elif day:
                seen.add(day)
                yield day, rest.strip()

    def _read_targets(self, severity: int, given: dict[str, Any]) -> None:
        names = [f"{what}{severity}" for what in (_ACKNOWLEDGE, _RESOLVE)]
        read = {name: read_duration(given[name]) for name in names if name in given}
        for name in (name for name, minutes in read.items() if minutes is None):
            self.add_error(name, f"“{given[name]}” is no duration. Write it like 30 min or 4 h.")
        minutes = [found for found in read.values() if found is not None]
        if len(minutes) == len(names):
            self.targets[severity] = Targets(*minutes)
            for what, problem in pair_problems(self.targets[severity]):
                self.add_error(f"{what}{severity}", problem)


def _without(label: str, text: str) -> str:
    """A sentence for the field of this label: what it begins with stands there already."""
    rest = text.removeprefix(label).removeprefix(":").strip() if text.startswith(label) else text
    return rest[:1].upper() + rest[1:]


def _field_of(path: Path) -> str:
    """The field in which a part of a calendar is entered."""
    if path[0] in ("hours", "holidays"):
        return path[1] if len(path) > 1 else key_of(WEEKDAYS[0])
    return path[0]


def _initial(customer: Customer) -> dict[str, Any]:
    written = to_json(calendars.of(customer))
    pairs = {severity: targets(customer.policies, severity) for severity in DEFAULTS}
    return {
        **{key: _shown(text) for key, text in written["hours"].items()},
        **written.get("holidays", {}),
        "closed": "\n".join(
            f"{day} {name}".strip() for day, name in written.get("closed", {}).items()
        ),
        "open": "\n".join(
            f"{day} {_shown(text)}".strip() for day, text in written.get("open", {}).items()
        ),
        **{f"{_ACKNOWLEDGE}{n}": duration_text(pair.acknowledge) for n, pair in pairs.items()},
        **{f"{_RESOLVE}{n}": duration_text(pair.resolve) for n, pair in pairs.items()},
    }


def _shown(hours: str) -> str:
    return hours.replace("-", "–")
