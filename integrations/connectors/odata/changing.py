"""Changing an entity that others change too: read, compared, and written if it is still the same."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from integrations.connectors.odata import answers
from integrations.connectors.odata.api import Api
from integrations.transports.http import describe

_TRIES: Final = 3
Decide = Callable[[dict[str, Any]], bytes | None]


class Changed(NamedTuple):
    """What was sent, nothing where there was nothing to change, and what came of it, for people."""

    sent: bytes
    answer: Mapping[str, Any]


def change(
    api: Api, path: str, decide: Decide, *, parameters: Mapping[str, str], method: str = "PATCH"
) -> Changed:
    """Give `decide` the entity at `path` and write what it returns, with the version that was read; nothing
    where it returns None. Who comes in between is seen: then it is read again, and decided anew.

    Raises what `decide` raises; Retryable (`conflict`) where somebody always comes in between.
    """
    body = b""
    for attempt in range(_TRIES):
        entity = api.entity(path, parameters)
        decided = decide(entity)
        if decided is None:
            return Changed(b"", {"found": True})
        body = decided
        # Of an entity without a version of its own any will do.
        etag = api.version.etag_of(entity) or "*"
        answer = api.write(method, path, body or None, etag=etag)
        if attempt + 1 == _TRIES or not answers.is_in_use(answer):
            break
    answers.judge(answer, writing=True)
    return Changed(body, describe(answer))
