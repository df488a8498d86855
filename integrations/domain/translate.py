"""Translate in: from received bytes to canonical bodies or problems. Reads lookups, writes nothing."""

import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db import connection

from integrations.canonical import keys
from integrations.canonical.content import content_hash
from integrations.canonical.extensions import validate_extensions
from integrations.canonical.problem import Problem
from integrations.canonical.validation import validate
from integrations.connectors.inbound import Split
from integrations.domain.configuration import Configuration, EndpointConfig, LookupView
from integrations.domain.hub import Offer, source_time
from integrations.domain.inbox import Inbound
from integrations.mapping import MISSING
from integrations.models import Flow, LookupTable
from portal.core.currencies import MINOR_UNITS

CONTAINER = "interchange"
ACKNOWLEDGEMENT = "acknowledgement"
DRIFT = "contract_drift"
LONGEST_KEY = 160
MOST_WORTH = 10**13


@dataclass
class Reading:
    """What a received document says."""

    message: Inbound
    object_type: str
    offers: list[Offer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)  # for a person, but nothing is held
    mapped: list[dict[str, Any]] = field(default_factory=list)  # whether it could be offered or not
    acknowledgements: list[dict[str, Any]] = field(default_factory=list)
    split: Split | None = None
    mapping: str = ""
    business_key: str = ""
    amount: Decimal | None = None
    currency: str = ""
    source_at: datetime | None = None
    order_id: UUID | None = None  # of the order that an answer is to
    outdone: bool = False  # a later document took effect before it
    body: dict[str, Any] | None = None  # of a single document, as far as the mapping came


