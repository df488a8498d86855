"""What a person enters for a rule: which cases or limit, when it is told, and to whom in which order."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from monitoring import taxonomy
from monitoring.alert_fields import LocalTimeField, WhoseField, people
from monitoring.domain.alerts.setup import Step
from monitoring.models import AlertChannel, AlertRule, ExceptionCase, Rota
from portal.customers.durations import duration_text, read_duration

NAME_TAKEN: Final = "There is a rule of this name: choose another."
STEPS: Final = 6
_ANY: Final = "any"
_LONGEST: Final = 7 * 24 * 60
Subject = AlertRule.Subject
_SEVERITIES: Final = [(1, "S1"), (2, "S2 and S1"), (3, "S3 and worse"), (4, "all")]
_LIMITS: Final[dict[str, tuple[str, str, int]]] = {
    Subject.LATE_ORDERS: ("Before the cut-off", "So long before it an order may be held.", 30),
    Subject.OLD_STOCK: ("Older than", "Of every endpoint that reports stock.", 60),
    Subject.OLD_QUEUE: ("Waiting for over", "Of the oldest document that could go out.", 15),
}


class MinutesField(forms.CharField):
    """A length of time as people write it, in minutes."""

    def __init__(self, *, least: int = 1, **kwargs: Any) -> None:
        super().__init__(
            max_length=20, widget=forms.TextInput(attrs={"placeholder": "15 min"}), **kwargs
        )
        self.least = least

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        found = read_duration(text)
        if found is None or not self.least <= found <= _LONGEST:
            raise ValidationError("Write a time such as 15 min or 1 h 30, of a week at most.")
        return found

    def prepare_value(self, value: Any) -> Any:
        return duration_text(value) if isinstance(value, int) else value


class RuleForm(forms.Form):
    """One rule. `apply` and `steps` say what it came to."""

    name = forms.CharField(max_length=60)

    def __init__(self, data: Any, *, rule: AlertRule) -> None:
        super().__init__(data, initial=_initial(rule))
        self.rule = rule
        self._add_what()
        self._add_when()
        self._add_steps()

    def _add_what(self) -> None:
        self.fields["customer"] = WhoseField()
        if self.rule.subject != Subject.CASES:
            label, words, _ = _LIMITS[self.rule.subject]
            self.fields["minutes"] = MinutesField(label=label, help_text=words)
            self.fields["severity"] = forms.TypedChoiceField(
                coerce=int, choices=[(n, f"S{n}") for n in range(1, 5)], label="Counts as"
            )
            return
        self.fields["severity"] = forms.TypedChoiceField(
            coerce=int, choices=_SEVERITIES, label="Severity"
        )
        self.fields["origin"] = _choice("About", ExceptionCase.Origin.choices)
        self.fields["category"] = _choice(
            "Category", [(c, c) for c in taxonomy.CATEGORIES.values()]
        )
        causes = sorted(((k.code, k.label) for k in taxonomy.KINDS.values()), key=lambda k: k[1])
        self.fields["code"] = _choice("Cause", causes)
        self.fields["value_over"] = forms.DecimalField(
            label="At risk over", required=False, min_value=0, max_digits=14, decimal_places=2,
            help_text="In the case's own currency. Empty: whatever is at risk.",
        )  # fmt: skip

    def _add_when(self) -> None:
        self.fields["timing"] = forms.ChoiceField(
            label="Told", choices=AlertRule.Timing.choices, initial="at_once",
            help_text="Together: in one message at the full hour, or once a day.",
        )  # fmt: skip
        self.fields["digest_minute"] = LocalTimeField(
            label="Daily at", help_text="For what is told every day. By the receiver's own clock."
        )
        self.fields["quiet_from"] = LocalTimeField(
            label="Quiet from", required=False, help_text="By the receiver's own clock."
        )
        self.fields["quiet_until"] = LocalTimeField(
            label="Quiet until", required=False,
            help_text="What came meanwhile comes then, in one message.",
        )  # fmt: skip
        self.fields["urgent_passes"] = forms.BooleanField(
            label="S1 rings", required=False, help_text="In quiet hours, too."
        )
        self.fields["repeat_minutes"] = MinutesField(
            label="Said again every", required=False, least=5,
            help_text="Past the last step, while nobody has it. Empty: it is left at that.",
        )  # fmt: skip
        self.fields["is_on"] = forms.BooleanField(label="Switched on", required=False)

    def _add_steps(self) -> None:
        choices = [("", "nobody"), *_receivers()]
        for n in range(STEPS):
            self.fields[f"to_{n}"] = forms.ChoiceField(
                label="Receiver", required=False, choices=choices
            )
            self.fields[f"wait_{n}"] = MinutesField(label="After", required=False, least=0)

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The fields but for the steps, in two groups."""
        names = [name for name in self.fields if not name.startswith(("to_", "wait_"))]
        cut = names.index("timing")
        groups = (("Which", names[:cut]), ("When", names[cut:]))
        return [{"title": title, "fields": [self[one] for one in group]} for title, group in groups]

    @property
    def step_rows(self) -> list[dict[str, Any]]:
        return [{"to": self[f"to_{n}"], "wait": self[f"wait_{n}"]} for n in range(STEPS)]

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if AlertRule.objects.exclude(pk=self.rule.pk).filter(name__iexact=name).exists():
            raise ValidationError(NAME_TAKEN)
        return name

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        begins, ends = given.get("quiet_from"), given.get("quiet_until")
        if (begins is None) != (ends is None):
            missing = "quiet_until" if ends is None else "quiet_from"
            self.add_error(missing, "Quiet hours have a beginning and an end.")
        elif begins is not None and begins == ends:
            self.add_error("quiet_until", "Quiet hours begin and end at different times.")
        code, category = given.get("code"), given.get("category")
        if code and category and taxonomy.kind(code).category != category:
            self.add_error("code", f"This cause is of the category {taxonomy.kind(code).category}.")
        if not any(given.get(f"to_{n}") for n in range(STEPS)):
            self.add_error("to_0", "Choose who is told.")
        return given

    def apply(self) -> AlertRule:
        """The rule as the form has it, not saved."""
        given = {n: v for n, v in self.cleaned_data.items() if not n.startswith(("to_", "wait_"))}
        self.rule.customer, self.rule.group = given.pop("customer")
        for name, value in given.items():
            setattr(self.rule, name, value)
        return self.rule

    def steps(self) -> list[Step]:
        """Those that have a receiver, in their order; the first waits only if it says so."""
        given = self.cleaned_data
        rows = ((given[f"to_{n}"], given[f"wait_{n}"] or 0) for n in range(STEPS))
        return [Step(_receiver(to), wait) for to, wait in rows if to]


