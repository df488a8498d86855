"""The settings of an endpoint as the profiles that the readers and writers go by. Pure."""

from functools import lru_cache
from typing import Final

from integrations.connectors.connection import Connection
from integrations.connectors.edi.settings import (
    AS2,
    BUYERS,
    EDIFACT,
    EDIFACT_VERSIONS,
    SUPPLIER,
    X12_VERSIONS,
)
from integrations.connectors.edi_files.x12_agreement import profile_of, tolerated
from integrations.connectors.mailbox import only_gives
from integrations.formats import edifact, x12
from integrations.formats.edifact.acknowledge import TAKEN
from integrations.formats.edifact.issues import CATALOGUE

_SYNTAX: Final = {"basic": "UNOA", "extended": "UNOB", "iso-8859-1": "UNOC", "utf-8": "UNOY"}
_CONTRL: Final = ("CONTRL", "D:3:UN")


def is_edifact(connection: Connection) -> bool:
    """The syntax that was agreed on."""
    return connection.settings["syntax"] == EDIFACT


def answers_orders(connection: Connection) -> bool:
    """Whether a buyer is told that an order was taken."""
    return bool(connection.settings["answer_orders"]) and is_answered(connection)


def is_answered(connection: Connection) -> bool:
    """Whether anything goes to the partner: files that come by mail are not answered."""
    return connection.settings["transport"] == AS2 or not only_gives(connection)


def ships_to_buyers(connection: Connection) -> bool:
    """Whether a supplier's goods go to the buyers of our orders and never to us."""
    settings = connection.settings
    return settings["partner_is"] == SUPPLIER and settings["ships_to"] == BUYERS


def drop_ship_code(connection: Connection) -> str:
    """What EDIFACT orders for a buyer's customer are called between us; empty where nothing was agreed."""
    return str(connection.settings["drop_ship_code"])


def sends_prices(connection: Connection) -> bool:
    """Whether a supplier reads the prices of our orders."""
    return bool(connection.settings["order_prices"])


def x12_profile(connection: Connection) -> x12.Profile:
    """How strictly to read X12 and how to write it."""
    settings = connection.settings
    delimiters = str(settings["delimiters"] or "")
    return profile_of(
        connection,
        version=X12_VERSIONS[str(settings["x12_version"])],
        own_qualifier=str(settings["own_qualifier"] or "ZZ"),
        partner_qualifier=str(settings["partner_qualifier"] or "ZZ"),
        delimiters=delimiters if len(delimiters) in (3, 4) else "*>~",
    )


def edifact_profile(connection: Connection) -> edifact.Profile:
    """How strictly to read EDIFACT and how to write it."""
    settings = connection.settings
    return _edifact(
        own=(str(settings["own_id"] or ""), str(settings["own_qualifier"] or "14")),
        partner=(str(settings["partner_id"] or ""), str(settings["partner_qualifier"] or "14")),
        version=EDIFACT_VERSIONS[str(settings["edifact_version"])],
        associations=tuple(connection.lines("associations")),
        characters=str(settings["characters"]),
        charset=str(settings["charset"]),
        test=settings["usage"] == "T",
        asks=float(settings["ack_hours"] or 0) > 0,
        marks=str(settings["delimiters"] or ""),
        lenient=tolerated(settings, CATALOGUE),
    )


@lru_cache(maxsize=256)
def _edifact(
    *,
    own: tuple[str, str],
    partner: tuple[str, str],
    version: str,
    associations: tuple[str, ...],
    characters: str,
    charset: str,
    test: bool,
    asks: bool,
    marks: str,
    lenient: tuple[str, ...],
) -> edifact.Profile:
    named = [line.split() for line in associations]
    versions = {words[0]: f"{version}:{words[1]}" for words in named if len(words) == 2}
    signs = [sign.strip(" ") for sign in marks] if len(marks) == 6 else []
    return edifact.Profile(
        severities=dict.fromkeys(lenient, "warn"),
        answers=dict.fromkeys(lenient, TAKEN),
        charset=charset,
        sender_id=own[0],
        sender_qualifier=own[1],
        receiver_id=partner[0],
        receiver_qualifier=partner[1],
        syntax=_SYNTAX[characters],
        syntax_version="4" if characters == "utf-8" else "3",
        version=version,
        versions={**versions, _CONTRL[0]: _CONTRL[1]},
        ask_for_contrl=asks,
        test=test,
        delimiters=edifact.Delimiters(*signs) if signs else edifact.Delimiters(),
        line_break="\n",
    )
