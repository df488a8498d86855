"""Calls of a GraphQL server: one document and its variables, and what came of it."""

import time
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from integrations.connectors.graphql import faults
from integrations.connectors.graphql.faults import Dialect
from integrations.connectors.graphql.quota import Bucket
from integrations.transports.http import Site, encode
from portal.core.errors import Retryable
from portal.core.recovery import parse_retry_after, raise_for_recovery
from portal.core.response import Response

# Longer than this a call does not wait for the bucket: it is given back to whoever plans its next try.
LONGEST_WAIT: Final = 15.0
_MOST_TRIES: Final = 4
_SHORTEST_WAIT: Final = 0.05
_UNREADABLE: Final = frozenset({401, 403, 408, 425, 429})  # the status says it all


class Said(NamedTuple):
    """`data` of a good answer, and the answer itself."""

    data: dict[str, Any]
    answer: Response


class Conversation:
    """Raises only the four errors named by recovery. Safe from any thread."""

    def __init__(self, site: Site, path: str, dialect: Dialect | None = None) -> None:
        self._site, self._path = site, path
        self.dialect = dialect or Dialect()
        self._bucket = Bucket()

    def ask(self, document: str, variables: Mapping[str, Any] | None = None) -> Said:
        """`data` of the answer, once the quota allows the call.

        Any error in the answer is raised, also beside data: what a system leaves out of a document for want
        of rights must not pass for what it has. A throttled call was not begun: it is asked again when its
        points are there, unless that takes long.
        """
        changes = document.lstrip().startswith("mutation")
        for tried in range(1, _MOST_TRIES + 1):
            self._wait(document)
            answer = self.send(document, variables)
            try:
                return Said(self._data(document, answer, changes=changes), answer)
            except Retryable as error:
                waits = error.retry_after
                is_short = waits is not None and waits <= LONGEST_WAIT
                if error.code != "rate_limited" or not is_short or tried == _MOST_TRIES:
                    raise
                time.sleep(max(waits or 0.0, _SHORTEST_WAIT))
        raise AssertionError("unreachable")

    def send(self, document: str, variables: Mapping[str, Any] | None = None) -> Response:
        """The answer, whatever it is."""
        body = encode({"query": document, "variables": dict(variables or {})})
        return self._site.send(
            "POST", self._path, body=body, headers={"Accept": "application/json"}
        )

    def _wait(self, document: str) -> None:
        waits = self._bucket.take(document, most=LONGEST_WAIT)
        if waits > LONGEST_WAIT:
            text = f"{self.dialect.name} takes no more for now: its quota is used up"
            raise Retryable(text, retry_after=waits, code="rate_limited")
        if waits > 0:
            time.sleep(waits)

    def _data(self, document: str, answer: Response, *, changes: bool) -> dict[str, Any]:
        if answer.status in _UNREADABLE or answer.status >= 500:
            raise_for_recovery(answer)
        said = _said(answer)
        quota = self.dialect.quota(said) if said else None
        if quota:
            self._bucket.heard(document, quota)
        if found := faults.faults_of(said):
            waits = parse_retry_after(answer.header("Retry-After"))
            if waits is None and quota:
                waits = quota.waits
            raise faults.error_of(found, self.dialect, changes=changes, waits=waits)
        raise_for_recovery(answer)
        data = said.get("data") if said else None
        if not isinstance(data, dict):
            raise Retryable(f"{answer!r} holds no data", uncertain=changes)
        return data


def _said(answer: Response) -> dict[str, Any] | None:
    """The answer as an object; None for anything else. A good one that is no JSON is the server's page for
    people, and raises Retryable."""
    try:
        said = answer.json()
    except Retryable:
        if 200 <= answer.status < 300:
            raise
        return None
    return said if isinstance(said, dict) else None
