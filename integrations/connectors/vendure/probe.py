"""The live test of a shop: what the key may read there, without changing anything."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from integrations.connectors import checks, web_checks
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.connectors.graphql import lists
from integrations.connectors.graphql.conversation import Conversation, Said
from integrations.connectors.vendure.documents import ABOUT
from integrations.connectors.vendure.polling import LISTINGS
from integrations.connectors.vendure.settings import digits
from integrations.connectors.vendure.variants import location_of
from portal.core.errors import CrossdockError, NeedsCredentials

_RIGHTS: Final = (
    "Give its role ReadOrder, UpdateOrder, ReadCatalog, UpdateCatalog, ReadCustomer and"
    " ReadStockLocation."
)


def lines(connection: Connection, conversation: Callable[[], Conversation]) -> Iterator[Check]:
    """Host, TLS, key, scope and clock."""
    last: Check | None = None
    for last in web_checks.lines(str(connection.settings["url"])):
        yield last
    if last is not None and last.passed is False:
        yield from checks.rest(last.name)
        return
    try:
        about = conversation().ask(ABOUT)
    except CrossdockError as error:
        yield web_checks.key_refused(error)
        yield from checks.rest("key")
        return
    channel: Any = about.data.get("activeChannel") or {}
    yield checks.passed("key", f"The shop knows the key. The channel is {channel.get('code')}.")
    yield _scope(connection, conversation(), about)
    yield web_checks.clock_of(about.answer)


def _scope(connection: Connection, conversation: Conversation, about: Said) -> Check:
    channel: Any = about.data.get("activeChannel") or {}
    entered = str(connection.settings.get("channel_token") or "").strip()
    if entered and channel.get("token") != entered:
        # A server with one channel takes any token for it.
        text = "The shop has no channel with the token that is entered."
        return checks.failed("scope", text, "Correct the channel token, or leave it empty.")
    server: Any = (about.data.get("globalSettings") or {}).get("serverConfig") or {}
    if server.get("moneyStrategyPrecision") != digits(connection):
        text = f"The shop's amounts have {server.get('moneyStrategyPrecision')} decimal places."
        return checks.failed("scope", text, "Correct the decimal places of amounts.")
    try:
        for listing in LISTINGS.values():
            lists.page(conversation, listing, {**listing.since(None), "take": 1}, None)
        location_of(conversation, str(connection.settings.get("stock_location") or "").strip())
    except NeedsCredentials:
        text = "The key may not read all of orders, products, customers and stock locations."
        return checks.failed("scope", text, _RIGHTS)
    except CrossdockError as error:
        return checks.failed("scope", f"{error}.", "Correct the settings, or try again.")
    text = (
        "The key may read orders, products, customers and stock locations. What it may change shows with"
        " the first delivery."
    )
    return checks.passed("scope", text)
