"""Orders with items nobody knows, and the cases they make."""

from tests.live import Installation, until

OPERATOR = "dana@kestrelpoint.example"
ENGINEER = "eli@kestrelpoint.example"
ADMIN = "ada@kestrelpoint.example"
VIEWER = "hanna@harboroutfitters.example"
# A poll brings each order once more, and the later copy ends the one that a fix has frozen.
_SELDOM = """UPDATE integrations_pollcursor SET every_seconds = 86400, due_at = now() + interval '1 day'
    WHERE stream = 'orders' RETURNING id"""
_OPEN = "monitoring_exceptioncase WHERE value = %s AND closed_at IS NULL"


def held(installation: Installation, code: str) -> int:
    """How many documents the open case of the item holds."""
    return installation.number(f"SELECT coalesce(max(documents), 0) FROM {_OPEN}", code)


def number(installation: Installation, code: str) -> int:
    """The open case of the item."""
    return installation.number(f"SELECT number FROM {_OPEN}", code)


def hold(
    installation: Installation, code: str, *, count: int, also: str = "", quantity: int = 1
) -> set[str]:
    """Place orders with an unknown item, `also` with a second one in each. Returns their numbers once
    the item's case holds them."""
    installation.rows(_SELDOM)
    before = held(installation, code)
    lines = [{"sku": sku, "quantity": quantity} for sku in (code, also) if sku]
    placed = {
        str(installation.store.tell("order", line_items=lines)["number"]) for _ in range(count)
    }
    until(lambda: held(installation, code) == before + count, seconds=60)
    return placed


def shipped(installation: Installation) -> set[str]:
    """The numbers of the orders that the store has been told a shipment of."""
    return set(installation.store.effects()["shipments"])
