"""Where something stands in a JSON answer: a dotted path, or a JSON pointer (RFC 6901). Pure."""

from typing import Any, Final

from integrations.connectors.described.system import Place

_LONGEST: Final = 200


def place(text: str) -> Place:
    """`data.orders`, `orders.0.id`, `orders.-1.id` (of the last one), `/@odata.nextLink`; a point alone
    is the answer itself.

    ValueError, with a sentence, for what is no place.
    """
    if len(text) > _LONGEST:
        raise ValueError(f"A place has at most {_LONGEST} characters.")
    if text == ".":
        return ()
    if text.startswith("/"):
        return tuple(step.replace("~1", "/").replace("~0", "~") for step in text[1:].split("/"))
    steps = tuple(text.split("."))
    if not all(steps):
        raise ValueError("It must be a place such as data.orders or /data/orders.")
    return steps


def find(value: Any, where: Place) -> Any:
    """What stands there; None where nothing does."""
    for step in where:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step == "-1":
            value = value[-1] if value else None
        elif isinstance(value, list) and step.isascii() and step.isdigit() and len(step) < 8:
            value = value[int(step)] if int(step) < len(value) else None
        else:
            return None
    return value


def find_all(value: Any, where: Place) -> list[Any]:
    """All that stands there; a `*` is each entry of a list."""
    if "*" not in where:
        return [find(value, where)]
    at = where.index("*")
    entries = find(value, where[:at])
    listed = entries if isinstance(entries, list) else []
    return [one for entry in listed for one in find_all(entry, where[at + 1 :])]


def word(value: Any) -> str:
    """A text or a number as text; empty for all else."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)


def spoken(where: Place) -> str:
    """A place as people read it."""
    return ".".join(where) or "the answer itself"
