"""Documents for a trading partner in one file, X12 or EDIFACT. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi import edifact_envelope
from integrations.connectors.edi.agreement import edifact_profile, is_edifact, x12_profile
from integrations.connectors.edi.edifact_interchanges import FUNCTIONAL_ID as EDIFACT_ID
from integrations.connectors.edi.kinds import ACKNOWLEDGEMENT
from integrations.connectors.edi.settings import BY_865
from integrations.connectors.edi.writing import (
    edifact_answers,
    edifact_invoices,
    edifact_orders,
    edifact_prices,
    edifact_shipments,
    edifact_stock,
    x12_answers,
    x12_changes,
    x12_invoices,
    x12_orders,
    x12_prices,
    x12_returns,
    x12_shipments,
    x12_stock,
)
from integrations.connectors.edi.writing.purchase import NEW, step_of
from integrations.connectors.edi_files import x12_envelope
from integrations.connectors.edi_files.file_name import file_name
from integrations.connectors.edi_files.x12_envelope import Enclosed
from integrations.connectors.outbound import (
    INTERCHANGE_ANSWER,
    ORDER_ANSWER,
    Controls,
    Envelope,
)
from integrations.formats.x12.codes import FUNCTIONAL_ID

Item = tuple[UUID, str, dict[str, Any]]

ORDER: Final = "order"
_AVAILABILITY: Final = "availability"
_TA1: Final = "TA1"
_ANSWERED_CHANGE: Final = "865"
_X12: Final = {
    "shipment": ("856", x12_shipments.ship_notice),
    "invoice": ("810", x12_invoices.invoice),
    "return": ("180", x12_returns.return_answer),
    "price_list": ("832", x12_prices.catalogue),
}
_EDIFACT: Final = {
    "shipment": ("DESADV", edifact_shipments.despatch_advice),
    "invoice": ("INVOIC", edifact_invoices.invoice),
    "price_list": ("PRICAT", edifact_prices.catalogue),
}
_ANSWERS: Final[Mapping[bool, str]] = {False: "997", True: "CONTRL"}
_ORDER_ANSWERS: Final[Mapping[bool, str]] = {False: "855", True: "ORDRSP"}
_STOCK: Final[Mapping[bool, str]] = {False: "846", True: "INVRPT"}


class _Prepared(NamedTuple):
    """The kind of document, those that can be written, and what is wrong with the others."""

    kind: str
    documents: list[tuple[UUID, dict[str, Any]]]
    problems: dict[UUID, list[Problem]]


def file_kind(object_type: str, document: Mapping[str, Any]) -> str:
    """Answers to whole interchanges, and those to changes of orders, are documents of their own; so are new
    orders beside changes of orders."""
    if INTERCHANGE_ANSWER in document:
        return _TA1
    if ORDER_ANSWER in document:
        return _ANSWERED_CHANGE if _is_change(document) else ""
    return NEW if object_type == ORDER and step_of(document) == NEW else ""


def _is_change(answer: Mapping[str, Any]) -> bool:
    return int(answer.get("version", 1)) > 1


def envelope(
    connection: Connection, documents: Sequence[Item], controls: Controls, now: datetime
) -> Envelope:
    """One file of documents of one object type, in their order.

    What cannot be written has problems and is left out; stock goes into one report of many items.
    """
    local = now.astimezone(ZoneInfo(str(connection.settings["time_zone"] or "UTC")))
    edifact = is_edifact(connection)
    if documents[0][1] == _AVAILABILITY:
        return _stock_report(connection, documents, controls, local)
    if INTERCHANGE_ANSWER in documents[0][2]:
        plain = [(id_, document) for id_, _, document in documents]
        answers = x12_envelope.enclose_ta1(x12_profile(connection), plain, controls, local)
        return _made(connection, _TA1, answers, controls, local, edifact=False)
    prepared = _prepare(connection, documents, local)
    enclosed = _enclose(connection, prepared.kind, prepared.documents, controls, local)
    return _made(
        connection,
        prepared.kind,
        Enclosed(enclosed.body, prepared.problems | enclosed.problems),
        controls,
        local,
        edifact=edifact,
    )


def _prepare(connection: Connection, documents: Sequence[Item], local: datetime) -> _Prepared:
    edifact = is_edifact(connection)
    object_type, first = documents[0][1], documents[0][2]
    if object_type == ACKNOWLEDGEMENT and ORDER_ANSWER not in first:
        plain = [(id_, document) for id_, _, document in documents]
        return _Prepared(_ANSWERS[edifact], plain, {})
    if object_type == ACKNOWLEDGEMENT:
        answers = [(i, _answered(d, local, connection)) for i, _, d in documents]
        kind = _ORDER_ANSWERS[edifact]
        if _answers_by_865(connection, first):
            kind = _ANSWERED_CHANGE
        return _Prepared(kind, answers, {})
    makers = _EDIFACT if edifact else _X12
    if object_type == ORDER:
        orders = edifact_orders if edifact else x12_orders
        kind, make = orders.kind_of(first), orders.purchase_order
    elif object_type in makers:
        kind, make = makers[object_type]
    else:
        return _Prepared("", [], {id_: [_no_message(object_type)] for id_, _, _ in documents})
    prepared = _Prepared(kind, [], {})
    for message_id, _, document in documents:
        found: list[Problem] = []
        made = make(document, local, connection, found)
        if found:
            prepared.problems[message_id] = found
        else:
            prepared.documents.append((message_id, made))
    return prepared


def _no_message(object_type: str) -> Problem:
    text = f"This partner takes EDIFACT, and there is no message here for a {object_type}."
    return Problem("not_supported", "", object_type, text)


def _answered(told: dict[str, Any], local: datetime, connection: Connection) -> dict[str, Any]:
    order = told[ORDER_ANSWER]
    if is_edifact(connection):
        return edifact_answers.order_answer(order, f"{local:%Y-%m-%d}", connection)
    if _answers_by_865(connection, told):
        return x12_changes.change_answer(order, local, connection)
    return x12_answers.order_answer(order, connection, changed=_is_change(told))


def _answers_by_865(connection: Connection, answer: Mapping[str, Any]) -> bool:
    agreed = connection.settings["answer_changes"] == BY_865
    return agreed and _is_change(answer) and not is_edifact(connection)


def _stock_report(
    connection: Connection, documents: Sequence[Item], controls: Controls, local: datetime
) -> Envelope:
    """All items in one report, but for those that could not be written alone."""
    edifact = is_edifact(connection)
    kind = _STOCK[edifact]
    make = edifact_stock.stock_report if edifact else x12_stock.stock_report
    alone = [(i, make([document], local, connection)) for i, _, document in documents]
    problems = _enclose(connection, kind, alone, controls, local).problems
    good = [(i, document) for i, _, document in documents if i not in problems]
    body = b""
    if good:
        whole = make([document for _, document in good], local, connection)
        body = _enclose(connection, kind, [(good[0][0], whole)], controls, local).body
    made = _made(connection, kind, Enclosed(body, problems), controls, local, edifact=edifact)
    return made._replace(parts={message_id: controls.first_set for message_id, _ in good})


def _enclose(
    connection: Connection,
    kind: str,
    prepared: Sequence[tuple[UUID, dict[str, Any]]],
    controls: Controls,
    local: datetime,
) -> Enclosed:
    if not prepared:
        return Enclosed(b"", {})
    if is_edifact(connection):
        profile = edifact_profile(connection)
        return edifact_envelope.enclose(profile, kind, prepared, controls, local)
    return x12_envelope.enclose(x12_profile(connection), kind, prepared, controls, local)


def _made(
    connection: Connection,
    kind: str,
    enclosed: Enclosed,
    controls: Controls,
    local: datetime,
    *,
    edifact: bool,
) -> Envelope:
    name = file_name(kind, str(connection.settings["partner_id"]), local, controls)
    if not edifact:
        return Envelope(name, enclosed.body, FUNCTIONAL_ID.get(kind, kind), enclosed.problems)
    return Envelope(
        name,
        enclosed.body,
        EDIFACT_ID,
        enclosed.problems,
        content_type="application/edifact",
        reference=edifact_envelope.reference(controls),
    )
