"""Writing a subject's content to the live tables. The caller's transaction makes it one change."""

from collections.abc import Callable
from typing import Any

from integrations.contracts import Contract as Compiled
from integrations.domain import changes, drift
from integrations.domain.subjects import Content, Subject, owned_by, time_of
from integrations.models import (
    Contract,
    Endpoint,
    Flow,
    Kind,
    LookupRow,
    LookupTable,
    MappingVersion,
    RoutingRules,
)
from portal.customers.models import Customer


def write(subject: Subject, content: Content | None, *, by: str) -> None:
    """Make `content` live; None takes the subject away. LookupError when what it hangs on is gone."""
    _WRITERS[subject.kind](subject, content, by)
    changes.touch(subject.customer_id)


def _mapping(subject: Subject, content: Content | None, by: str) -> None:
    slug, object_type, direction = subject.key.split(" ")
    endpoint = _endpoint(subject, slug)
    place = {"endpoint": endpoint, "object_type": object_type, "direction": direction}
    newest = MappingVersion.objects.filter(**place).order_by("-version").first()
    if content is None:
        raise LookupError("A mapping that documents run through cannot be taken away.")
    MappingVersion.objects.create(
        **place, version=newest.version + 1 if newest else 1, rows=content["rows"], author=by[:80]
    )


def _rules(subject: Subject, content: Content | None, by: str) -> None:
    owned = RoutingRules.objects.filter(**owned_by(subject))
    newest = owned.order_by("-version").first()
    RoutingRules.objects.create(
        **owned_by(subject),
        version=newest.version + 1 if newest else 1,
        rules=content["rules"] if content else [],
    )


def _lookup(subject: Subject, content: Content | None, by: str) -> None:
    owned = LookupTable.objects.filter(**owned_by(subject), name=subject.key)
    if content is None:
        owned.delete()
        return
    columns = {"default": content["default"], "default_value": content["default_value"]}
    table, _ = LookupTable.objects.update_or_create(
        **owned_by(subject), name=subject.key, defaults=columns
    )
    _lookup_rows(table, content["rows"], by)


def _lookup_rows(table: LookupTable, wanted: dict[str, str], by: str) -> None:
    there = {row.code: row for row in table.rows.all()}
    gone = [row.pk for code, row in there.items() if code not in wanted]
    new = [
        LookupRow(table=table, code=code, value=value, added_by=by[:80])
        for code, value in wanted.items()
        if code not in there
    ]
    other = [row for code, row in there.items() if code in wanted and row.value != wanted[code]]
    for row in other:
        row.value, row.added_by = wanted[row.code], by[:80]
    LookupRow.objects.filter(pk__in=gone).delete()
    LookupRow.objects.bulk_create(new, batch_size=1000)
    LookupRow.objects.bulk_update(other, ["value", "added_by"], batch_size=1000)


def _flow(subject: Subject, content: Content | None, by: str) -> None:
    owned = Flow.objects.filter(**owned_by(subject), slug=subject.key)
    if content is None:
        owned.update(enabled=False)  # its messages stay, and with them what they went through
        return
    columns = {
        "object_type": content["object"],
        "source_id": content["from"],
        "target_id": content["to"],
        "at_time": time_of(content),
        **{name: content[name] for name in _SAME_IN_BOTH},
    }
    flow = owned.first() or Flow(**owned_by(subject), slug=subject.key)
    for name, value in columns.items():
        setattr(flow, name, value)
    flow.save()


_SAME_IN_BOTH = ("latency", "every_minutes", "routed", "enabled", "drift")


def _contract(subject: Subject, content: Content | None, by: str) -> None:
    slug, object_type = subject.key.split(" ")
    endpoint = _endpoint(subject, slug)
    if content is None:
        Contract.objects.filter(endpoint=endpoint, object_type=object_type).delete()
        return
    Contract.objects.update_or_create(
        endpoint=endpoint, object_type=object_type, defaults={"schema": content["schema"]}
    )
    drift.settle(endpoint, object_type, Compiled(content["schema"]), by=by)


def _extension(subject: Subject, content: Content | None, by: str) -> None:
    entity, namespace = subject.key.split(" ", 1)
    customer = Customer.objects.select_for_update().get(pk=owned_by(subject)["customer_id"])
    of_entity: dict[str, Any] = customer.extensions.setdefault(entity, {})
    if content is None:
        of_entity.pop(namespace, None)
    else:
        of_entity[namespace] = content["schema"]
    customer.save(update_fields=["extensions"])


def _endpoint(subject: Subject, slug: str) -> Endpoint:
    found = Endpoint.objects.filter(**owned_by(subject), slug=slug).first()
    if found is None:
        raise LookupError(f"There is no endpoint {slug} any more.")
    return found


_WRITERS: dict[str, Callable[[Subject, Content | None, str], None]] = {
    Kind.MAPPING: _mapping,
    Kind.RULES: _rules,
    Kind.LOOKUP: _lookup,
    Kind.FLOW: _flow,
    Kind.CONTRACT: _contract,
    Kind.EXTENSION: _extension,
}
