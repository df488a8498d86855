"""The `auth` of a description: how a call shows who we are. Pure.

A further kind is one more name in KINDS, its keys here, and what comes of them in `carrying`.
"""

import re
from typing import Final

from integrations.connectors.described.entries import NEEDED, Entries
from integrations.connectors.described.system import Auth
from portal.core.redact import is_secret_name

KINDS: Final = ("none", "header", "bearer", "basic", "query", "oauth", "oauth1")
_SIGNS: Final = ("consumer_key", "consumer_secret", "token_secret")
_HEADER: Final = re.compile(r"[A-Za-z0-9._-]{1,80}")
_IDENTIFIES: Final = ("basic", "body")
_PARAMETER: Final = re.compile(r"[A-Za-z0-9_.-]{1,80}")


def read_auth(group: Entries | None) -> Auth:
    """The `auth` of a description; without one nothing is carried."""
    if group is None:
        return Auth()
    kind = group.choice("kind", KINDS)
    name = prefix = user = secret = ""
    signs: tuple[str, ...] = ()
    if kind == "header":
        name, prefix = _name(group, _HEADER), group.text("prefix", "")
    if kind == "query":
        name = _name(group, _PARAMETER)
        if name and not is_secret_name(name):
            group.refuse("name", "Use a name that shows it is a secret, such as api_key or token.")
    if kind == "basic":
        user = _secret(group, "user", "user")
        secret = "" if group.flag("no_password") else _secret(group, "secret", "password")
    if kind == "oauth":
        return _oauth(group)
    if kind not in {"none", "basic"}:
        secret = _secret(group, "secret", "token")
    if kind == "oauth1":
        signs = tuple(_secret(group, key, key) for key in _SIGNS)
    group.done()
    return Auth(kind, name, prefix, secret, user, signs)


def _oauth(group: Entries) -> Auth:
    """A token in the Authorization header, or by itself in another; for what is entered, or for a refresh
    token that is."""
    name = _name(group, _HEADER) if "name" in group else ""
    secret = _secret(group, "refresh", "") if "refresh" in group else ""
    identifies = group.choice("identifies", _IDENTIFIES, "basic") if "identifies" in group else None
    same_headers = group.flag("same_headers")
    group.done()
    return Auth("oauth", name=name, secret=secret, identifies=identifies, same_headers=same_headers)


def _secret(group: Entries, key: str, default: str) -> str:
    """The name of one of the endpoint's secrets."""
    known = group.known.secrets
    return str(group.choice(key, known, default if default in known else NEEDED))


def _name(group: Entries, pattern: re.Pattern[str]) -> str:
    name = group.text("name")
    if name and not pattern.fullmatch(name):
        group.refuse("name", "It must be a plain name of letters, digits and dashes.")
    return name
