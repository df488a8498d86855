"""What a provider says of somebody, read: address, name, groups, and how they showed who they are."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

_ENTRA: Final = "login.microsoftonline.com"
_MULTI_FACTOR: Final = "http://schemas.openid.net/pape/policies/2007/06/multi-factor"
Claims = Mapping[str, Any]


class Rule(NamedTuple):
    """It fits whoever's `claim` has `value`. What it gives is known by its number."""

    claim: str
    value: str
    number: int


# What only the proof may say; and what counts together, from one of the two.
_OF_THE_PROOF: Final = frozenset({"iss", "aud", "azp", "exp", "iat", "nonce", "amr", "acr"})
_ADDRESS: Final = frozenset({"email", "email_verified", "xms_edov"})


def joined(proof: Claims, more: Claims) -> dict[str, Any]:
    """What the proof says, and what is said beside it adds. An address and whether it is proven come from
    the same of the two."""
    kept = _OF_THE_PROOF | (_ADDRESS if "email" in proof else frozenset())
    base = proof if "email" in proof else {k: v for k, v in proof.items() if k not in _ADDRESS}
    return {**{name: value for name, value in more.items() if name not in kept}, **base}


def texts(claims: Claims, path: str) -> list[str]:
    """The values at `path`: a claim's name, or names with dots between them for one inside another.
    A list gives each of its values, an object its names."""
    found: Any = claims.get(path)
    if found is None and "." in path:
        found = claims
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
    several = found if isinstance(found, list | Mapping) else [found]
    return [_text(one) for one in several if isinstance(one, str | int | float | bool)]


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def first_fitting(claims: Claims, rules: Iterable[Rule]) -> Rule | None:
    """The first rule that fits, in the order given. Capitals count."""
    return next((rule for rule in rules if rule.value in texts(claims, rule.claim)), None)


def email(claims: Claims) -> str:
    """The address, in small letters; "" for none."""
    found = claims.get("email")
    usable = isinstance(found, str) and found.count("@") == 1 and len(found) <= 254
    return str(found).strip().lower() if usable else ""


def is_proven(claims: Claims) -> bool:
    """Whether the provider has seen that the address is theirs. Entra ID says it in a claim of its own."""
    if claims.get("email_verified") is True:
        return True
    is_entra = urlsplit(str(claims.get("iss", ""))).hostname == _ENTRA
    return is_entra and claims.get("xms_edov") in (True, 1, "1", "true", "True")


def name(claims: Claims) -> str:
    """What they are called; their address where nothing else is said."""
    given, family = (str(claims.get(part) or "") for part in ("given_name", "family_name"))
    called = str(claims.get("name") or "") or f"{given} {family}"
    return (" ".join(called.split()) or email(claims))[:80]


def showed_second_step(claims: Claims) -> bool:
    """Whether they passed a second step there (RFC 8176 `mfa`, or an `acr` that says so)."""
    means = claims.get("amr")
    if isinstance(means, list) and "mfa" in means:
        return True
    return claims.get("acr") in ("mfa", "phr", "phrh", _MULTI_FACTOR)
