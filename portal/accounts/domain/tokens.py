"""API tokens: made once, shown once, looked for by their public part, ended by hand or by time."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from portal.accounts.domain import limits
from portal.accounts.models import ApiToken, Person
from portal.core import clock

PREFIX: Final = "pat_"
LONGEST: Final = timedelta(days=366)
SOON: Final = timedelta(days=14)
NOT_FOR_ALL: Final = (
    "You work for some customers. Choose one of them; a token for all of them is made, and ended, by"
    " whoever works for all."
)
_PUBLIC: Final = 8
_ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"
_SEEN_EVERY: Final = timedelta(minutes=1)

# What a token for one customer may do, and which permission of the partner's people covers it.
OF_A_CUSTOMER: Final = {
    "own.orders": "orders.view",
    "own.questions": "desk.view",
    "own.service": "promises.view",
    "own.statements": "statements.view",
    "own.bills": "money.view",
    "resources.read": "resources.read",
    "resources.create": "resources.create",
}
# What the key of an application may do, and which permission of the partner's people covers it.
OF_AN_APPLICATION: Final = {
    "hub.send": "endpoints.onboard",
    "hub.orders": "orders.view",
    "hub.stock": "orders.view",
    "hub.events": "orders.view",
}


# The same of a token for one system of a customer, and no more of its published resources than that.
OF_A_SYSTEM: Final = {"resources.read": "resources.read", "resources.create": "resources.create"}


class TokenRefusedError(ValueError):
    """This token cannot be made so; the text says why and what to change."""


class UnknownTokenError(LookupError):
    """The token opens nothing; the text says why as far as whoever holds it may know."""


def new_token(
    person: Person,
    *,
    name: str,
    permissions: Iterable[str],
    expires_at: datetime,
    customer_id: int | None = None,
    endpoint_id: int | None = None,
) -> tuple[ApiToken, str]:
    """A token and its text, which is kept nowhere. TokenRefusedError where it would be too much.

    `endpoint_id`: of an application of that customer, whose key it is.
    """
    if endpoint_id is not None and customer_id is None:
        raise ValueError("the key of an application works for the application's customer")
    wanted, now = sorted(set(permissions)), clock.now()
    if not wanted:
        raise TokenRefusedError("Choose at least one thing that it may do.")
    if person.is_limited and customer_id is None:
        raise TokenRefusedError(NOT_FOR_ALL)
    may = grantable(person, customer_id=customer_id, endpoint_id=endpoint_id)
    if too_much := sorted(set(wanted) - may):
        raise TokenRefusedError(f"You cannot give {too_much[0]}: you do not hold it yourself.")
    if not now < expires_at <= now + LONGEST:
        raise TokenRefusedError("Choose a day from tomorrow up to a year from today.")
    prefix = PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(_PUBLIC))
    text = f"{prefix}_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        maker=person, created_by=person.name, name=name[:80], prefix=prefix, digest=_digest(text),
        permissions=wanted, customer_id=customer_id, endpoint_id=endpoint_id,
        expires_at=expires_at,
    )  # fmt: skip
    return token, text


def grantable(
    person: Person, *, customer_id: int | None, endpoint_id: int | None = None
) -> frozenset[str]:
    """The permissions a token of this person can have: for all, for one customer, for an application."""
    if customer_id is None:
        return frozenset(person.role.permissions)
    if not limits.works_for(person, customer_id):
        return frozenset()
    return grantable_for_application(person) if endpoint_id else grantable_for_one(person)


def grantable_for_one(person: Person) -> frozenset[str]:
    """The permissions that a token of this person can have for a customer they work for."""
    held = set(person.role.permissions)
    if person.customer_id is not None:
        return frozenset(held & OF_A_CUSTOMER.keys())
    return frozenset(own for own, covers in OF_A_CUSTOMER.items() if covers in held)


def grantable_for_application(person: Person) -> frozenset[str]:
    """The same for an application's key, or for a token of another system that is for its published
    resources alone: customers' own people hold nothing of what covers it."""
    held, known = set(person.role.permissions), {**OF_AN_APPLICATION, **OF_A_SYSTEM}
    return frozenset(one for one, covers in known.items() if covers in held)


def find(text: str) -> ApiToken:
    """The token of this text with its maker. UnknownTokenError for one that opens nothing (any more).

    One is found by its public part and compared in constant time, so that time tells nothing of the rest.
    """
    prefix = text[: len(PREFIX) + _PUBLIC]
    found = ApiToken.objects.select_related("maker__role").filter(prefix=prefix).first()
    is_same = hmac.compare_digest(_digest(text), found.digest if found else _digest(""))
    if found is None or not is_same:
        raise UnknownTokenError(
            "This token is not known here. A token works only on the site that made it."
        )
    if found.revoked_at:
        raise UnknownTokenError("This token was revoked. Ask for a new one.")
    if clock.now() >= found.expires_at:
        raise UnknownTokenError("This token has expired. Ask for a new one.")
    if not found.maker.is_active:
        raise UnknownTokenError("Whoever made this token has left. Ask for a new one.")
    return found


def bearer(token: ApiToken) -> Person:
    """The maker, with no more than the token and the maker may now. It cannot be saved."""
    person = token.maker
    may = grantable(person, customer_id=token.customer_id, endpoint_id=token.endpoint_id)
    if token.customer_id is not None:
        person.customer_id = token.customer_id
    person.granted = may & set(token.permissions)
    return person


def note_use(token: ApiToken) -> None:
    """Note that it is in use, at most once a minute."""
    now = clock.now()
    if token.last_used_at is None or now - token.last_used_at >= _SEEN_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def may_revoke(person: Person, token: ApiToken) -> bool:
    """Whether the person may end it: a token for all customers is ended by whoever works for all, or made
    it."""
    return not person.is_limited or token.customer_id is not None or token.maker_id == person.pk


def revoke(token: ApiToken, *, actor: str) -> None:
    """End it at once. One that has ended stays as it was."""
    ended = ApiToken.objects.filter(pk=token.pk, revoked_at=None)
    ended.update(revoked_at=clock.now(), revoked_by=actor[:80])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
