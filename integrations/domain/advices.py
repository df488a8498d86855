"""What a partner says of one document of ours by its number: taken or refused, received, paid.

An acknowledgement says that a file could be read, and comes first. An advice is of what is in it: one that
accepts confirms the document as an acknowledgement would, and one that refuses holds it, confirmed or not.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection

from integrations.canonical.problem import Problem
from integrations.connectors.advices import ADVICE, PAYMENT, RECEIPT, REFUSED, VERDICT, WITH_ERRORS
from integrations.domain import acknowledge, hub, payments_told, receipts_told
from integrations.domain.acknowledge import Ours
from integrations.domain.configuration import Configuration
from integrations.domain.hub import Milestone
from integrations.domain.translate import Reading
from integrations.models import Record

_CAUSES: Final = {
    VERDICT: "Accepted by application advice",
    RECEIPT: "Confirmed by an advice of what was received",
    PAYMENT: "Confirmed by an advice of what was paid",
}


def apply(config: Configuration, readings: Sequence[Reading]) -> set[str]:
    """Take each advice among `readings` to the document it is about. Returns the SKUs of which stock was
    let go with an accepted cancel."""
    skus: set[str] = set()
    for reading in readings:
        for told in reading.acknowledgements:
            if ADVICE in told:
                skus |= _apply_one(config, reading, told)
    return skus


def _apply_one(config: Configuration, reading: Reading, told: dict[str, Any]) -> set[str]:
    label = config.endpoints[reading.message.endpoint_id].label
    ours = _find(config, reading.message.endpoint_id, told["about"])
    if not ours and told[ADVICE] == PAYMENT:
        reading.remarks.append(payments_told.unmatched(label, told))
        return set()
    if not ours:
        reading.problems.append(_unknown(told["about"]))
        return set()
    if told[ADVICE] == VERDICT:
        return _judge(config, reading, ours, told)
    skus = acknowledge.accept(config, reading, ours, cause=_CAUSES[told[ADVICE]])
    for message in ours:
        if told[ADVICE] == RECEIPT:
            receipts_told.compare(config, reading, message, told)
        else:
            payments_told.apply(config, reading, message, told)
    return skus


def _judge(
    config: Configuration, reading: Reading, ours: Sequence[Ours], told: dict[str, Any]
) -> set[str]:
    endpoint_id = reading.message.endpoint_id
    label = config.endpoints[endpoint_id].label
    if told["code"] == REFUSED:
        why = acknowledge.reasons(told, label=label)
        refusals = {message.id: why for message in ours}
        acknowledge.hold(config, endpoint_id, ours, refusals, cause=acknowledge.BY_ADVICE)
        return set()
    if told["code"] == WITH_ERRORS:
        reading.remarks.append(_with_errors(label, told))
    notes = [(m.record_id or m.order_id) for m in ours]
    cause = f"{label} took it into their system"
    hub.mark(
        config.customer_id,
        [Milestone(record, "", cause, reading.message.id) for record in notes if record],
    )
    return acknowledge.accept(config, reading, ours, cause=_CAUSES[VERDICT])


def _with_errors(label: str, told: dict[str, Any]) -> Problem:
    number = next(iter(told["about"]["numbers"]), "")
    text = f"{label} took {number} with errors: {'; '.join(told['errors'])}"
    return Problem("accepted_with_errors", "", number, text)


def _unknown(about: dict[str, Any]) -> Problem:
    named = ", ".join(about["numbers"]) or f"{about['group']} {about['part']}".strip()
    text = f"An advice on {named or 'nothing'}, which we did not send to them, or more than once"
    return Problem("ack_unknown", "", named[:80], text)


def _find(config: Configuration, endpoint_id: int, about: dict[str, Any]) -> list[Ours]:
    """Its place in a file of ours, else the first of its numbers that names one document. A group and a
    number are that document in the group."""
    if about["group"] and about["functional_id"]:
        inside = _in_group(endpoint_id, about)
        kinds = about["types"] or [m.object_type for m in inside]
        found = [m for m in inside if about["part"] in ("", str(m.part)) and m.object_type in kinds]
        if found and about["numbers"] and not about["part"]:
            found = _of_numbers(found, about["numbers"])
        if found:
            return found
    for number in about["numbers"]:
        found = _named(config.customer_id, endpoint_id, number, about["types"])
        if len(found) == 1:
            return found
    return []


def _in_group(endpoint_id: int, about: dict[str, Any]) -> list[Ours]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM integrations_interchange WHERE endpoint_id = %s AND direction = 'out'"
            " AND functional_id = %s AND ltrim(group_control, '0') = %s",
            [endpoint_id, about["functional_id"], about["group"]],
        )
        files = [row[0] for row in cursor.fetchall()]
    return acknowledge.messages_in(files) if files else []


def _of_numbers(inside: Sequence[Ours], numbers: Sequence[str]) -> list[Ours]:
    """Those of the first of these numbers that some have, or that their orders have."""
    ids = {m.id: m.record_id or m.order_id for m in inside}
    known = Record.objects.filter(pk__in=[one for one in ids.values() if one])
    named: dict[UUID | None, set[str]] = {
        pk: {*numbered, number.upper()}
        for pk, numbered, number in known.values_list("pk", "numbers", "number")
    }
    for number in numbers:
        found = [m for m in inside if number.upper() in named.get(ids[m.id], ())]
        if found:
            return found
    return []


def _named(customer_id: int, endpoint_id: int, number: str, types: Sequence[str]) -> list[Ours]:
    """The last that was sent of each record of that number, and what was taken back only where nothing else
    was. Answers to orders are named by their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT ON (r.id, m.object_type) m.id, m.part, m.order_id, m.object_type, m.record_id,
                m.flow_id, m.record_version, m.state
            FROM integrations_record r
            JOIN integrations_message m ON m.record_id = r.id
                OR (m.record_id IS NULL AND m.order_id = r.id AND m.object_type = 'acknowledgement')
            WHERE r.customer_id = %(customer)s AND r.numbers @> ARRAY[upper(%(number)s)]
                AND (upper(r.number) = upper(%(number)s) OR m.object_type = 'acknowledgement')
                AND m.endpoint_id = %(endpoint)s AND m.direction = 'out'
                AND m.interchange_id IS NOT NULL
                AND (%(types)s::text[] = '{}' OR m.object_type = ANY(%(types)s::text[]))
            ORDER BY r.id, m.object_type, m.state = ANY(%(ended)s), m.record_version DESC NULLS LAST,
                m.created_at DESC
            """,
            {"customer": customer_id, "number": number, "endpoint": endpoint_id,
             "types": list(types), "ended": list(acknowledge.ENDED)},
        )  # fmt: skip
        return [Ours(*row) for row in cursor.fetchall()]
