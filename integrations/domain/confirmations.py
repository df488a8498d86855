"""What a supplier says of our orders: taken, refused, or taken otherwise than ordered.

A refusal holds the order at the supplier's endpoint, where a person sends it again or elsewhere. What of a
taken order will be otherwise is a remark for each line on the answer itself.
"""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection

from integrations.canonical.order_answer import Compared, compare
from integrations.canonical.problem import Problem, shorten
from integrations.canonical.units import Rate
from integrations.connectors.outbound import ORDER_ANSWER
from integrations.domain import acknowledge, hub, problems
from integrations.domain.acknowledge import Ours
from integrations.domain.configuration import Configuration
from integrations.domain.hub import Milestone
from integrations.domain.translate import Reading, Translator
from integrations.domain.units_told import UnitsTold


class _Sent(NamedTuple):
    """A version of an order that went to the supplier."""

    ours: Ours
    body: dict[str, Any]

    @property
    def is_cancelled(self) -> bool:
        return self.body.get("status") == "cancelled"


def apply(config: Configuration, readings: Sequence[Reading]) -> set[str]:
    """Note what the answers among `readings` say of our orders. Returns the SKUs of which stock was let go
    with a cancel that was agreed to."""
    skus: set[str] = set()
    for reading in readings:
        for answer in reading.acknowledgements:
            if ORDER_ANSWER in answer:
                skus |= _apply_one(config, reading, answer[ORDER_ANSWER])
    return skus


def _apply_one(config: Configuration, reading: Reading, answer: dict[str, Any]) -> set[str]:
    endpoint_id, number = reading.message.endpoint_id, str(answer["number"])
    label = config.endpoints[endpoint_id].label
    sent = _sent(config.customer_id, endpoint_id, number)
    if not sent:
        text = f"{label} answers order {shorten(number)}, which was not sent there"
        reading.problems.append(Problem("ack_unknown", "po_number", shorten(number), text))
        return set()
    if len({one.ours.order_id for one in sent}) > 1:
        text = f"{label} answers order {shorten(number)}, and several orders there have this number"
        reading.problems.append(Problem("ack_unknown", "po_number", shorten(number), text))
        return set()
    units = UnitsTold(config.customer_id, Translator(config))
    meant, compared = _meant(sent, answer, label, units.rate)
    reading.order_id = meant.ours.order_id
    if compared.refusal:
        # A change that is refused leaves the order as it was taken before.
        why = {meant.ours.id: compared.refusal}
        cause = "Refused by the supplier's answer"
        acknowledge.hold(config, endpoint_id, [meant.ours], why, cause=cause)
        return set()
    # Who takes a cancelled order has not taken the cancel.
    known = [
        one.ours
        for one in sent
        if _version(one.ours) <= _version(meant.ours) and (compared.agrees or not one.is_cancelled)
    ]
    if _is_whole(meant, answer, compared):
        _close_earlier(reading, label, as_it_is=compared.agrees)
    reading.remarks += compared.differences
    _note_differences(config, reading, compared.differences)
    cause = "Confirmed by the supplier's answer"
    return acknowledge.accept(config, reading, known, cause=cause, verb="confirmed")


def _is_whole(meant: _Sent, answer: dict[str, Any], compared: Compared) -> bool:
    """Whether it says what becomes of all of the order, and so outdoes what was said before."""
    if not answer["lines"]:
        return compared.agrees
    return not meant.is_cancelled and len(answer["lines"]) == len(meant.body["lines"])


def _close_earlier(reading: Reading, label: str, *, as_it_is: bool) -> None:
    """What earlier answers to the order differed in, where one is of the whole order."""
    cause = f"{label} takes the order as it is" if as_it_is else f"{label} has answered again"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM integrations_message WHERE order_id = %s AND endpoint_id = %s"
            " AND direction = 'in' AND object_type = 'acknowledgement' AND state = 'applied'",
            [reading.order_id, reading.message.endpoint_id],
        )
        earlier = [row[0] for row in cursor.fetchall()]
    problems.close_problems(earlier, actor="", cause=cause)


def _note_differences(
    config: Configuration, reading: Reading, differences: Sequence[Problem]
) -> None:
    """On the order's own history, where its people look."""
    if reading.order_id:
        hub.mark(
            config.customer_id,
            [Milestone(reading.order_id, "", p.text, reading.message.id) for p in differences],
        )


def _meant(
    sent: Sequence[_Sent], answer: dict[str, Any], label: str, rate: Rate
) -> tuple[_Sent, Compared]:
    """The version that was answered, newest first: the first that the answer agrees with, for it may have
    crossed a change on its way. What agrees with none is held against the newest."""
    found = [(one, compare(one.body, answer, label=label, rate=rate)) for one in sent]
    return next((pair for pair in found if pair[1].agrees), found[0])


def _version(ours: Ours) -> int:
    return ours.record_version or 0


def _sent(customer_id: int, endpoint_id: int, number: str) -> list[_Sent]:
    """What went to this endpoint of orders with this number, newest first. Their own number goes before
    others, such as that of the buyer's purchase."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT m.id, m.part, m.order_id, m.object_type, m.record_id, m.flow_id, m.record_version,
                m.state, coalesce(v.body, r.body)::text, upper(r.number) = upper(%s)
            FROM integrations_record r
            JOIN integrations_message m ON m.record_id = r.id AND m.endpoint_id = %s
                AND m.direction = 'out' AND m.object_type = 'order' AND m.interchange_id IS NOT NULL
            LEFT JOIN integrations_recordversion v ON v.record_id = r.id
                AND v.version = m.record_version
            WHERE r.customer_id = %s AND r.object_type = 'order' AND r.numbers @> ARRAY[upper(%s)]
            ORDER BY m.record_version DESC, m.id DESC
            """,
            [number, endpoint_id, customer_id, number],
        )
        rows = cursor.fetchall()
    exact = [row for row in rows if row[9]] or rows
    return [_Sent(Ours(*row[:8]), json.loads(row[8])) for row in exact]
