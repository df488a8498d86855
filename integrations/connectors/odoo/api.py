"""Calls of Odoo's models, by JSON-2 or by JSON-RPC: the same methods, told in two ways."""

import threading
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlsplit

from integrations.connectors.connection import Connection
from integrations.connectors.described import pace
from integrations.connectors.described.system import Rate
from integrations.connectors.odata import values
from integrations.connectors.odoo import answers
from integrations.connectors.odoo.account import account_of
from integrations.connectors.odoo.settings import JSON_2
from integrations.transports.http import Site
from portal.core.errors import NeedsCredentials, Permanent
from portal.core.response import Response

# Odoo Online asks for about one call a second, and bears a few at once.
_ONLINE: Final = Rate(per_second=1, burst=20)
_ANYWHERE: Final = Rate()
# In JSON-RPC their first argument goes by its place: its name is another in each version.
_BY_PLACE: Final = {"create": "vals_list"}


class Told(NamedTuple):
    """What a method gave, and the answer it came in."""

    value: Any
    answer: Response


class Api:
    """Raises only the four errors. Safe from any thread."""

    def __init__(self, connection: Connection) -> None:
        settings = connection.settings
        self.base = str(settings["url"]).rstrip("/")
        self._database = str(settings["database"]).strip()
        self._login = str(settings["login"] or "").strip()
        self._by_rpc = settings["protocol"] != JSON_2
        found = connection.secrets.get("api_key")
        if not found:
            raise NeedsCredentials("No API key is entered")
        if self._by_rpc and not self._login:
            raise NeedsCredentials("No user is entered, and JSON-RPC wants one")
        self._key = found
        self._site = Site(self.base)
        self._context = _context(settings)
        self._pace = pace.shared(account_of(connection), rate_of(self.base))
        self._lock = threading.Lock()
        self._uid = 0
        self._fields: dict[str, Mapping[str, Any]] = {}

    def call(
        self,
        model: str,
        method: str,
        *,
        ids: Iterable[int] | None = None,
        context: Mapping[str, Any] | None = None,
        writing: bool = False,
        **given: Any,
    ) -> Told:
        """Call a method of a model, or of the records `ids`."""
        answer = self.ask(model, method, ids=ids, context=context, **given)
        return Told(self.judged(answer, writing=writing), answer)

    def judged(self, answer: Response, *, writing: bool) -> Any:
        """What the method gave, by the answer of `ask`. Raises the error that names what helps."""
        return answers.result(answer, writing=writing, enveloped=self._by_rpc)

    def ask(
        self,
        model: str,
        method: str,
        *,
        ids: Iterable[int] | None = None,
        context: Mapping[str, Any] | None = None,
        **given: Any,
    ) -> Response:
        """The same, and the answer whatever it says."""
        given["context"] = {**self._context, **(context or {})}
        listed = None if ids is None else list(ids)
        if not self._by_rpc:
            body = given if listed is None else {"ids": listed, **given}
            return self._send(f"/json/2/{quote(model)}/{quote(method)}", body)
        placed = [] if listed is None else [listed]
        if name := _BY_PLACE.get(method):
            placed.append(given.pop(name))
        key = self._key.reveal()
        called = [self._database, self.sign_in(), key, model, method, placed, given]
        return self._send("/jsonrpc", _envelope("object", "execute_kw", called))

    def sign_in(self) -> int:
        """The number of the user, for JSON-RPC. Asked for once."""
        with self._lock:
            if not self._uid:
                called = [self._database, self._login, self._key.reveal(), {}]
                answer = self._send("/jsonrpc", _envelope("common", "authenticate", called))
                found = answers.result(answer, writing=False, enveloped=True)
                if not isinstance(found, int) or isinstance(found, bool):
                    text = "Odoo knows no such user with this key in this database"
                    raise NeedsCredentials(text, code="auth_expired")
                self._uid = found
            return self._uid

    def fields(self, model: str) -> Mapping[str, Any]:
        """The fields that a model has here: they depend on the version and on what is installed."""
        if model not in self._fields:
            found = self.call(model, "fields_get", attributes=["type"]).value
            self._fields[model] = found if isinstance(found, dict) else {}
        return self._fields[model]

    def search(
        self,
        model: str,
        domain: list[Any],
        wanted: Iterable[str],
        *,
        order: str = "id",
        limit: int = 0,
        context: Mapping[str, Any] | None = None,
    ) -> list[dict[str, Any]]:
        """The records of a model that `domain` tells, with those of the `wanted` fields that it has."""
        there = self.fields(model)
        names = [name for name in wanted if name in there]
        asked: dict[str, Any] = {"domain": domain, "fields": names, "order": order}
        if limit:
            asked["limit"] = limit
        found = self.call(model, "search_read", context=context, **asked).value
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise Permanent(f"Odoo's search of {model} gave no list", code="bad_request")
        return found

    def _send(self, path: str, body: Mapping[str, Any]) -> Response:
        headers = {"Accept": "application/json", "Content-Type": "application/json; charset=utf-8"}
        if not self._by_rpc:
            headers["Authorization"] = f"bearer {self._key.reveal()}"
            headers["X-Odoo-Database"] = self._database
        self._pace.wait()
        return self._site.send("POST", path, body=values.encode(dict(body)), headers=headers)


def _envelope(service: str, method: str, called: list[Any]) -> dict[str, Any]:
    params = {"service": service, "method": method, "args": called}
    return {"jsonrpc": "2.0", "method": "call", "id": 1, "params": params}


def _context(settings: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if language := str(settings["language"]).strip():
        found["lang"] = language
    if company := str(settings["company"]).strip():
        if not (company.isascii() and company.isdigit()):
            raise Permanent("The company in the settings is no number", code="bad_setting")
        found["allowed_company_ids"] = [int(company)]
    return found


def rate_of(address: str) -> Rate:
    """How many calls an address takes."""
    host = urlsplit(address).hostname or ""
    return _ONLINE if host.endswith(".odoo.com") else _ANYWHERE