def _choice(label: str, choices: Iterable[Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", _ANY), *choices])


def _receivers() -> list[tuple[str, list[tuple[str, str]]]]:
    groups = (
        ("rota", "On call", Rota.objects.all()),
        ("channel", "Channels", AlertChannel.objects.all()),
        ("person", "People, by mail", people()),
    )
    return [
        (label, [(f"{kind}:{one.pk}", one.name) for one in found])
        for kind, label, found in groups
        if found
    ]


def _receiver(chosen: str) -> dict[str, int]:
    """rota:3 → {rota_id: 3}."""
    kind, _, pk = chosen.partition(":")
    return {f"{kind}_id": int(pk)}


def _initial(rule: AlertRule) -> dict[str, Any]:
    names = (
        "name", "severity", "origin", "category", "code", "timing", "digest_minute",
        "quiet_from", "quiet_until", "urgent_passes", "repeat_minutes", "is_on",
    )  # fmt: skip
    known = {name: getattr(rule, name) for name in names}
    known["customer"] = WhoseField.chosen(rule)
    known["minutes"] = rule.minutes or _LIMITS.get(rule.subject, ("", "", 0))[2]
    if rule.value_over is not None:
        known["value_over"] = f"{rule.value_over:.2f}"
    for n, step in enumerate(rule.steps.all()[:STEPS] if rule.pk else ()):
        kind = "channel" if step.channel_id else "rota" if step.rota_id else "person"
        known[f"to_{n}"] = f"{kind}:{getattr(step, f'{kind}_id')}"
        known[f"wait_{n}"] = step.wait_minutes or None
    return known
