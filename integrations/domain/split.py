"""Containers: an EDI file becomes its documents, each with a state of its own, and is answered."""

import json
from hashlib import sha256

from django.db import connection

from integrations.canonical.problem import Problem
from integrations.connectors.inbound import EnvelopeIn, Split
from integrations.domain import inbox, problems
from integrations.domain.answers import Answer, queue
from integrations.domain.configuration import Configuration
from integrations.domain.inbox import Inbound, Result
from integrations.domain.problems import Trouble
from integrations.domain.translate import Reading
from integrations.models import Interchange
from portal.core.ids import uuid7
from portal.jobs import lanes

DUPLICATE_DAYS = 180


def take_apart(config: Configuration, reading: Reading) -> Result:
    """Store the parts of a container as messages and queue the acknowledgements.

    A container with problems is held whole: nothing in a doubtful envelope takes effect, and it does
    not count as seen, because it may be read again or come again mended. A repeated interchange with
    the same bytes is noted and dropped; with other bytes it is a problem.
    """
    message, split = reading.message, reading.split
    if split is None:
        raise ValueError("take_apart wants a container")
    digest = sha256(message.body).digest()
    found, repeated = _check_envelopes(message.endpoint_id, split.envelopes, digest)
    reading.problems = [*split.problems, *found]
    if repeated and not reading.problems:
        return Result(message.id, "superseded", cause="The same interchange came before")
    if not found:
        _answer(config, message, split.envelopes)
    if reading.problems:
        trouble = Trouble(
            message.id, config.customer_id, message.endpoint_id, "interchange", reading.problems
        )
        problems.open_problems([trouble])
        return Result(message.id, "held", cause=_count(split))
    _note_envelopes(message.endpoint_id, split.envelopes, digest, file_name=message.topic)
    parts = [(uuid7(), p.object_type, p.topic, p.body) for p in split.parts]
    inbox.add_parts(message, parts, customer_id=config.customer_id)
    if parts:
        lanes.wake("translate", str(config.customer_id))
    return Result(message.id, "split", cause=_count(split))


def _count(split: Split) -> str:
    return f"{len(split.parts)} documents" if len(split.parts) != 1 else "1 document"


def _check_envelopes(
    endpoint_id: int, envelopes: list[EnvelopeIn], digest: bytes
) -> tuple[list[Problem], bool]:
    found, repeated = [], False
    for envelope in envelopes:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT payload_id FROM integrations_interchange WHERE endpoint_id = %s"
                " AND direction = 'in' AND sender = %s AND receiver = %s AND control = %s"
                " AND group_control = %s AND at > now() - make_interval(days => %s)",
                [endpoint_id, envelope.sender, envelope.receiver, envelope.control,
                 envelope.group_control, DUPLICATE_DAYS],
            )  # fmt: skip
            seen = [bytes(row[0]) for row in cursor.fetchall()]
        if digest in seen:
            repeated = True
        elif seen:
            text = f"Interchange {envelope.control} from {envelope.sender} came before with other content"
            found.append(Problem("duplicate_control_number", "ISA13", envelope.control, text))
    return found, repeated


def _note_envelopes(
    endpoint_id: int, envelopes: list[EnvelopeIn], digest: bytes, *, file_name: str
) -> None:
    Interchange.objects.bulk_create(
        Interchange(
            id=uuid7(),
            endpoint_id=endpoint_id,
            direction="in",
            sender=envelope.sender[:35],
            receiver=envelope.receiver[:35],
            control=envelope.control[:14],
            group_control=envelope.group_control[:14],
            functional_id=envelope.functional_id[:3],
            file_name=file_name[:160],
            payload_id=digest,
        )
        for envelope in envelopes
    )


def _answer(config: Configuration, file: Inbound, envelopes: list[EnvelopeIn]) -> None:
    """Queue what answers the groups of a file. How long that takes is counted from when the file came."""
    answers = [e.answer for e in envelopes if e.answer is not None]
    if not answers:
        return
    made = [Answer(json.dumps(answer).encode()) for answer in answers]
    queue(config.customer_id, file.endpoint_id, made, cause="Answer to a received file", to=file.id)
