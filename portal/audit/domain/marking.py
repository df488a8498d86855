"""Each entry of the audit trail gets its mark as it is written."""

from typing import Any, Final

from auditlog.models import LogEntry
from django.db.models import Model

from portal.audit import who
from portal.audit.domain import chaining, content
from portal.audit.models import Mark
from portal.core import sealing
from portal.tenants import limited_tables
from portal.tenants.limited import customer_column

_CUSTOMERS: Final = "customers_customer"
_FURTHEST: Final = 3  # steps from a row to the one that names its customer


def mark(entry: LogEntry, about: Model | None) -> Mark:
    """Seal an entry that was just written about `about`, and have it chained after the transaction."""
    acts = who.acts()
    made = Mark(
        entry_id=entry.pk,
        actor_id=entry.actor_id,
        by=(acts.by or entry.actor_email or "")[:120],
        as_whom=acts.as_whom[:120],
        why=acts.why[:300],
        customer=customer_of(about) if about is not None else None,
    )
    made.mac = sealing.mac(chaining.keys()[0], content.of_entry(entry, made))
    made.save(force_insert=True)
    chaining.chain_afterwards()
    return made


def customer_of(about: Model) -> int | None:
    """The customer whose thing it is, by the same table that limits who sees it; None for the house's."""
    found: Any = about
    for _ in range(_FURTHEST):
        if found is None:
            return None
        table = found._meta.db_table
        if table == _CUSTOMERS:
            return int(found.pk)
        if column := customer_column(type(found)):
            return _value(found, column)
        owner = limited_tables.THROUGH.get(table)
        if owner is None:
            return None
        found = getattr(found, _field(found, owner).name, None)
    return None


def _field(row: Any, column: str) -> Any:
    return next(field for field in row._meta.local_concrete_fields if field.column == column)


def _value(row: Any, column: str) -> int | None:
    return getattr(row, _field(row, column).attname, None)
