"""One document to a described system: looked for if it may be there, written, and what came of it."""

from typing import Any, Final

from integrations.connectors.described import answers, filling, places
from integrations.connectors.described.api import Api
from integrations.connectors.described.system import Place, System, Write
from integrations.connectors.outbound import Outbound, Outcome
from integrations.transports.http import describe, encode
from portal.core.errors import CrossdockError, Permanent, Retryable
from portal.core.response import Response

_LONGEST_ID: Final = 120
_GONE: Final = frozenset({404, 410})


class Performer:
    """Delivers one item. Safe from any thread; an outcome for every item, never an error."""

    def __init__(self, api: Api, system: System) -> None:
        self._api, self._system = api, system

    def __call__(self, item: Outbound) -> Outcome:
        sent, answer = b"", {}
        try:
            write = self._system.writes.get(item.object_type)
            if write is None:
                text = f"The description says nothing of how a {item.object_type} is written"
                raise Permanent(text, code="not_supported")
            if item.retried and (found := self._look_up(write, item)):
                return Outcome(item.message_id, remote_id=found[0], answer=found[1])
            sent = encode(_body(write, item))
            response = self._send(write, item, sent)
            answer = describe(response)
            answers.judge(self._system, response, writing=True)
        except CrossdockError as error:
            return Outcome(item.message_id, error=error, sent=sent, answer=answer)
        remote_id = _id(response, write.id) or item.remote_id
        return Outcome(item.message_id, remote_id=remote_id, sent=sent, answer=answer)

    def _send(self, write: Write, item: Outbound, body: bytes) -> Response:
        call = write.update if write.update and item.remote_id else write.create
        headers = {write.key_header: str(item.message_id)} if write.key_header else {}
        path = filling.fill_path(call.path, item)
        return self._api.write(call.method, path, body, headers=headers)

    def _look_up(self, write: Write, item: Outbound) -> tuple[str | None, dict[str, Any]] | None:
        """What the system has of a delivery that may have arrived; None when it has nothing."""
        asked = write.look_up
        if asked is None:
            return None
        params = {name: filling.fill_parameter(text, item) for name, text in asked.params.items()}
        response = self._api.ask(filling.fill_path(asked.path, item), params)
        if response.status in _GONE:
            return None
        answers.judge(self._system, response, writing=False)
        if asked.found is not None and not places.find(response.json(), asked.found):
            return None
        return _id(response, asked.id) or item.remote_id, describe(response)


def _body(write: Write, item: Outbound) -> Any:
    body: Any = {k: v for k, v in item.document.items() if k not in write.leave_out}
    for name in reversed(write.wrap):
        body = {name: body}
    return body


def _id(response: Response, where: Place | None) -> str | None:
    """The system's own id, where its answer names one. What an answer says besides is its own affair: a
    good one has taken effect even if no JSON came with it."""
    if where is None:
        return None
    try:
        return places.word(places.find(response.json(), where))[:_LONGEST_ID] or None
    except Retryable:
        return None
