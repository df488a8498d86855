"""The live test of a system that speaks OData: does it take the credentials, and are its lists there?"""

from collections.abc import Callable, Iterator, Sequence

from integrations.connectors import checks, web_checks
from integrations.connectors.client import Check
from integrations.connectors.odata import answers
from integrations.connectors.odata.api import Api
from integrations.connectors.odata.listing import Listing
from portal.core.errors import CrossdockError, NeedsCredentials, Permanent
from portal.core.response import Response


def lines(
    address: str, api: Callable[[], Api], listings: Sequence[Listing], *, rights: str
) -> Iterator[Check]:
    """Host, TLS, key, scope and clock. Nothing is written. `rights` says where a list is allowed."""
    last: Check | None = None
    for last in web_checks.lines(address):
        yield last
    if last is not None and last.passed is False:
        yield from checks.rest(last.name)
        return
    try:
        called = api()
        first = _asked(called, listings[0])
    except CrossdockError as error:
        yield web_checks.key_refused(error)
        yield from checks.rest("key")
        return
    clock = web_checks.clock_of(first)
    key = _key(first)
    yield key
    if key.passed:
        yield _scope(called, listings, first, rights)
    else:
        yield checks.not_after("scope", "key")
    yield clock


def _asked(api: Api, listing: Listing) -> Response:
    wanted = {k: v for k, v in listing.parameters if k != "$expand"} | {"$top": "1"}
    return api.ask(listing.path, wanted)


def _is_known(answer: Response) -> bool:
    """Whether the system knows us, and refuses only this list."""
    return answer.status == 403 and bool(answers.said_in(answer))


def _key(answer: Response) -> Check:
    if _is_known(answer):
        return checks.passed("key", "The system knows the credentials.")
    try:
        answers.judge(answer, writing=False)
        answer.json()
    except Permanent as error:
        if error.code != "not_found":
            return web_checks.key_refused(error)
        text = f"{error}."
        return checks.failed("key", text, "Correct the address: nothing speaks OData there.")
    except CrossdockError as error:
        return web_checks.key_refused(error)
    return checks.passed("key", "The system takes the credentials.")


def _scope(api: Api, listings: Sequence[Listing], first: Response, rights: str) -> Check:
    read, refused = [], []
    for listing in listings:
        try:
            answers.judge(first if listing is listings[0] else _asked(api, listing), writing=False)
        except (NeedsCredentials, Permanent) as error:
            refused.append(f"{listing.name} ({error})")
        except CrossdockError as error:
            return checks.failed("scope", f"{error}.", "Try again in a few minutes.")
        else:
            read.append(listing.name)
    text = f"Read: {', '.join(read) or 'nothing'}."
    if not refused:
        return checks.passed("scope", f"{text} Writing shows with the first order.")
    return checks.failed("scope", f"{text} Refused: {'; '.join(refused)}.", rights)
