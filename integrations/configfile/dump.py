"""Data as YAML that reads back as it was: no aliases, and texts that stay what they are."""

from typing import Any, Final

import yaml


class FlatRow(list[str]):
    """A mapping row: written on one line."""


_BREAKS: Final = frozenset("\x85\u2028\u2029")


class Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_row(dumper: yaml.SafeDumper, row: FlatRow) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", row, flow_style=True)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    if _BREAKS.intersection(text):
        style = '"'  # these are folded into a space in any other style
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


Dumper.add_representer(FlatRow, _represent_row)
Dumper.add_representer(str, _represent_text)


def dump(data: Any) -> str:
    """The text of `data`, its keys in their order."""
    text: str = yaml.dump(
        data, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=4096, indent=2
    )
    return text
