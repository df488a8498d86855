"""The live test of an account: what its token sees, without changing anything."""

from collections.abc import Callable, Iterator
from typing import Any

from integrations.connectors import checks, web_checks
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.connectors.graphql.conversation import Conversation
from integrations.connectors.shiphero.documents import ABOUT
from portal.core.errors import CrossdockError


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
    yield checks.passed("key", "ShipHero knows the token.")
    yield _scope(connection, (about.data.get("account") or {}).get("data") or {})
    yield web_checks.clock_of(about.answer)


def _scope(connection: Connection, account: dict[str, Any]) -> Check:
    warehouses = {
        str(one.get("id")): str(one.get("identifier")) for one in account.get("warehouses") or []
    }
    names = ", ".join(warehouses.values()) or "none"
    wanted = str(connection.settings["warehouse_id"] or "")
    if wanted and wanted not in warehouses:
        text = f"The account has no warehouse {wanted}. It has: {names}."
        return checks.failed("scope", text, "Correct the warehouse, or leave it empty.")
    return checks.passed("scope", f"The account sees the warehouses {names}.")
