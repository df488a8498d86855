"""A system with the values of its endpoint's settings filled in. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from integrations.connectors.described import filling
from integrations.connectors.described.known import SETTING
from integrations.connectors.described.system import (
    Ask,
    Call,
    Details,
    LookUp,
    Stream,
    System,
    Template,
    Write,
)
from portal.core.errors import NeedsCredentials, NeedsPerson

Put = Callable[[str], str]


def settle(system: System, settings: Mapping[str, Any]) -> System:
    """`system` as it is for one endpoint. NeedsCredentials for a setting that is empty, or that would
    climb out of its part of a path; where only a write wants it, that write is not ready."""
    filler = _Filler(settings)
    writes: dict[str, Write] = {}
    unready: dict[str, str] = {}
    for object_type, write in system.writes.items():
        try:
            writes[object_type] = filler.write(write)
        except NeedsCredentials as error:
            unready[object_type] = str(error)
    return replace(
        system,
        test=filler.ask(system.test) if system.test else None,
        streams={name: filler.stream(stream) for name, stream in system.streams.items()},
        writes=writes,
        unready=unready,
        headers={name: filler.text(text) for name, text in system.headers.items()},
    )


class _Filler:
    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings

    def stream(self, stream: Stream) -> Stream:
        details = tuple(map(self.details, stream.details))
        return replace(stream, ask=self.ask(stream.ask), details=details)

    def write(self, write: Write) -> Write:
        return replace(
            write,
            create=self.call(write.create),
            update=self.call(write.update) if write.update else None,
            look_up=self.look_up(write.look_up) if write.look_up else None,
            details=tuple(map(self.details, write.details)),
            first=replace(write.first, call=self.call(write.first.call)) if write.first else None,
        )

    def call(self, call: Call) -> Call:
        path = self.template(call.path, self._segment)
        return replace(call, path=path, params=self.templates(call.params))

    def look_up(self, look_up: LookUp) -> LookUp:
        return replace(
            look_up,
            path=self.template(look_up.path, self._segment),
            params=self.templates(look_up.params),
        )

    def details(self, details: Details) -> Details:
        path = self.template(details.path, self._segment)
        return replace(details, path=path, params=self.templates(details.params))

    def ask(self, ask: Ask) -> Ask:
        path = SETTING.sub(lambda found: self._segment(found[1]), ask.path)
        return Ask(path, {name: self.text(text) for name, text in ask.params.items()})

    def text(self, text: str) -> str:
        return SETTING.sub(lambda found: self._value(found[1]), text)

    def templates(self, found: Mapping[str, Template]) -> dict[str, Template]:
        return {name: self.template(template, self._value) for name, template in found.items()}

    def template(self, template: Template, put: Put) -> Template:
        """Settings become fixed text; other names stay."""
        parts = [template[0]] if template else []
        for name, text in zip(template[1::2], template[2::2], strict=True):
            if name.startswith("settings."):
                parts[-1] += put(name.removeprefix("settings.")) + text
            else:
                parts += [name, text]
        return tuple(parts)

    def _segment(self, name: str) -> str:
        try:
            return filling.segment(name, self._value(name))
        except NeedsPerson:
            text = f"The setting {name} cannot be part of an address"
            raise NeedsCredentials(text, code="settings_invalid") from None

    def _value(self, name: str) -> str:
        text = str(self._settings.get(name) or "").strip()
        if not text:
            raise NeedsCredentials(f"The setting {name} is empty", code="settings_invalid")
        return text
