"""What one version of a configuration makes of one document."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from integrations.canonical import keys
from integrations.canonical.problem import Problem


class Result(NamedTuple):
    """`body` is None where nothing came out. `key` is the business key, `target` the route (empty:
    none). `amount` is what the document is worth in `currency`, None where it says nothing."""

    body: dict[str, Any] | None
    problems: tuple[Problem, ...] = ()
    key: str = ""
    target: str = ""
    amount: Decimal | None = None
    currency: str = ""

    @property
    def valid(self) -> bool:
        return self.body is not None and not self.problems


def result_of(
    object_type: str,
    body: dict[str, Any] | None,
    *,
    problems: Sequence[Problem] = (),
    target: str = "",
) -> Result:
    """A canonical body with its key and amount read from it. Bears a body that is not valid; then
    the key is empty. KeyError for an unknown object type."""
    if body is None:
        return Result(None, tuple(problems), target=target)
    said = keys.summary(object_type, body)
    key = "" if problems else keys.business_key(object_type, body)
    return Result(body, tuple(problems), key, target, _decimal(said.amount), said.currency)


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
