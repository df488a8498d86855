"""The form for an endpoint's secrets: whoever enters them never sees them again."""

from collections.abc import Collection
from typing import Any

from django import forms

from integrations.domain import credentials
from integrations.models import Endpoint


class _Unseen(forms.Textarea):
    """A field of several lines that never says what was entered."""

    def format_value(self, value: Any) -> str:
        return ""


class KeysForm(forms.Form):
    """The secrets a system asks for. Those that are `known` may be left out: they stay."""

    def __init__(
        self, endpoint: Endpoint, data: Any = None, *, known: Collection[str] = ()
    ) -> None:
        super().__init__(data)
        for setting in credentials.wanted(endpoint):
            long, kept = "private" in setting.name, setting.name in known
            attrs = {"autocomplete": "off", "spellcheck": "false"}
            widget = _Unseen(attrs=attrs) if long else forms.PasswordInput(attrs=attrs)
            self.fields[setting.name] = forms.CharField(
                label=setting.label, required=setting.required and not kept, widget=widget,
                help_text=f"{setting.help} Empty: it stays as it is." if kept else setting.help,
                max_length=20_000, strip=not long,
            )  # fmt: skip
