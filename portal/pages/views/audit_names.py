"""Names for the numbers that an entry of the audit trail holds: one question for each kind of object."""

import re
from collections import defaultdict
from typing import Any, Final

from auditlog.models import LogEntry
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model

from integrations.connectors import registry
from integrations.models import Endpoint
from portal.accounts.models import Person, Role
from portal.customers.models import Customer, CustomerGroup
from portal.tenants.current import is_platform

# Kinds that are named, and by which of their columns; the platform has the first two only.
_LABELS: Final[dict[type[Model], str]] = {
    Person: "name",
    Role: "label",
    Customer: "name",
    CustomerGroup: "label",
    Endpoint: "label",
}
_OF_THE_PLATFORM: Final = (Person, Role)
# Numbers that are no relations: their models live where there are no customers.
_BY_NAME: Final[dict[str, type[Model]]] = {
    "customer_id": Customer,
    "group_id": CustomerGroup,
    "endpoint_id": Endpoint,
}
_WORDS: Final[dict[str, type[Model]]] = {"group": CustomerGroup, "endpoint": Endpoint}
_NUMBERED: Final = re.compile(r"\b(customer|group|consent of|endpoint) (\d+)$")
# What Django calls a row that has no name of its own.
_NAMELESS: Final = re.compile(r"^\w+ object \((\d+)\)$")


def model_of(entry: LogEntry) -> type[Model] | None:
    return entry.content_type.model_class() if entry.content_type else None


def field_of(entry: LogEntry, name: str) -> Any:
    """The field of that name, with its words and its kind; None where there is none any more."""
    model = model_of(entry)
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


class Names:
    """By kind and number. What is gone, or not the asker's to see, has none."""

    def __init__(
        self,
        found: dict[type[Model], dict[int, str]],
        connectors: dict[int, str] | None = None,
    ) -> None:
        self._found, self._connectors = found, connectors or {}

    def of_value(self, field: Any, value: Any) -> str:
        """What the number in a field is called; blank for what is no number of something named."""
        kind = _kind(field)
        return self._found.get(kind, {}).get(_number(value), "") if kind else ""

    def of_setting(self, entry: LogEntry, name: str) -> str:
        """What its form calls a setting of the endpoint that `entry` is about; blank for no such one."""
        slug = self._connectors.get(entry.object_id or 0, "") or _connector_in(entry)
        try:
            declared = registry.get(slug).settings
        except KeyError:
            return ""
        return next((one.label for one in declared if one.name == name), "")

    def of_object(self, said: str) -> str:
        """What a row is called, with the customer or group by name that it calls by number."""
        return _NUMBERED.sub(self._named, _NAMELESS.sub(r"number \1", said))

    def _named(self, match: re.Match[str]) -> str:
        word, number = match[1], int(match[2])
        kind = _WORDS.get(word, Customer)
        name = self._found.get(kind, {}).get(number)
        if name is None:
            return match[0]
        return f"{word} {name}"


def _connector_in(entry: LogEntry) -> str:
    """The connector by what the entry itself says: of a new endpoint, and of one that is deleted."""
    said = (entry.changes or {}).get("connector")
    texts = [str(one) for one in said if one] if isinstance(said, list | tuple) else []
    return next((one for one in reversed(texts) if one != "None"), "")


def _connectors_of(endpoints: set[int]) -> dict[int, str]:
    if not endpoints:
        return {}
    return dict(Endpoint.objects.filter(pk__in=endpoints).values_list("pk", "connector"))


def of_entries(entries: list[LogEntry], customers: dict[int, str]) -> Names:
    """The names of all that these entries hold. `customers`: theirs, known already."""
    wanted: dict[type[Model], set[int]] = defaultdict(set)
    for entry in entries:
        for name, said in (entry.changes or {}).items():
            kind = _kind(field_of(entry, name))
            if kind and isinstance(said, list | tuple):
                wanted[kind] |= {_number(one) for one in said} - {0}
        if match := _NUMBERED.search(entry.object_repr):
            wanted[_WORDS.get(match[1], Customer)].add(int(match[2]))
    found: dict[type[Model], dict[int, str]] = {Customer: customers}
    reached = {
        one.object_id or 0
        for one in entries
        if model_of(one) is Endpoint and "settings" in (one.changes or {})
    }
    for kind in wanted.keys() - found.keys():
        if kind in _OF_THE_PLATFORM or not is_platform():
            rows = kind._default_manager.filter(pk__in=wanted[kind])
            found[kind] = dict(rows.values_list("pk", _LABELS[kind]))
    return Names(found, _connectors_of(reached))


def _kind(field: Any) -> type[Model] | None:
    if not isinstance(field, Field):
        return None
    kind = field.related_model if field.is_relation else _BY_NAME.get(field.name)
    return kind if kind in _LABELS else None  # type: ignore[return-value]


def _number(value: Any) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
