"""Which receipt the headers of a message ask for (RFC 4130 §7.3)."""

from collections.abc import Mapping
from typing import NamedTuple

from integrations.formats.as2.algorithms import digest_name
from integrations.formats.as2.disposition import UNSUPPORTED_FORMAT, UNSUPPORTED_MIC
from integrations.formats.as2.profile import Profile


class Asked(NamedTuple):
    """A receipt that is wanted. `digest` is empty where theirs to choose from named none we may use.

    `deliver_to`: the address for an asynchronous one, as the message says; empty: in the answer.
    `fault`: why it cannot be made as it must be, in the words of a disposition; mostly empty.
    """

    signed: bool
    digest: str
    deliver_to: str
    fault: str


def asked(headers: Mapping[str, str], profile: Profile) -> Asked | None:
    """What `headers`, named in lower case, ask for; None if no receipt is wanted."""
    if not headers.get("disposition-notification-to"):
        return None
    options = _options(headers.get("disposition-notification-options", ""))
    importance, protocols = options.get("signed-receipt-protocol", ("", []))
    is_signed = "pkcs7-signature" in [protocol.lower() for protocol in protocols]
    fault = UNSUPPORTED_FORMAT if protocols and not is_signed and importance == "required" else ""
    importance, named = options.get("signed-receipt-micalg", ("", []))
    usable = [name for name in map(digest_name, named) if profile.reads_digest(name)]
    if named and not usable and importance == "required":
        fault = fault or UNSUPPORTED_MIC
    deliver_to = headers.get("receipt-delivery-option", "")
    return Asked(is_signed, usable[0] if usable else "", deliver_to, fault)


def _options(field: str) -> dict[str, tuple[str, list[str]]]:
    """`name=importance, value, value; …` by name; what is not of that form is left out."""
    found = {}
    for option in field.split(";"):
        name, equals, rest = option.partition("=")
        importance, *values = [word.strip(" \t\"'") for word in rest.split(",")]
        if equals:
            found[name.strip().lower()] = (importance.lower(), values)
    return found
