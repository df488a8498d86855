"""One document to a described system: looked for if it may be there, written, and what came of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from integrations.connectors.described import answers, filling, places
from integrations.connectors.described.api import Api
from integrations.connectors.described.looking import Looker
from integrations.connectors.described.system import (
    Chunks,
    First,
    LookUp,
    Place,
    System,
    Template,
    Write,
)
from integrations.connectors.outbound import Outbound, Outcome
from integrations.transports.http import describe, encode
from portal.core.errors import CrossdockError, NeedsPerson, Permanent, Retryable
from portal.core.response import Response

_LONGEST_ID: Final = 120
_GONE: Final = frozenset({404, 410})


# Object type and document, with the details that its write asked for, to the document that is sent.
# NeedsPerson for a document that cannot become one.
Shape = Callable[[str, dict[str, Any]], dict[str, Any]]


def as_it_is(object_type: str, document: dict[str, Any]) -> dict[str, Any]:
    return document


class Performer:
    """Delivers what goes in one call. Safe from any thread; an outcome for every item, never an error."""

    def __init__(self, api: Api, system: System, shape: Shape = as_it_is) -> None:
        self._api, self._system, self._shape = api, system, shape
        self._looker = Looker(api, system)

    def parted(self, batch: Sequence[Outbound]) -> list[list[Outbound]]:
        """The items of `batch` by the calls they go in."""
        parts: list[list[Outbound]] = []
        open_part: dict[str, list[Outbound]] = {}
        for item in batch:
            write = self._system.writes.get(item.object_type)
            size = write.batch.size if write and write.batch else 1
            part = open_part.get(item.object_type)
            if part is None or len(part) >= size:
                part = open_part[item.object_type] = []
                parts.append(part)
            part.append(item)
        return parts

    def __call__(self, part: Sequence[Outbound]) -> list[Outcome]:
        """The outcomes of one call. What is refused together is tried one by one: one bad entry must not
        hold back the good ones."""
        outcomes = self._perform(part)
        if len(part) > 1 and _is_about_content(outcomes[0].error):
            return [outcome for item in part for outcome in self._perform([item])]
        return outcomes

    def _perform(self, part: Sequence[Outbound]) -> list[Outcome]:
        [*_, item] = part
        sent, answer = b"", {}
        try:
            write = self._system.writes.get(item.object_type)
            if write is None:
                raise self._unwritten(item.object_type)
            if item.retried and (found := self._look_up(write, item)):
                return [Outcome(item.message_id, remote_id=found[0], answer=found[1])]
            for body in self._bodies(write, part):
                sent = encode(body)
                response = self._send(write, item, sent)
                answer = describe(response)
                answers.judge(self._system, response, writing=True)
        except CrossdockError as error:
            return [Outcome(one.message_id, error=error, sent=sent, answer=answer) for one in part]
        return [
            Outcome(
                one.message_id,
                remote_id=_id(response, write.id) or one.remote_id,
                sent=sent,
                answer=answer,
            )
            for one in part
        ]

    def _unwritten(self, object_type: str) -> Permanent:
        if why := self._system.unready.get(object_type):
            return Permanent(f"No {object_type} can be written: {why}", code="bad_setting")
        text = f"The description says nothing of how a {object_type} is written"
        return Permanent(text, code="not_supported")

    def _bodies(self, write: Write, part: Sequence[Outbound]) -> Iterator[Any]:
        """What is sent, call by call: mostly one."""
        documents = [self._document(write, item) for item in part]
        body: Any = documents[0] if write.batch is None else documents
        if write.batch and write.batch.under:
            body = {write.batch.under: documents}
        for chunk in _chunks_of(body, write.chunks) if write.chunks else [body]:
            yield _wrapped(chunk, write.wrap)

    def _document(self, write: Write, item: Outbound) -> dict[str, Any]:
        known = self._looker.known(write.details, item)
        whole = {**item.document, **known}
        shaped = self._shape(item.object_type, whole)
        if write.first:
            self._do_first(write.first, item, whole)
        dropped = {*write.leave_out, *known}
        return {name: value for name, value in shaped.items() if name not in dropped}

    def _do_first(self, first: First, item: Outbound, whole: dict[str, Any]) -> None:
        """The call before the write, where the system is not ready for it yet."""
        if first.values.isdisjoint(map(places.word, places.find_all(whole, first.when))):
            return
        path = filling.fill_path(first.call.path, item)
        params = _filled(first.call.params, item)
        answer = self._api.write(first.call.method, path, b"", params=params, headers={})
        answers.judge(self._system, answer, writing=True)

    def _send(self, write: Write, item: Outbound, body: bytes) -> Response:
        call = write.update if write.update and item.remote_id else write.create
        headers = {write.key_header: str(item.message_id)} if write.key_header else {}
        path = filling.fill_path(call.path, item)
        params = _filled(call.params, item)
        return self._api.write(call.method, path, body, params=params, headers=headers)

    def _look_up(self, write: Write, item: Outbound) -> tuple[str | None, dict[str, Any]] | None:
        """What the system has of a delivery that may have arrived; None when it has nothing."""
        asked = write.look_up
        if asked is None:
            return None
        response = self._api.ask(filling.fill_path(asked.path, item), _filled(asked.params, item))
        if response.status in _GONE:
            return None
        answers.judge(self._system, response, writing=False)
        said = response.json() if response.body.strip() else None
        if asked.match:
            entry = _matching(asked, item, places.find(said, asked.found or ()))
            return None if entry is None else (_word(entry, asked.id), describe(response))
        if asked.found is not None and not places.find(said, asked.found):
            return None
        return _id(response, asked.id) or item.remote_id, describe(response)


def _is_about_content(error: CrossdockError | None) -> bool:
    too_large = isinstance(error, Permanent) and error.code == "too_large"
    return too_large or isinstance(error, NeedsPerson)


def _filled(params: Mapping[str, Template], item: Outbound) -> dict[str, str]:
    return {name: filling.fill_parameter(text, item) for name, text in params.items()}


def _wrapped(body: Any, names: Place) -> Any:
    for name in reversed(names):
        body = {name: body}
    return body


def _chunks_of(document: dict[str, Any], chunks: Chunks) -> Iterator[Any]:
    """The document with a part of its list at a time; an empty list is one call, too."""
    entries = document.get(chunks.of) or []
    for start in range(0, max(1, len(entries)), chunks.size):
        some = entries[start : start + chunks.size]
        yield some if chunks.alone else {**document, chunks.of: some}


def _matching(asked: LookUp, item: Outbound, listed: Any) -> Any:
    """The entry of a list that has the values of this delivery; None where none has."""
    wanted = [(where, filling.fill_parameter(text, item)) for where, text in asked.match]
    for entry in listed if isinstance(listed, list) else []:
        if all(value in map(places.word, places.find_all(entry, where)) for where, value in wanted):
            return entry
    return None


def _word(entry: Any, where: Place | None) -> str | None:
    return None if where is None else places.word(places.find(entry, where))[:_LONGEST_ID] or None


def _id(response: Response, where: Place | None) -> str | None:
    """The system's own id, where its answer names one. What an answer says besides is its own affair: a
    good one has taken effect even if no JSON came with it."""
    if where is None:
        return None
    try:
        return _word(response.json(), where)
    except Retryable:
        return None
