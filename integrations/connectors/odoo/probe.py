"""The live test of an Odoo database: does it know the user, and may the user read the lists?"""

from collections.abc import Callable, Iterator
from typing import Final

from integrations.connectors import checks, web_checks
from integrations.connectors.client import Check
from integrations.connectors.odoo.api import Api
from integrations.connectors.odoo.lists import LISTINGS
from portal.core.errors import CrossdockError, NeedsCredentials, Permanent

_RIGHTS: Final = (
    "In Odoo, give the user the rights of Sales, Inventory and Invoicing and install their apps, or leave the"
    " stream out."
)
_ADDRESS: Final = "Correct the address, the name of the database and the version of the API."


def lines(address: str, api: Callable[[], Api]) -> Iterator[Check]:
    """Host, TLS, key, scope and clock. Nothing is written."""
    last: Check | None = None
    for last in web_checks.lines(address):
        yield last
    if last is not None and last.passed is False:
        yield from checks.rest(last.name)
        return
    try:
        called = api()
        # Every user may read these; a wrong key, database or protocol shows.
        told = called.call("res.users", "context_get")
    except CrossdockError as error:
        yield _refused(error)
        yield from checks.rest("key")
        return
    yield checks.passed("key", "Odoo knows the user by the key.")
    yield _scope(called)
    yield web_checks.clock_of(told.answer)


def _refused(error: CrossdockError) -> Check:
    if isinstance(error, Permanent) and error.code in {"not_found", "bad_request"}:
        return checks.failed("key", f"{error}.", _ADDRESS)
    return web_checks.key_refused(error)


def _scope(api: Api) -> Check:
    read, refused = [], []
    for listing in LISTINGS:
        try:
            api.search(listing.model, [], ("id",), limit=1)
        except (NeedsCredentials, Permanent) as error:
            refused.append(f"{listing.name} ({error})")
        except CrossdockError as error:
            return checks.failed("scope", f"{error}.", "Try again in a few minutes.")
        else:
            read.append(listing.name)
    text = f"Read: {', '.join(read) or 'nothing'}."
    if not refused:
        return checks.passed("scope", f"{text} Writing shows with the first order.")
    return checks.failed("scope", f"{text} Refused: {'; '.join(refused)}.", _RIGHTS)
