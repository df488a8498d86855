"""The interchanges of an X12 file: the groups to answer, and whether they were meant for us. Pure."""

from typing import Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi_files.settings import NEVER, REFUSED
from integrations.connectors.inbound import EnvelopeIn
from integrations.connectors.outbound import INTERCHANGE_ANSWER
from integrations.formats.x12 import (
    Interchange,
    Profile,
    Reading,
    acknowledge,
    acknowledge_interchange,
    is_answer,
    wants_ta1,
)

_ENVELOPE: Final = "ISA"


def envelopes(reading: Reading, profile: Profile) -> list[EnvelopeIn]:
    """Every group with the 997 that answers it."""
    return [
        EnvelopeIn(
            sender=interchange.sender,
            receiver=interchange.receiver,
            control=interchange.control,
            group_control=group.control,
            functional_id=group.functional_id,
            answer=acknowledge(interchange, index, reading.issues, profile),
        )
        for interchange in reading.interchanges
        for index, group in enumerate(interchange.groups)
        if group.header
    ]


def interchange_answers(reading: Reading, connection: Connection) -> list[EnvelopeIn]:
    """Every interchange that wants a TA1 with it."""
    told = [(i, acknowledge_interchange(i, reading.issues)) for i in reading.interchanges]
    return [
        EnvelopeIn(
            sender=interchange.sender,
            receiver=interchange.receiver,
            control=interchange.control,
            group_control="",
            functional_id=_ENVELOPE,
            answer={INTERCHANGE_ANSWER: answer},
        )
        for interchange, answer in told
        if _is_wanted(interchange, answer["code"], str(connection.settings["ta1"]))
    ]


def _is_wanted(interchange: Interchange, code: str, agreed: str) -> bool:
    if agreed == NEVER or is_answer(interchange):
        return False
    return wants_ta1(interchange) or (agreed == REFUSED and code == "R")


def misdirected(interchange: Interchange, connection: Connection) -> list[Problem]:
    """Ids that are not the endpoint's, and test data where it has none, or the other way round."""
    settings = connection.settings
    found = []
    ours_by_name = {"ISA06": settings["partner_id"], "ISA08": settings["own_id"]}
    if not any(ours_by_name.values()):
        return []  # read at a shell, for no endpoint: nobody is there to be taken for another
    for name, value in (("ISA06", interchange.sender), ("ISA08", interchange.receiver)):
        ours = ours_by_name[name]
        if ours and value != str(ours):
            text = f"{name} is {value}, and this endpoint knows only {ours}."
            found.append(Problem("unknown_partner", name, value, text))
    usage = interchange.header[15].strip()
    if usage != settings["usage"]:
        kinds = {"T": "test", "P": "production"}
        text = f"It is marked as {kinds.get(usage, usage)} data, and the endpoint is not."
        found.append(Problem("usage_mismatch", "ISA15", usage, text))
    return found
