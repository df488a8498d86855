"""One page of a stream: asked for, judged, and taken apart."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from integrations.connectors.described import answers, paging, rows
from integrations.connectors.described.api import Api
from integrations.connectors.described.looking import Looker
from integrations.connectors.described.polling import EndlessListError, Position
from integrations.connectors.described.system import Stream, System
from integrations.connectors.inbound import Page
from integrations.transports.threads import Threads
from portal.core.errors import CrossdockError, NeedsPerson, Permanent, Retryable
from portal.core.response import Response


class Reader:
    """Reads the lists of one system. Safe from any thread."""

    def __init__(self, api: Api, system: System, threads: Threads | None = None) -> None:
        """Without `threads` rows stay without their details."""
        self._api, self._system, self._threads = api, system, threads

    def page(self, stream: Stream, cursor: Mapping[str, Any], *, now: datetime) -> Page:
        """The page of `stream` at `cursor`, and where the next one is."""
        here = Position.of(cursor).begin(stream, now)
        by_link = stream.paging.kind == "link" and here.at is not None
        path = str(here.at) if by_link else stream.ask.path
        response = self._api.ask(path, {} if by_link else here.params(stream))
        try:
            answers.judge(self._system, response, writing=False, listing=True)
        except (NeedsPerson, Permanent):
            if (anew := here.left()) is None:
                raise
            return Page([], anew.cursor(), False)
        nothing = answers.says_nothing(self._system, response)
        try:
            answer = rows.read(b"" if nothing else response.body, stream.rows)
            _refuse_size(self._system, len(answer.rows))
            behind, more = here.move(
                stream,
                answer.rows,
                at=self._next(stream, here, answer, response),
                told=_told(response),
                most_pages=self._system.most_pages,
            )
        except ValueError as error:
            raise _unfit(error, stream) from None
        found = answer.rows
        if self._threads is not None:
            found = Looker(self._api, self._system).completed(stream.details, found, self._threads)
        documents = [rows.received(stream, row) for row in found]
        return Page(documents, behind.cursor(), more)

    def _next(
        self, stream: Stream, here: Position, answer: rows.Answer, response: Response
    ) -> paging.At:
        link = paging.next_of(response.header("Link") or "")
        count = len(answer.rows)
        at = paging.following(stream.paging, here.at, rows=count, data=answer.data, link=link)
        if at is None or stream.paging.kind != "link":
            return at
        auth = self._system.auth
        hidden = auth.name if auth.kind == "query" else ""
        return paging.within(self._api.base, response.url, str(at), without=hidden)


def _refuse_size(system: System, count: int) -> None:
    if count > system.most_rows:
        raise ValueError(
            f"One answer has {count} rows, and {system.most_rows} are the most:"
            " ask for smaller pages, or raise limits.rows."
        )


def _unfit(error: ValueError, stream: Stream) -> CrossdockError:
    text = f"{stream.name}: {error}"
    if isinstance(error, rows.NoJsonError):
        return Retryable(text)
    code = "endless_list" if isinstance(error, EndlessListError) else "settings_invalid"
    return Permanent(text, code=code)


def _told(response: Response) -> datetime | None:
    """When the answer was made, by the system's own clock."""
    try:
        at = parsedate_to_datetime(response.header("Date") or "")
    except ValueError:
        return None
    return at.replace(tzinfo=at.tzinfo or UTC)
