"""The live test of a shop: what the app may do there, without changing anything."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from integrations.connectors import checks, web_checks
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.connectors.graphql.conversation import Conversation, Said
from integrations.connectors.shopify.documents import ABOUT, LOCATION, VERSION
from integrations.connectors.shopify.settings import location_of
from portal.core.errors import CrossdockError

# Each is there when one of its names is; what may be written may be read, too.
_NEEDED: Final[tuple[tuple[str, ...], ...]] = (
    ("read_orders", "write_orders"),
    ("read_customers", "write_customers"),
    ("read_products", "write_products"),
    ("read_locations",),
    ("write_inventory",),
    (
        "write_merchant_managed_fulfillment_orders",
        "write_third_party_fulfillment_orders",
        "write_assigned_fulfillment_orders",
    ),
)
_OPTIONAL: Final = {
    "write_products": "set prices",
    "write_orders": "cancel orders",
    "read_all_orders": "read orders older than 60 days",
}
_RIGHTS: Final = (
    "Give the app these scopes in the Dev Dashboard, and install its new version in the shop."
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
    shop: Any = about.data.get("shop") or {}
    yield checks.passed("key", f"The shop {shop.get('name') or ''} knows the app.")
    yield _scope(connection, conversation(), about)
    yield web_checks.clock_of(about.answer)


def _scope(connection: Connection, conversation: Conversation, about: Said) -> Check:
    installed: Any = about.data.get("currentAppInstallation") or {}
    has = {str(one.get("handle")) for one in installed.get("accessScopes") or []}
    if missing := [" or ".join(names) for names in _NEEDED if not has.intersection(names)]:
        return checks.failed("scope", f"The app lacks {', '.join(missing)}.", _RIGHTS)
    try:
        asked = {"location": location_of(connection)}
        place = conversation.ask(LOCATION, asked).data.get("location")
    except CrossdockError as error:
        return checks.failed("scope", f"{error}.", "Try again in a few minutes.")
    if not isinstance(place, dict):
        text = "The shop has no location of the number that is entered."
        return checks.failed("scope", text, "Correct the location, or leave it empty.")
    cannot = [verb for scope, verb in _OPTIONAL.items() if scope not in has]
    but = f", but may not {', '.join(cannot)}" if cannot else ""
    text = f"The app may do what is needed{but}. Its stock is that of {place.get('name')}."
    spoken = about.answer.header("X-Shopify-API-Version")
    if spoken and spoken != VERSION:
        # An expired version is answered by the oldest one there still is, without a word.
        text += f" The shop speaks version {spoken} with us, not {VERSION}."
    return checks.passed("scope", text)
