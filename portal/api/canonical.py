"""Canonical objects as bodies of requests, checked against the schema that the hub checks them with."""

from functools import cache
from typing import Any, Final

from integrations.canonical.problem import json_pointer
from integrations.canonical.schema import at, schema_of
from integrations.canonical.validation import validate
from portal.api.operation import Body
from portal.api.problems import ProblemError

_ORDER, _COMMON = "order", "common"
_NAME: Final = "CanonicalOrder"
_OURS: Final = frozenset({"$schema", "$id", "title"})
# Which system an order is of is known by its key, so that its channel may be left out.
_CHANNEL: Final = "channel"


class CanonicalOrder(Body):
    """A canonical order. What the schema refuses is refused, each place by a pointer."""

    component: Final = _NAME

    def to_internal_value(self, data: Any) -> Any:
        problems = validate(_ORDER, {_CHANNEL: "-", **data})
        if problems:
            more = f" And {len(problems) - 1} more." if len(problems) > 1 else ""
            errors = [{"pointer": json_pointer(p.path), "detail": p.text} for p in problems]
            raise ProblemError("invalid", f"{problems[0].text}{more}", errors=errors)
        return data


@cache
def components() -> dict[str, Any]:
    """The order's schema and the parts it is made of, as they stand among the components of OpenAPI."""
    found: dict[str, Any] = {}
    schema = schema_of(_ORDER)
    wanted = [name for name in schema["required"] if name != _CHANNEL]
    found[_NAME] = {**_written(schema, _ORDER, found), "required": wanted}
    return dict(sorted(found.items()))


def _written(part: Any, document: str, found: dict[str, Any]) -> Any:
    """A part of `document` with its references leading to components, which are added to `found`."""
    if isinstance(part, list):
        return [_written(one, document, found) for one in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return {"$ref": f"#/components/schemas/{_component(part['$ref'], document, found)}"}
    return {
        name: _written(value, document, found) for name, value in part.items() if name not in _OURS
    }


def _component(reference: str, document: str, found: dict[str, Any]) -> str:
    other, _, pointer = reference.partition("#")
    document = _COMMON if other else document
    last = pointer.rpartition("/")[2]
    name = "Canonical" + "".join(word.capitalize() for word in last.split("_"))
    if name not in found:
        found[name] = {}  # its own place, should it lead to itself
        found[name] = _written(at(document, pointer), document, found)
    return name
