"""Names for the numbers that an entry of the audit trail holds: one question for each kind of object."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from auditlog.models import LogEntry
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model

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
_NUMBERED: Final = re.compile(r"\b(customer|group|consent of) (\d+)$")


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

    def __init__(self, found: dict[type[Model], dict[int, str]]) -> None:
        self._found = found

    def of_value(self, field: Any, value: Any) -> str:
        """What the number in a field is called; blank for what is no number of something named."""
        kind = _kind(field)
        return self._found.get(kind, {}).get(_number(value), "") if kind else ""

    def of_object(self, said: str) -> str:
        """What a row is called, with the customer or group by name that it calls by number."""
        return _NUMBERED.sub(self._named, said)

    def _named(self, match: re.Match[str]) -> str:
        word, number = match[1], int(match[2])
        kind = CustomerGroup if word == "group" else Customer
        name = self._found.get(kind, {}).get(number)
        if name is None:
            return match[0]
        return f"{word} {name}"


def of_entries(entries: Iterable[LogEntry], customers: dict[int, str]) -> Names:
    """The names of all that these entries hold. `customers`: theirs, known already."""
    wanted: dict[type[Model], set[int]] = defaultdict(set)
    for entry in entries:
        for name, said in (entry.changes or {}).items():
            kind = _kind(field_of(entry, name))
            if kind and isinstance(said, list | tuple):
                wanted[kind] |= {_number(one) for one in said} - {0}
        if match := _NUMBERED.search(entry.object_repr):
            wanted[CustomerGroup if match[1] == "group" else Customer].add(int(match[2]))
    found: dict[type[Model], dict[int, str]] = {Customer: customers}
    for kind in wanted.keys() - found.keys():
        if kind in _OF_THE_PLATFORM or not is_platform():
            rows = kind._default_manager.filter(pk__in=wanted[kind])
            found[kind] = dict(rows.values_list("pk", _LABELS[kind]))
    return Names(found)


def _kind(field: Any) -> type[Model] | None:
    if not isinstance(field, Field):
        return None
    kind = field.related_model if field.is_relation else _BY_NAME.get(field.name)
    return kind if kind in _LABELS else None  # type: ignore[return-value]


def _number(value: Any) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
