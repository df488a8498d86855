"""The settings of an endpoint as the profile that the X12 reader and writer go by. Pure."""

from collections.abc import Container, Mapping
from functools import lru_cache
from typing import Any, Final

from integrations.connectors.connection import Connection
from integrations.formats.x12 import Delimiters, Profile
from integrations.formats.x12.issues import CATALOGUE

_PLAIN: Final = (
    "own_id",
    "own_qualifier",
    "partner_id",
    "partner_qualifier",
    "version",
    "usage",
    "characters",
    "charset",
)


def profile_of(connection: Connection, *, eaches: bool = False, **agreed: str) -> Profile:
    """How strictly to read and how to write. `agreed` goes before what was entered under its name;
    `eaches`: W76-01 of a 940 counts eaches."""
    settings = {**connection.settings, **agreed}
    return _profile(
        **{name: str(settings[name]) for name in _PLAIN},
        delimiters=str(settings["delimiters"]),
        eaches=eaches,
        lenient=tolerated(settings, CATALOGUE),
    )


def tolerated(settings: Mapping[str, Any], catalogue: Container[str]) -> tuple[str, ...]:
    """The codes of issues that shall not hold a file; those not in the catalogue mean nothing."""
    entered = settings["lenient"] or ()
    lines = entered.split() if isinstance(entered, str) else entered
    return tuple(sorted(str(line).strip() for line in lines if str(line).strip() in catalogue))


@lru_cache(maxsize=256)
def _profile(
    *,
    own_id: str,
    own_qualifier: str,
    partner_id: str,
    partner_qualifier: str,
    version: str,
    usage: str,
    characters: str,
    charset: str,
    delimiters: str,
    eaches: bool,
    lenient: tuple[str, ...],
) -> Profile:
    return Profile(
        severities=dict.fromkeys(lenient, "warn"),
        answers=dict.fromkeys(lenient, "E"),
        charset=charset,
        sender_qualifier=own_qualifier,
        sender_id=own_id,
        receiver_qualifier=partner_qualifier,
        receiver_id=partner_id,
        version=version,
        usage=usage,
        delimiters=_delimiters(delimiters),
        line_break="\n",
        characters=characters,
        w76_basis="eaches" if eaches else "sum",
    )


def _delimiters(text: str) -> Delimiters:
    marks = text if len(text) in (3, 4) else "*>~"
    return Delimiters(marks[0], marks[1], marks[2], marks[3:])
