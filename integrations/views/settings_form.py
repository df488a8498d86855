"""The form of a connector's settings, made from what the connector declares."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms

from integrations.connectors.connection import Setting
from integrations.connectors.connector import Connector

NOT_SHOWN = "set; leave empty to keep it"


class Part(NamedTuple):
    """Fields that stand together; the heading of the first may be empty."""

    heading: str
    fields: list[forms.BoundField]


class SettingsForm(forms.Form):
    """`settings` and `secrets` are what was entered. A stored secret is never shown again."""

    def __init__(
        self,
        data: Any = None,
        *,
        connector: Connector,
        settings: Mapping[str, Any],
        stored: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(data)
        self._connector, self._stored, self._entered = connector, stored, settings
        for setting in connector.settings:
            field = _field(setting, stored=setting.name in stored)
            if not setting.secret:
                field.initial = _shown(setting, settings.get(setting.name, setting.default))
            if setting.when:
                # Where the other field says something else the page folds this one away.
                values = "|".join(map(_choice, setting.fitting))
                field.widget.attrs |= {"data-when": setting.when[0], "data-is": values}
            self.fields[setting.name] = field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        given = {name: value for name, value in cleaned.items() if value not in (None, "")}
        chosen = {**{s.name: s.default for s in self._connector.settings}, **given}
        for setting in self._connector.settings:
            text = cleaned.get(setting.name)
            said = setting.fault(text) if isinstance(text, str) and text else ""
            is_there = bool(text) or setting.name in self._stored
            if setting.when and setting.is_needed(chosen) and not is_there:
                said = str(self.fields[setting.name].error_messages["required"])
            if said and setting.name not in self.errors:
                self.add_error(setting.name, said)
        return cleaned

    @property
    def parts(self) -> list[Part]:
        """The fields that are always in sight, as far as they mean anything, under their headings."""
        parts = [Part("", [])]
        for setting in self._connector.settings:
            if setting.part:
                parts.append(Part(setting.part, []))
            if not setting.seldom:
                parts[-1].fields.append(self[setting.name])
        return [part for part in parts if part.fields]

    @property
    def seldom(self) -> list[forms.BoundField]:
        """Those that the page folds away."""
        return [self[s.name] for s in self._connector.settings if s.seldom]

    @property
    def refuses_seldom(self) -> bool:
        """Whether one of those folded away has an error, which has to be seen."""
        return any(field.errors for field in self.seldom)

    @property
    def changed(self) -> int:
        """How many of those folded away are not as they come."""
        return sum(map(self._is_changed, (s for s in self._connector.settings if s.seldom)))

    def _is_changed(self, setting: Setting) -> bool:
        if setting.secret:
            return setting.name in self._stored
        value = self._entered.get(setting.name, setting.default)
        return value not in (None, "", [], setting.default, _plain(setting.default))

    @property
    def settings(self) -> dict[str, Any]:
        """What differs from the connector's defaults, without secrets."""
        found = {}
        for setting in self._connector.settings:
            value = _kept(setting, self.cleaned_data.get(setting.name))
            if not setting.secret and value not in (None, "", _plain(setting.default)):
                found[setting.name] = value
        return found

    @property
    def secrets(self) -> dict[str, str]:
        named = [setting.name for setting in self._connector.settings if setting.secret]
        return {name: self.cleaned_data.get(name) or "" for name in named}


def _field(setting: Setting, *, stored: bool) -> forms.Field:
    base: dict[str, Any] = {
        "label": setting.label,
        "help_text": setting.help,
        "required": setting.required and setting.when is None and not stored,
    }
    if setting.secret:
        multiline = "key" in setting.name and "private" in setting.name
        hint = {"placeholder": NOT_SHOWN} if stored else {}
        attrs = {"autocomplete": "off", "spellcheck": "false", **hint}
        widget: forms.Widget = forms.PasswordInput(attrs=attrs)
        if multiline:
            widget = forms.Textarea(attrs={"rows": 4, "class": "mono", **attrs})
        return forms.CharField(widget=widget, strip=not multiline, **base)
    if setting.kind == "flag":
        return forms.BooleanField(**{**base, "required": False})
    if setting.kind == "number":
        return forms.DecimalField(**base)
    if setting.kind == "choice":
        return forms.ChoiceField(choices=[(c, setting.said(c)) for c in setting.choices], **base)
    if setting.kind == "lines":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **base)
    if setting.kind == "document":
        large = forms.Textarea(attrs={"rows": 18, "class": "mono", "spellcheck": "false"})
        return forms.CharField(widget=large, strip=False, **base)
    attrs = {"inputmode": "url", "spellcheck": "false"} if setting.kind == "url" else {}
    return forms.CharField(widget=forms.TextInput(attrs=attrs), max_length=500, **base)


def _shown(setting: Setting, value: Any) -> Any:
    if setting.kind == "lines" and isinstance(value, list | tuple):
        return "\n".join(map(str, value))
    return value


def _kept(setting: Setting, value: Any) -> Any:
    if setting.kind == "number" and value is not None:
        return int(value) if value == int(value) else float(value)
    if setting.kind == "lines":
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]
    if setting.kind == "document":
        return str(value or "").replace("\r\n", "\n")
    return value


def _choice(value: Any) -> str:
    """A value as the page's control has it: of a box whether it is checked."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain(default: Any) -> Any:
    return list(default) if isinstance(default, tuple) else default