class Translator:
    """Translates the documents of one customer in one pass; remembers what it looked up."""

    def __init__(self, config: Configuration) -> None:
        self._config = config
        self._products: dict[str, bool] = {}
        self._bindings: dict[tuple[int, str, str], Any] = {}

    def read(self, message: Inbound) -> Reading:
        """One document. Whatever the bytes, the answer is a reading; what is wrong stands in it."""
        reading = Reading(message, message.object_type)
        endpoint = self._config.endpoints[message.endpoint_id]
        if message.object_type == CONTAINER:
            reading.split = endpoint.connector.mapper.split(
                message.body,
                endpoint.connection,
                received=message.received_at,
                topic=message.topic,
            )
            return reading
        native = endpoint.connector.mapper.read(
            message.object_type, message.topic, message.body, endpoint.connection
        )
        reading.object_type = native.object_type
        reading.problems += native.problems
        if native.object_type == ACKNOWLEDGEMENT:
            reading.acknowledgements = native.documents
        elif not native.problems or len(native.documents) > 1:
            self._map(reading, endpoint, native.documents)
        return reading

    def _map(self, reading: Reading, endpoint: EndpointConfig, documents: list[Any]) -> None:
        mapped = self._config.mapping(endpoint.id, reading.object_type, "in")
        if mapped is None:
            text = f"{endpoint.label} has no mapping for {reading.object_type}"
            reading.problems.append(Problem("mapping_missing", "", reading.object_type, text))
            return
        reading.mapping = mapped.name
        for index, document in enumerate(documents):
            where = f"[{index}]" if len(documents) > 1 else ""
            outcome = mapped.compiled.run(
                document,
                lookup=self.lookup,
                binding=lambda kind, remote: self.bound(endpoint.id, kind, remote),
                context=self._context(endpoint),
            )
            problems = list(outcome.problems)
            if outcome.body is not None:
                reading.mapped.append(outcome.body)
                if not where:
                    _describe(reading, outcome.body)
                if not problems:
                    body, problems = self._check(reading.object_type, outcome.body)
                if not problems:
                    remote_id = endpoint.connector.mapper.remote_id(reading.object_type, document)
                    problems = self._offer(reading, endpoint.id, body, remote_id)
            reading.problems += [p._replace(path=_join(where, p.path)) for p in problems]
        self._hold_against_contract(reading, endpoint, documents)

    def _hold_against_contract(
        self, reading: Reading, endpoint: EndpointConfig, documents: list[Any]
    ) -> None:
        """Drift is remarked on, or holds the document, as the flows it takes say."""
        contract = self._config.contract(endpoint.id, reading.object_type)
        if contract is None:
            return
        policy = self._config.on_drift(endpoint.id, reading.object_type)
        if policy == Flow.Drift.IGNORE:
            return
        drifts = {(d.kind, d.path): d for document in documents for d in contract.drifts(document)}
        found = [Problem(DRIFT, d.path, d.kind, d.text) for d in drifts.values()]
        if found and policy == Flow.Drift.PAUSE:
            reading.problems += found
            reading.offers.clear()
        else:
            reading.remarks += found

    def _context(self, endpoint: EndpointConfig) -> dict[str, Any]:
        return {"endpoint": endpoint.slug, "site": endpoint.site, "settings": _plain(endpoint)}

    def _check(
        self, object_type: str, body: dict[str, Any]
    ) -> tuple[dict[str, Any], list[Problem]]:
        problems = validate(object_type, body)
        if problems or not ("extensions" in body or self._config.extensions):
            return body, problems
        checked = validate_extensions(object_type, body, schemas=self._config.extensions)
        return checked.body, checked.problems

    def _offer(
        self, reading: Reading, endpoint_id: int, body: dict[str, Any], remote_id: str | None
    ) -> list[Problem]:
        key = keys.business_key(reading.object_type, body)
        if len(key) > LONGEST_KEY:
            text = f"The key of this {reading.object_type} is longer than {LONGEST_KEY} characters"
            return [Problem("key_too_long", "", key[:60], text)]
        text_ = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        if "\\u0000" in text_ or not _is_unicode(text_):
            sentence = "The document holds characters that are no text (a zero or half a character)"
            return [Problem("encoding_error", "", "", sentence)]
        reading.offers.append(
            Offer(
                reading.message.id,
                endpoint_id,
                reading.object_type,
                key,
                body,
                text_,
                content_hash(body),
                remote_id,
            )
        )
        return []

    def lookup(self, table: str, code: Any) -> Any:
        """What `code` means by crosswalk `table`; MISSING when a person has to say it."""
        view = self._config.lookups.get(table)
        if view is None:
            return code
        found = view.rows.get(str(code))
        return found if found is not None else self._default(view, code)

    def _default(self, view: LookupView, code: Any) -> Any:
        if view.default == LookupTable.Default.PASS_THROUGH:
            return code
        if view.default == LookupTable.Default.VALUE:
            return view.default_value
        if view.default == LookupTable.Default.MASTER and self._is_product(str(code)):
            return code
        return MISSING

    def _is_product(self, sku: str) -> bool:
        if sku not in self._products:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT 1 FROM integrations_record WHERE customer_id = %s"
                    " AND object_type = 'product' AND business_key = %s",
                    [self._config.customer_id, sku],
                )
                self._products[sku] = cursor.fetchone() is not None
        return self._products[sku]

    def bound(self, endpoint_id: int, object_type: str, remote_id: Any) -> Any:
        """The number of the record an endpoint calls `remote_id`; MISSING when it is none we know."""
        key = (endpoint_id, object_type, str(remote_id))
        if key not in self._bindings:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT r.number FROM integrations_binding b"
                    " JOIN integrations_record r ON r.id = b.record_id"
                    " WHERE b.endpoint_id = %s AND b.object_type = %s AND b.remote_id = %s",
                    list(key),
                )
                row = cursor.fetchone()
                self._bindings[key] = row[0] if row else MISSING
        return self._bindings[key]


def _plain(endpoint: EndpointConfig) -> dict[str, Any]:
    return dict(endpoint.connection.settings)


def _describe(reading: Reading, body: dict[str, Any]) -> None:
    """Note what a body that may not be valid is about, for the people who will mend it."""
    with suppress(LookupError, TypeError):
        reading.business_key = keys.business_key(reading.object_type, body)[:LONGEST_KEY]
    line = keys.summary(reading.object_type, body)
    reading.amount = _amount(line.amount)
    reading.currency = line.currency if line.currency in MINOR_UNITS else ""
    reading.source_at = source_time(reading.object_type, body)
    reading.body = body


def _amount(text: str) -> Decimal | None:
    """The worth a document claims, if it is a number our columns can hold."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < MOST_WORTH else None


def _join(where: str, path: str) -> str:
    return f"{where}.{path}" if where and path and not path.startswith("[") else where + path


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
