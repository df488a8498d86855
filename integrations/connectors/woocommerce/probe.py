"""The live test of a store: what its key may do, without changing anything in the store."""

from collections.abc import Iterator
from typing import Any, Final

from integrations.connectors import checks, web_checks
from integrations.connectors.client import Check
from integrations.connectors.woocommerce.api import Api
from portal.core.errors import CrossdockError, Retryable
from portal.core.recovery import raise_for_recovery
from portal.core.response import Response

_READ: Final = ("orders", "products", "customers")
# A batch of nothing changes nothing, and is refused where a change would be.
_WRITTEN: Final[dict[str, dict[str, list[Any]]]] = {"orders": {}, "products": {"update": []}}
_NOTHING: Final = {"per_page": "1"}
_RIGHTS: Final = (
    "In WooCommerce > Settings > Advanced > REST API give the key Read/Write, and a user who is shop"
    " manager or administrator."
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
        answer = api.ask("/orders", _NOTHING)
    except CrossdockError as error:
        yield web_checks.key_refused(error)
        yield from checks.rest("key")
        return
    clock = web_checks.clock_of(answer)
    key = _key(answer)
    yield key
    yield _scope(api, answer) if key.passed else checks.not_after("scope", "key")
    yield clock


def _key(answer: Response) -> Check:
    if _lacks_rights(answer):
        return checks.passed("key", "The store knows the key.")
    if answer.status in {404, 410}:
        text = f"No WooCommerce REST API is at this address: it answered {answer.status}."
        remedy = (
            "Enter the address of the shop's front page, and in WordPress choose permalinks other"
            " than plain."
        )
        return checks.failed("key", text, remedy)
    try:
        raise_for_recovery(answer)
        answer.json()
    except CrossdockError as error:
        return web_checks.key_refused(error)
    return checks.passed("key", "The store knows the key.")


def _lacks_rights(answer: Response) -> bool:
    """Whether the store knows the key and does not let it do this."""
    said = _said(answer)
    code, message = str(said.get("code", "")), str(said.get("message", ""))
    if answer.status == 401:
        return code == "woocommerce_rest_authentication_error" and "permissions" in message
    return answer.status == 403 and code.startswith("woocommerce_rest_cannot_")


def _said(answer: Response) -> dict[str, Any]:
    try:
        said = answer.json()
    except Retryable:
        return {}
    return said if isinstance(said, dict) else {}


def _scope(api: Api, orders: Response) -> Check:
    try:
        read = {"orders": orders.status}
        read |= {name: api.ask(f"/{name}", _NOTHING).status for name in _READ[1:]}
        written = {
            name: api.write("POST", f"/{name}/batch", body).status
            for name, body in _WRITTEN.items()
        }
    except CrossdockError as error:
        return checks.failed("scope", f"{error}.", "Try again in a few minutes.")
    may = [_words("read", _good(read)), _words("write", _good(written))]
    missing = [_refused("read", read), _refused("write", written)]
    text = f"The key may {' and '.join(filter(None, may)) or 'do nothing'}"
    if not any(missing):
        return checks.passed("scope", f"{text}.")
    return checks.failed(
        "scope", f"{text}, but may not {' and not '.join(filter(None, missing))}.", _RIGHTS
    )


def _good(answers: dict[str, int]) -> list[str]:
    return [name for name, status in answers.items() if 200 <= status < 300]


def _words(verb: str, names: list[str]) -> str:
    return f"{verb} {', '.join(names)}" if names else ""


def _refused(verb: str, answers: dict[str, int]) -> str:
    good = _good(answers)
    names = [f"{name} ({status})" for name, status in answers.items() if name not in good]
    return _words(verb, names)
