"""What every call carries to show who we are, made of the secrets that were entered."""

from collections.abc import Mapping
from typing import NamedTuple

from integrations.connectors.described.system import Auth
from integrations.transports.http import basic_auth
from integrations.transports.oauth1 import Signer
from portal.core.errors import NeedsCredentials
from portal.core.secrets import Secret


class Carried(NamedTuple):
    """Headers and parameters. No representation shows a value: they are secrets."""

    headers: Mapping[str, str]
    params: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Carried({', '.join((*self.headers, *self.params))})"


def carried(auth: Auth, secrets: Mapping[str, Secret]) -> Carried:
    """The headers and parameters of every call. NeedsCredentials for a secret nobody entered."""
    if auth.kind in {"none", "oauth"}:
        return Carried({}, {})
    if signer_of(auth, secrets) is not None:
        return Carried({}, {})
    if auth.kind == "basic":
        password = _secret(auth.secret, secrets) if auth.secret else ""
        return Carried({"Authorization": basic_auth(_secret(auth.user, secrets), password)}, {})
    secret = _secret(auth.secret, secrets)
    if auth.kind == "query":
        return Carried({}, {auth.name: secret})
    if auth.kind in {"bearer", "oauth1"}:
        return Carried({"Authorization": f"Bearer {secret}"}, {})
    value = f"{auth.prefix} {secret}" if auth.prefix else secret
    return Carried({auth.name: value}, {})


def signer_of(auth: Auth, secrets: Mapping[str, Secret]) -> Signer | None:
    """Who signs the calls; None where they are not signed. A token whose consumer nobody entered is carried
    as it is, which some systems allow."""
    entered = [name for name in auth.signs if name in secrets and secrets[name].reveal().strip()]
    if not entered:
        return None
    key, secret, token_secret = (Secret(_secret(name, secrets)) for name in auth.signs)
    return Signer(key, secret, Secret(_secret(auth.secret, secrets)), token_secret)


def _secret(name: str, secrets: Mapping[str, Secret]) -> str:
    found = secrets.get(name)
    text = found.reveal().strip() if found else ""
    if not text:
        raise NeedsCredentials(f"No {name} is entered")
    return text
