"""Calls of a system that speaks OData: lists, entities, and changes with what they have to carry."""

from collections.abc import Mapping
from typing import Any

from integrations.connectors.described.pace import Pace
from integrations.connectors.described.system import Rate
from integrations.connectors.odata import answers, values
from integrations.connectors.odata.session import CsrfSession, is_required
from integrations.connectors.odata.version import Version
from integrations.transports.http import Site
from portal.core.errors import Retryable
from portal.core.response import Response


class Api:
    """Gives the answer, whatever its status, unless it says otherwise. Safe from any thread.

    `base` stands before every path. `session`: a path whose GET gives a token against forged requests, for
    systems that want one. `per_second` 0: as fast as it goes. `polls_with` are headers of
    polls and of no other call: what was written just now may not show with them.
    """

    def __init__(
        self,
        site: Site,
        base: str,
        version: Version,
        *,
        session: str = "",
        per_second: float = 0,
        polls_with: Mapping[str, str] | None = None,
    ) -> None:
        self.base, self.version = base.rstrip("/"), version
        self._site = site
        self._pace = Pace(Rate(per_second=per_second))
        self._polls_with = dict(polls_with or {})
        self._session = CsrfSession(lambda headers: self._token(session, headers))
        self._has_session = bool(session)

    def ask(
        self, path: str, parameters: Mapping[str, str], *, headers: Mapping[str, str] | None = None
    ) -> Response:
        """A GET. `path` may be a link that brings its own query."""
        query = values.query({**parameters, **dict(self.version.parameters)})
        joint = "&" if "?" in path else "?"
        given = {"Accept": self.version.accept, **(headers or {})}
        self._pace.wait()
        return self._site.send("GET", f"{path}{joint}{query}" if query else path, headers=given)

    def poll(self, path: str, parameters: Mapping[str, str]) -> Response:
        """A GET for a page of a list that is polled."""
        return self.ask(path, parameters, headers=self._polls_with)

    def rows(self, path: str, parameters: Mapping[str, str]) -> list[dict[str, Any]]:
        """The entities of a short list. Raises for an answer that is not good."""
        answer = self.ask(path, parameters)
        answers.judge(answer, writing=False)
        found: Any = answer.json()
        for step in self.version.rows:
            found = found.get(step) if isinstance(found, dict) else None
        if not isinstance(found, list):
            raise Retryable(f"{answer!r} is no list", code="unavailable")
        return [row for row in found if isinstance(row, dict)]

    def entity(self, path: str, parameters: Mapping[str, str]) -> dict[str, Any]:
        """One entity. Raises for an answer that is not good."""
        answer = self.ask(path, parameters)
        answers.judge(answer, writing=False)
        return self.version.found(answer.json())

    def write(self, method: str, path: str, body: bytes | None, *, etag: str = "") -> Response:
        """A change. One that is refused for want of a token is sent once more with a new one: it took no
        effect."""
        headers = {"Accept": self.version.accept, **({"If-Match": etag} if etag else {})}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if not self._has_session:
            self._pace.wait()
            return self._site.send(method, path, body=body, headers=headers)
        for _ in range(2):
            held = self._session.headers()
            self._pace.wait()
            answer = self._site.send(method, path, body=body, headers={**headers, **held})
            if not is_required(answer):
                return answer
            self._session.drop(held)
        raise Retryable(f"{answer!r}: the system takes none of the tokens it gave")

    def _token(self, path: str, headers: Mapping[str, str]) -> Response:
        answer = self.ask(path, {}, headers=headers)
        answers.judge(answer, writing=False)
        return answer
