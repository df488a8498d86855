"""Tryton's REST API as calls and errors."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlencode

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.tryton import wire
from integrations.connectors.tryton.settings import text
from integrations.transports.http import Site, encode
from portal.core.errors import NeedsCredentials, Permanent, Retryable
from portal.core.recovery import parse_retry_after, raise_for_recovery
from portal.core.response import Response

Domain = Sequence[Any]
ASKED_AT_ONCE: Final = 50  # codes in one question: it has to fit an address
_BY_ID: Final = (("id", "ASC"),)
_LOCKED: Final = 423
_LONGEST_WORDS: Final = 800


class Api:
    """Calls in the name of one company. Safe from any thread; raises only the errors of `portal.core`."""

    def __init__(self, connection: Connection) -> None:
        key = connection.secrets.get("key")
        if not key:
            raise NeedsCredentials("No key is entered")
        base = text(connection, "url").rstrip("/")
        database = quote(text(connection, "database"), safe="")
        headers = {"Authorization": f"bearer {key.reveal()}", "Accept": "application/json"}
        self._site = Site(f"{base}/{database}/rest/model", headers=headers)
        self._named = text(connection, "company")
        self._company: int | None = None
        self._lock = threading.Lock()

    def preferences(self) -> Response:
        """What Tryton knows of the key's user, whatever the answer's status."""
        return self._site.send(
            "POST", "/res.user/get_preferences", body=encode({"context_only": True})
        )

    @property
    def company(self) -> int:
        """The id of the company: the one that is named, else the one the key's user works for."""
        with self._lock:
            if self._company is None:
                self._company = self._find_company()
            return self._company

    def search(
        self,
        model: str,
        fields: Iterable[str],
        domain: Domain = (),
        *,
        order: Domain = _BY_ID,
        limit: int | None = None,
        after: int | None = None,
        context: Mapping[str, Any] | None = None,
    ) -> Response:
        """The records of a domain, those behind the id `after` where it is given: a good answer."""
        within = list(domain) if after is None else [*domain, ["id", ">", after]]
        query = [("d", wire.packed(within)), ("o", wire.packed(order))]
        if limit is not None:
            query.append(("s", str(limit)))
        answer = self._send("GET", f"/{model}", fields, query=query, context=context)
        _judge(answer)
        return answer

    def find(
        self,
        model: str,
        fields: Iterable[str],
        domain: Domain = (),
        *,
        order: Domain = _BY_ID,
        limit: int | None = None,
    ) -> list[dict[str, Any]]:
        """The same as plain records."""
        return listed(self.search(model, fields, domain, order=order, limit=limit))

    def find_by_code(
        self, model: str, fields: Iterable[str], codes: Iterable[str]
    ) -> dict[str, dict[str, Any]]:
        """The records with these codes, by code. Of several with one code, the first."""
        wanted = list(dict.fromkeys(codes))
        found: dict[str, dict[str, Any]] = {}
        for start in range(0, len(wanted), ASKED_AT_ONCE):
            asked = wanted[start : start + ASKED_AT_ONCE]
            for record in self.find(model, [*fields, "code"], [["code", "in", asked]]):
                found.setdefault(str(record["code"]), record)
        return found

    def create(self, model: str, body: bytes, fields: Iterable[str]) -> Response:
        """Create a record. The answer whatever its status: `check` it once it is noted."""
        return self._send("POST", f"/{model}", fields, body=body)

    def write(self, model: str, record: int, body: bytes, fields: Iterable[str]) -> Response:
        return self._send("PUT", f"/{model}/{record}", fields, body=body)

    def press(self, model: str, record: int, button: str, fields: Iterable[str]) -> Response:
        """Press a button of a record, as a person does in the client."""
        return self._send("POST", f"/{model}/{record}/{button}", fields, body=b"{}")

    def ask(self, model: str, method: str, values: Mapping[str, Any]) -> Response:
        """Call a method of a model, whatever its answer's status."""
        return self._send("POST", f"/{model}/{method}", (), body=encode(values))

    def _send(
        self,
        method: str,
        path: str,
        fields: Iterable[str],
        *,
        query: Sequence[tuple[str, str]] = (),
        body: bytes | None = None,
        context: Mapping[str, Any] | None = None,
    ) -> Response:
        within = {"company": self.company, **(context or {})}
        asked = urlencode([*(("f", name) for name in fields), *query])
        return self._site.send(
            method,
            f"{path}?{asked}" if asked else path,
            body=body,
            headers={"X-Tryton-Context": wire.packed(within)},
        )

    def _find_company(self) -> int:
        found = check(self.preferences()).get("company")
        if self._named:
            query = urlencode([("f", "id"), ("d", wire.packed([["party.name", "=", self._named]]))])
            answer = self._site.send("GET", f"/company.company?{query}")
            _judge(answer)
            found = next((one["id"] for one in listed(answer)), None)
        if not isinstance(found, int):
            said = f"no company called {self._named}" if self._named else "no company for its user"
            raise Permanent(f"Tryton knows {said}", code="settings_invalid")
        return found


def check(answer: Response) -> dict[str, Any]:
    """The record of a good answer, plain; else the error that names what helps.

    A refusal asks a person, in Tryton's own words.
    """
    _judge(answer)
    said = wire.plain(answer.json())
    if not isinstance(said, dict):
        raise Retryable(f"{answer!r} is no record of Tryton's API", uncertain=True)
    return said


def listed(answer: Response) -> list[dict[str, Any]]:
    """The records of a good answer, plain. Retryable where it is no list: mostly a page for people."""
    said = wire.plain(answer.json())
    if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
        raise Retryable(f"{answer!r} is no list of Tryton's API")
    return said


def words_of(answer: Response) -> str:
    """What Tryton says to whoever it refuses something; empty where it says nothing."""
    try:
        said = answer.json()
    except Retryable:
        return ""
    if not isinstance(said, dict) or not said.get("message"):
        return ""
    return " ".join(f"{said['message']} {said.get('description') or ''}".split())[:_LONGEST_WORDS]


def _judge(answer: Response) -> None:
    if answer.status == _LOCKED:  # two changed one record; it is free again in a moment
        wait = parse_retry_after(answer.header("Retry-After"))
        raise Retryable(f"{answer!r}: the record is locked", retry_after=wait, code="conflict")
    raise_for_recovery(answer, problems=_refusal)


def _refusal(answer: Response) -> list[Problem]:
    words = words_of(answer) if answer.status == 400 else ""
    return [Problem("erp_refused", "", "", f"Tryton says: {words}")] if words else []
