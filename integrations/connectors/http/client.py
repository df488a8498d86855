"""The conversation with one HTTP system."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, unquote

from integrations.canonical.problem import Problem, shorten
from integrations.connectors import checks
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.connectors.http import probe
from integrations.connectors.http.access import site_of
from integrations.connectors.http.settings import Call, calls
from integrations.connectors.outbound import Outbound, Outcome
from integrations.transports.http import describe, encode
from integrations.transports.threads import Threads, never
from portal.core.errors import CrossdockError, NeedsPerson, Permanent, Retryable
from portal.core.recovery import raise_for_recovery
from portal.core.response import Response

_LONGEST_ID: Final = 120


class HttpClient:
    """One endpoint's client; kept between batches, safe from any thread."""

    def __init__(self, connection: Connection) -> None:
        settings = connection.settings
        self._site = site_of(connection)
        self._settings = settings
        self._connection = connection
        self._calls = calls(connection, "calls")
        self._look_ups = calls(connection, "look_ups")
        self._key_header = settings["idempotency_header"]
        self._threads = Threads(connection.concurrency)

    def test_connection(self) -> Iterator[Check]:
        """Host, TLS, whether the system takes the secret, and its clock."""
        lines = probe.lines(self._site, self._connection)
        return checks.hushed(lines, self._connection.secrets)

    def deliver(
        self, batch: Sequence[Outbound], *, enough: Callable[[], bool] = never
    ) -> Iterator[Outcome]:
        """One call for each item, as many at a time as the connection allows."""
        return self._threads.each(self._deliver, batch, enough=enough)

    def close(self) -> None:
        self._threads.close()

    def _deliver(self, item: Outbound) -> Outcome:
        body = encode(item.document)
        answer: dict[str, Any] = {}
        try:
            call = _call_for(item, self._calls)
            if call is None:
                raise Permanent(f"No call is entered for {item.object_type}", code="not_supported")
            if item.retried and (found := self._look_up(item)):
                return Outcome(item.message_id, remote_id=found[0], sent=body, answer=found[1])
            headers = {self._key_header: str(item.message_id)} if self._key_header else None
            response = self._site.send(call.method, _path(call, item), body=body, headers=headers)
            answer = describe(response)
            if not (response.status == 409 and self._settings["conflict_confirms"]):
                raise_for_recovery(response, problems=_problems)
        except CrossdockError as error:
            return Outcome(item.message_id, error=error, sent=body, answer=answer)
        return Outcome(
            item.message_id, remote_id=self._remote_id(response), sent=body, answer=answer
        )

    def _look_up(self, item: Outbound) -> tuple[str | None, dict[str, Any]] | None:
        """What the system has of a delivery that may have arrived; None when it has nothing."""
        call = _call_for(item, self._look_ups)
        if call is None:
            return None
        response = self._site.send(call.method, _path(call, item))
        if response.status in {404, 410}:
            return None
        raise_for_recovery(response)
        return self._remote_id(response), describe(response)

    def _remote_id(self, response: Response) -> str | None:
        """The system's own id, where its answer names one. What an answer says besides is its own
        affair: a 2xx has taken effect even if no JSON came with it."""
        if response.body[:1] != b"{":
            return None
        try:
            found = response.json().get(self._settings["id_field"])
        except Retryable:
            return None
        plain = isinstance(found, str | int) and not isinstance(found, bool)
        return str(found)[:_LONGEST_ID] if plain else None


def _call_for(item: Outbound, entered: Mapping[str, Call]) -> Call | None:
    return entered.get(item.object_type) or entered.get("*")


def _path(call: Call, item: Outbound) -> str:
    """The path for one item. Values only ever fill a part of one segment: they cannot reach another
    path, host or query."""
    parts = list(call.parts)
    for place in range(1, len(parts), 2):
        parts[place] = quote(str(getattr(item, parts[place]) or ""), safe="")
    path = "".join(parts)
    # Dots survive quoting, and some servers take a quoted slash for one: a segment of dots would climb.
    plain = unquote(path).replace("\\", "/")
    if any(segment in {".", ".."} for segment in plain.split("/")) or "//" in path:
        text = f"{shorten(item.business_key)} cannot be part of an address."
        raise NeedsPerson([Problem("bad_key", "", shorten(item.business_key), text)])
    return path


def _problems(answer: Response) -> list[Problem]:
    """A refusal of the content, in the system's own words."""
    if answer.status not in {400, 422}:
        return []
    text = shorten(describe(answer)["body"]) or "it gave no reason"
    return [Problem("rejected", "", "", f"The system refused the document: {text}")]
