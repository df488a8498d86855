"""The forms in which a draft is written, one for each kind of subject."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import formset_factory

from integrations.domain.subjects import Content
from integrations.models import Flow, Kind
from integrations.routing import lines as routing
from integrations.routing.lines import LineError
from integrations.views.draft_schema import ExtensionSheet, SchemaSheet
from integrations.views.draft_sheet import MONO, Data, Rows, Sheet, is_filled
from integrations.views.lookups import DefaultForm


class FlowForm(forms.Form):
    """When a flow's documents go, and what happens to odd ones."""

    latency = forms.ChoiceField(label="Documents go", choices=Flow.Latency.choices)
    every_minutes = forms.IntegerField(
        label="Every", min_value=1, max_value=1_440, help_text="Minutes, from midnight UTC on."
    )
    at_time = forms.TimeField(
        label="At",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="In the customer's time zone.",
    )
    drift = forms.ChoiceField(label="Unlike its contract", choices=Flow.Drift.choices)
    routed = forms.BooleanField(
        label="Only where routed", required=False, help_text="The routing rules choose the target."
    )
    enabled = forms.BooleanField(label="Switched on", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("latency") == Flow.Latency.BATCH and not data.get("at_time"):
            self.add_error("at_time", "Say at which time of day.")
        return data


class FlowSheet(Sheet):
    """A flow's settings. Its ends are what makes it this flow."""

    def __init__(self, content: Content, data: Data, mode: str) -> None:
        self._before = content
        at = content["at_time"]
        self.form = FlowForm(data, initial={**content, "at_time": at and at[:5]})

    def content(self) -> Content:
        assert self.form is not None
        given = dict(self.form.cleaned_data)
        at = given.pop("at_time")
        return {**self._before, **given, "at_time": at and at.isoformat()}


class CodesForm(DefaultForm):
    """A lookup table as text."""

    rows = forms.CharField(
        label="Rows",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={**MONO, "rows": 20}),
        help_text="One a line: the code, = or a tab, and what it means.",
    )

    def clean_rows(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for number, line in enumerate(self.cleaned_data["rows"].split("\n"), 1):
            code, parted, value = _parted(line)
            if not line.strip():
                continue
            if not parted or not code or not value:
                raise forms.ValidationError(f"Line {number} is not code = meaning: {line[:60]}")
            if code in found:
                raise forms.ValidationError(f"Line {number}: {code[:60]} stands there already.")
            found[code] = value
        return found


def _parted(line: str) -> tuple[str, str, str]:
    """At the first tab, else at the last “ = ”, else at the first “=”."""
    if "\t" in line:
        code, parted, value = line.partition("\t")
    elif " = " in line:
        code, parted, value = line.rpartition(" = ")
    else:
        code, parted, value = line.partition("=")
    return code.strip(), parted, value.strip()


class LookupSheet(Sheet):
    """A lookup table's default and rows. Rows that lines cannot hold stay as they are."""

    def __init__(self, content: Content, data: Data, mode: str) -> None:
        lines = {f"{code}\t{value}": (code, value) for code, value in content["rows"].items()}
        shown = [
            line for line, row in lines.items() if _parted(line)[::2] == row and "\n" not in line
        ]
        self._hidden = dict(row for line, row in lines.items() if line not in set(shown))
        self.form = CodesForm(data, initial={**content, "rows": "\n".join(shown)})

    def content(self) -> Content:
        assert self.form is not None
        given = dict(self.form.cleaned_data)
        return {**given, "rows": {**given["rows"], **self._hidden}}


class RuleForm(forms.Form):
    """One routing rule."""

    n = forms.IntegerField(label="No.", min_value=1, max_value=9_999)
    when = forms.CharField(
        label="If all of", required=False, widget=forms.Textarea(attrs={**MONO, "rows": 2})
    )
    then = forms.CharField(label="Then", widget=forms.Textarea(attrs={**MONO, "rows": 2}))

    def clean_when(self) -> dict[str, Any]:
        return _read(routing.read_conditions, self.cleaned_data["when"])

    def clean_then(self) -> dict[str, Any]:
        return _read(routing.read_actions, self.cleaned_data["then"])


def _read(reader: Any, text: str) -> Any:
    try:
        return reader(text)
    except LineError as error:
        raise forms.ValidationError(str(error)) from None


class RulesSheet(Sheet):
    """Routing rules, in the order of their numbers."""

    hints: Sequence[str] = (
        "Every order is held against each rule; a rule without a condition holds for all."
        " One condition or action a line, several values with commas.",
        "Conditions: ship_to.region is NV, CA · order_value is at least 500 · any_item.hazmat is yes",
        "Actions: allow RNO1, LAS1 · exclude LAS1 · force RNO1 · rank complete, landed_cost",
    )

    def __init__(self, content: Content, data: Data, mode: str) -> None:
        self._before = {rule["n"]: rule for rule in content["rules"]}
        self.table = formset_factory(RuleForm, formset=Rows, extra=2, can_delete=True, max_num=500)(
            data, initial=[_rule_lines(rule) for rule in content["rules"]], prefix="rule"
        )

    def content(self) -> Content:
        assert self.table is not None
        given = [form.cleaned_data for form in self.table if is_filled(form)]
        rules = [{"n": d["n"], "if": d["when"], "then": d["then"]} for d in given]
        kept = [self._as_before(rule) for rule in sorted(rules, key=lambda rule: rule["n"])]
        return {"rules": kept}

    def _as_before(self, rule: dict[str, Any]) -> dict[str, Any]:
        """The rule as it stood where it says the same: a list of one is not turned into a text."""
        before = self._before.get(rule["n"])
        return before if before and _rule_lines(before) == _rule_lines(rule) else rule


def _rule_lines(rule: Mapping[str, Any]) -> dict[str, Any]:
    when, then = routing.write_conditions(rule["if"]), routing.write_actions(rule["then"])
    return {"n": rule["n"], "when": when, "then": then}


SHEETS: dict[str, Any] = {
    Kind.FLOW: FlowSheet,
    Kind.LOOKUP: LookupSheet,
    Kind.RULES: RulesSheet,
    Kind.CONTRACT: SchemaSheet,
    Kind.EXTENSION: ExtensionSheet,
}


def sheet(kind: str, content: Content, data: Data = None, *, mode: str = "") -> Sheet:
    """The sheet of a kind, filled with `content`, or with what was posted over it."""
    made: Sheet = SHEETS[kind](content, data, mode)
    return made
