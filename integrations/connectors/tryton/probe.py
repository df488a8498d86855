"""The live test of a Tryton: whether it knows the key, and what its user may do."""

from collections.abc import Iterator
from typing import Any, Final

from integrations.connectors import checks, web_checks
from integrations.connectors.client import Check
from integrations.connectors.tryton.api import Api, check
from portal.core.errors import CrossdockError

_NEEDED: Final = {
    "sale.sale": ("create", "write"),
    "party.party": ("read",),
    "product.product": ("read",),
    "stock.shipment.out": ("write",),
    "stock.move": ("read",),
    "account.invoice": ("read",),
}
_RIGHTS: Final = (
    "Give the key's user the groups Sales, Stock, Accounting, Party and Product Administration; a model"
    " that is missing comes with the module of its name."
)


def lines(api: Api, address: str) -> Iterator[Check]:
    """Host, TLS, key, scope and clock."""
    last: Check | None = None
    for last in web_checks.lines(address):
        yield last
    if last is not None and last.passed is False:
        yield from checks.rest(last.name)
        return
    yield from _asked(api)


def _asked(api: Api) -> Iterator[Check]:
    try:
        answer = api.preferences()
    except CrossdockError as error:
        yield web_checks.key_refused(error)
        yield from checks.rest("key")
        return
    clock = web_checks.clock_of(answer)
    if answer.status == 404:
        text = "The server knows no such database, or is older than Tryton 8 and has no REST API."
        yield checks.failed("key", text, "Check the name of the database.")
        yield checks.not_after("scope", "key")
        yield clock
        return
    try:
        known = check(answer)
    except CrossdockError as error:
        yield web_checks.key_refused(error)
        yield checks.not_after("scope", "key")
        yield clock
        return
    whose = known.get("company.rec_name") or "no company"
    yield checks.passed("key", f"Tryton knows the key; its user works for {whose}.")
    yield _scope(api)
    yield clock


def _scope(api: Api) -> Check:
    try:
        may: dict[str, Any] = check(
            api.ask("ir.model.access", "get_access", {"models": list(_NEEDED)})
        )
    except CrossdockError as error:
        return checks.failed("scope", f"{error}.", _RIGHTS)
    lacks = [
        f"{right} {model}"
        for model, rights in _NEEDED.items()
        for right in rights
        if not may.get(model, {}).get(right)
    ]
    if lacks:
        return checks.failed("scope", f"The key's user may not {', '.join(lacks)}.", _RIGHTS)
    text = "The key's user may enter sales, do shipments, and read stock, invoices, products and parties."
    return checks.passed("scope", text)
