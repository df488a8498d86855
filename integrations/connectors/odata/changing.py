"""Changing an entity that others change too: read, compared, and written if it is still the same."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from integrations.connectors.odata import answers
from integrations.connectors.odata.api import Api
from portal.core.response import Response

_TRIES: Final = 3
Decide = Callable[[dict[str, Any]], bytes | None]


def change(
    api: Api, path: str, decide: Decide, *, parameters: Mapping[str, str], method: str = "PATCH"
) -> Response | None:
    """Give `decide` the entity at `path` and write what it returns, with the version that was read. None
    where it has nothing to write. Who comes in between is seen: then it is read again, and decided anew.

    Raises what `decide` raises; Retryable (`conflict`) where somebody always comes in between.
    """
    for attempt in range(_TRIES):
        entity = api.entity(path, parameters)
        body = decide(entity)
        if body is None:
            return None
        # Of an entity without a version of its own any will do.
        etag = api.version.etag_of(entity) or "*"
        answer = api.write(method, path, body or None, etag=etag)
        if attempt + 1 == _TRIES or not answers.is_in_use(answer):
            break
    answers.judge(answer, writing=True)
    return answer
