"""What changed, in words for a terminal. Secrets have no words here: they are only named."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from portal.core.redact import redact_text

_LONGEST: Final = 60


def is_same(stored: Any, wanted: Any) -> bool:
    """Whether two values are the same in JSON, where true is not 1."""
    if isinstance(stored, dict | list | bool) or isinstance(wanted, dict | list | bool):
        return json.dumps(stored, sort_keys=True) == json.dumps(wanted, sort_keys=True)
    return bool(stored == wanted)


def describe_change(name: str, stored: Any, wanted: Any) -> Iterator[str]:
    """`name before → after`; key by key for a group of values."""
    if not isinstance(stored, dict | None) or not isinstance(wanted, dict | None):
        yield f"{name} {_show(stored)} → {_show(wanted)}"
    else:
        yield from _describe_keys(name, stored or {}, wanted or {})


def _describe_keys(
    name: str, stored: Mapping[str, Any], wanted: Mapping[str, Any]
) -> Iterator[str]:
    for key in sorted(stored.keys() | wanted.keys()):
        before, after = stored.get(key), wanted.get(key)
        if not is_same(before, after) or (key in stored) != (key in wanted):
            yield f"{name}.{key} {_show(before)} → {_show(after)}"


def _show(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "none"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = redact_text(" ".join(text.split()))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
