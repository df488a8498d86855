"""Where something stands in a content: `promises[cut-off].actual`, `misses[3].reason`.

A list whose members all have a `key` of their own is addressed by keys: an insertion above does not move
what is below. Others are addressed by their place, from 0.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

_KEY = "key"
_STEP = re.compile(r"\.?(?P<name>[^.\[\]]+)|\[(?P<place>[^\[\]]+)\]")


def value_at(content: Any, path: str) -> Any:
    """What stands there. KeyError, with a sentence, when nothing does."""
    here = content
    for step in steps(path):
        here = _down(here, step, path)
    return here


def with_value(content: Any, path: str, value: Any) -> Any:
    """A copy of `content` with `value` in place of what stands at `path`. KeyError as `value_at`."""
    *way, last = steps(path)
    copy = deepcopy(content)
    here = copy
    for step in way:
        here = _down(here, step, path)
    _down(here, last, path)
    here[_place(here, last)] = value
    return copy


def leaves(content: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every single value with its place, in the order they stand."""
    if isinstance(content, Mapping):
        for name, value in content.items():
            yield from leaves(value, f"{path}.{name}" if path else name)
    elif isinstance(content, list):
        keyed = is_keyed(content)
        for at, value in enumerate(content):
            yield from leaves(value, f"{path}[{value[_KEY] if keyed else at}]")
    else:
        yield path, content


def steps(path: str) -> list[str]:
    """`promises[cut-off].actual` as its three steps. KeyError for what is no path."""
    found = list(_STEP.finditer(path))
    if not found or "".join(match[0] for match in found) != path or path.startswith("."):
        raise KeyError(f"{path!r} is no place in a statement; one is promises[cut-off].actual")
    return [match["name"] or match["place"] for match in found]


def is_keyed(items: Sequence[Any]) -> bool:
    """All members have a `key`, each its own, that may stand in a path."""
    if not all(isinstance(item, Mapping) and isinstance(item.get(_KEY), str) for item in items):
        return False
    keys = [item[_KEY] for item in items]
    fit = all(key and not set(key) & set("[].") and not key.isdigit() for key in keys)
    return bool(items) and fit and len(set(keys)) == len(keys)


def by_key(items: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {item[_KEY]: item for item in items}


def _down(here: Any, step: str, path: str) -> Any:
    try:
        return here[_place(here, step)]
    except (KeyError, IndexError, TypeError, ValueError, StopIteration):
        raise KeyError(f"nothing stands at {path}: {step} is not there") from None


def _place(here: Any, step: str) -> Any:
    if not isinstance(here, list):
        return step
    if step.isdigit():
        return int(step)
    return next(at for at, item in enumerate(here) if item[_KEY] == step)
