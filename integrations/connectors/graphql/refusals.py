"""A change that is refused in a good answer: `userErrors`, and unions with errors in them. Pure."""

from collections.abc import Mapping
from typing import Any

from integrations.canonical.problem import Problem, format_path, shorten


def of_user_errors(
    payload: Any, *, says: str, names: tuple[str, ...] = ("userErrors",), root: str = ""
) -> list[Problem]:
    """What the lists `names` of a mutation's payload say, in the system's own words: {field, message, code}.

    The code is shown as the problem's value, so that equal refusals make one case. A payload that is null
    without a word is a refusal too.
    """
    if not isinstance(payload, Mapping):
        return [Problem("rejected", root, "", f"{says}: nothing, and did not do it.")]
    entries = [entry for name in names for entry in payload.get(name) or []]
    return [_problem(entry, says, root) for entry in entries]


def of_union(answer: Any, wanted: frozenset[str], *, says: str, root: str = "") -> list[Problem]:
    """What a typed error says: an object of another `__typename` than those `wanted`, with a message."""
    if not isinstance(answer, Mapping):
        return of_user_errors(answer, says=says, root=root)
    if answer.get("__typename") in wanted:
        return []
    code = answer.get("errorCode") or answer.get("code") or answer.get("__typename") or ""
    return [_problem({"message": answer.get("message"), "code": code}, says, root)]


def codes_of(payload: Any, name: str = "userErrors") -> list[str]:
    """The codes of a list of refusals."""
    entries = payload.get(name) or [] if isinstance(payload, Mapping) else []
    return [str(entry.get("code") or "") for entry in entries if isinstance(entry, Mapping)]


def _problem(entry: Any, says: str, root: str) -> Problem:
    if not isinstance(entry, Mapping):
        return Problem("rejected", root, "", f"{says}: {shorten(entry)}")
    field = entry.get("field")
    steps = field if isinstance(field, list) else [field] if field else []
    parts = [int(step) if str(step).isdigit() else str(step) for step in steps if step is not None]
    path = format_path([*([root] if root else []), *parts])
    message = entry.get("message") or "no reason"
    return Problem(
        "rejected", path, shorten(entry.get("code") or ""), f"{says}: {shorten(message)}"
    )
