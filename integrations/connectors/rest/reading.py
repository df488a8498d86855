"""One page of a stream: asked for, judged, and taken apart."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from integrations.connectors.inbound import Page
from integrations.connectors.rest import answers, paging, rows
from integrations.connectors.rest.api import Api
from integrations.connectors.rest.polling import EndlessListError, Position
from integrations.connectors.rest.system import Stream, System
from portal.core.errors import CrossdockError, Permanent, Retryable
from portal.core.response import Response


def page(
    api: Api, system: System, stream: Stream, cursor: Mapping[str, Any], *, now: datetime
) -> Page:
    """The page of `stream` at `cursor`, and where the next one is."""
    here = Position.of(cursor).begin(stream, now)
    by_link = stream.paging.kind == "link" and here.at is not None
    path = str(here.at) if by_link else stream.ask.path
    response = api.ask(path, {} if by_link else here.params(stream))
    answers.judge(system, response, writing=False)
    try:
        answer = rows.read(response.body, stream.rows)
        _refuse_size(system, len(answer.rows))
        at = _next(api, system, stream, here, answer, response)
        behind, more = here.move(
            stream, answer.rows, at=at, told=_told(response), most_pages=system.most_pages
        )
    except ValueError as error:
        raise _unfit(error, stream) from None
    documents = [rows.received(stream, row) for row in answer.rows]
    return Page(documents, behind.cursor(), more)


def _next(
    api: Api,
    system: System,
    stream: Stream,
    here: Position,
    answer: rows.Answer,
    response: Response,
) -> paging.At:
    link = paging.next_of(response.header("Link") or "")
    at = paging.following(
        stream.paging, here.at, rows=len(answer.rows), data=answer.data, link=link
    )
    if at is None or stream.paging.kind != "link":
        return at
    hidden = system.auth.name if system.auth.kind == "query" else ""
    return paging.within(api.base, response.url, str(at), without=hidden)


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
