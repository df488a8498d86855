"""Usage events as JSON says them: read with a sentence for everything that is wrong."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from billing.domain.intake import Event, Refusal
from portal.core.money import parse_amount

MOST: Final = 1000
_MOST_PROPERTIES: Final = 20
_LONGEST: Final = 200
_NAME: Final = 40
_FIELDS: Final = {
    "account", "kind", "key", "happened_at", "quantity", "properties", "revision", "reason",
}  # fmt: skip
# Kinds that we note ourselves, of what moved here.
OWN_KINDS: Final = frozenset({
    "document", "edi_document", "edi_characters", "endpoint", "flow", "storage", "tier", "operator",
    "onboarding", "resource",
})  # fmt: skip


class UnreadableEventError(ValueError):
    """The event cannot be read; the text says what is wrong with which field."""


class Batch:
    """The events of one request that can be read, each with its place, and why others cannot."""

    def __init__(self, given: Any, *, source: str, accounts: Mapping[str, int]) -> None:
        self.events: list[Event] = []
        self.places: list[int] = []
        self.refused: list[Refusal] = []
        for at, one in enumerate(given):
            try:
                self.events.append(_read(one, source, accounts))
                self.places.append(at)
            except UnreadableEventError as error:
                self.refused.append(Refusal(at, str(error)))

    def in_place(self, refused: Sequence[Refusal]) -> list[Refusal]:
        """All that was refused, by the place in the request."""
        noted = [Refusal(self.places[one.at], one.text) for one in refused]
        return sorted([*self.refused, *noted])


def _read(given: Any, source: str, accounts: Mapping[str, int]) -> Event:
    if not isinstance(given, Mapping):
        raise UnreadableEventError("An event is an object.")
    if unknown := sorted(given.keys() - _FIELDS):
        raise UnreadableEventError(f"{ascii(unknown[0])[1:-1]}: there is no such field.")
    kind, key = _text(given, "kind", most=30), _text(given, "key", most=100)
    if kind in OWN_KINDS:
        raise UnreadableEventError(f"kind: {kind} is noted here, of what moved. Choose another.")
    account = _text(given, "account", most=41)
    if account not in accounts:
        raise UnreadableEventError(f"account: there is no {account}.")
    quantity, revision = _quantity(given.get("quantity", "1")), _revision(given.get("revision", 0))
    return Event(
        account=accounts[account],
        kind=kind,
        key=f"{source}/{key}",
        happened_at=_instant(given.get("happened_at")),
        quantity=quantity,
        times=0 if revision and not quantity else 1,  # it did not happen
        properties=_properties(given.get("properties", {})),
        revision=revision,
        reason=_text(given, "reason", most=_LONGEST) if given.get("reason") else "",
    )


def _text(given: Mapping[str, Any], field: str, *, most: int) -> str:
    value = given.get(field)
    if not isinstance(value, str) or not value.strip() or not _is_writable(value):
        raise UnreadableEventError(f"{field}: it is missing, or no text.")
    if len(value) > most:
        raise UnreadableEventError(f"{field}: it has more than {most} characters.")
    return value


def _is_writable(text: str) -> bool:
    """Whether a database can keep it: no NUL, and no half of a character."""
    return "\0" not in text and not any("\ud800" <= one <= "\udfff" for one in text)


def _instant(value: Any) -> datetime:
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        at = None
    if at is None or at.tzinfo is None or not 2000 <= at.year < 2200:
        raise UnreadableEventError(
            "happened_at: write it like 2026-04-03T10:00:00Z, with its zone."
        )
    return at


def _quantity(value: Any) -> Decimal:
    try:
        return parse_amount(value)
    except (TypeError, ValueError):
        raise UnreadableEventError('quantity: write it as text, such as "12.5".') from None


def _revision(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1000:
        raise UnreadableEventError("revision: it is 0, and grows by 1 with each amendment.")
    return value


def _properties(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping) or len(value) > _MOST_PROPERTIES:
        raise UnreadableEventError(
            f"properties: it is an object of at most {_MOST_PROPERTIES} fields."
        )
    for name, one in value.items():
        is_plain = isinstance(one, str | int | bool) or one is None
        if (
            not is_plain
            or len(str(one)) > _LONGEST
            or len(name) > _NAME
            or not _is_writable(f"{name}{one}")
        ):
            raise UnreadableEventError(
                f"properties.{ascii(name[:_NAME])[1:-1]}: it is text, a whole number or true,"
                f" up to {_LONGEST} characters."
            )
    return dict(value)
