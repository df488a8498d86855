"""Documents of one kind in one X12 file: one interchange, one group, one set each. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from integrations.canonical.problem import Problem
from integrations.connectors.edi_files.x12_issues import writing_problems
from integrations.connectors.outbound import INTERCHANGE_ANSWER, Controls
from integrations.formats.x12 import (
    Issue,
    OutboundSet,
    Profile,
    Written,
    build_interchange,
    build_ta1,
)

Prepared = Sequence[tuple[UUID, dict[str, Any]]]


class Enclosed(NamedTuple):
    """The bytes, empty when nothing could be written, and what is wrong with what is not in them."""

    body: bytes
    problems: dict[UUID, list[Problem]]


def enclose(
    profile: Profile, set_type: str, prepared: Prepared, controls: Controls, local: datetime
) -> Enclosed:
    """The documents in their order. One that cannot be written has problems and is left out; the set
    numbers count those that are in."""
    written = _build(profile, set_type, prepared, controls, local)
    if not written.refused:
        return Enclosed(written.data, {})
    problems = _refusals(prepared, written.issues)
    good = [entry for entry in prepared if entry[0] not in problems]
    body = _build(profile, set_type, good, controls, local).data if good else b""
    return Enclosed(body, problems)


def enclose_ta1(
    profile: Profile, answers: Prepared, controls: Controls, local: datetime
) -> Enclosed:
    """Answers to interchanges, in one without a group."""
    told = [document[INTERCHANGE_ANSWER] for _, document in answers]
    written = build_ta1(profile, told, interchange_control=controls.interchange, now=local)
    problems = writing_problems(written.issues) if written.refused else []
    return Enclosed(written.data, {id_: problems for id_, _ in answers} if problems else {})


def _build(
    profile: Profile, set_type: str, prepared: Prepared, controls: Controls, local: datetime
) -> Written:
    sets = [
        OutboundSet(set_type, controls.first_set + number, document)
        for number, (_, document) in enumerate(prepared)
    ]
    return build_interchange(
        profile,
        sets,
        interchange_control=controls.interchange,
        group_control=controls.group,
        now=local,
    )


def _refusals(prepared: Prepared, issues: Sequence[Issue]) -> dict[UUID, list[Problem]]:
    """Problems by message. What is wrong with the envelope itself is wrong with every message."""
    by_set: dict[int | None, list[Issue]] = {}
    for issue in issues:
        by_set.setdefault(issue.set, []).append(issue)
    shared = writing_problems(by_set.get(None, []))
    found = {
        message_id: shared + writing_problems(by_set.get(number, []))
        for number, (message_id, _) in enumerate(prepared)
    }
    return {message_id: problems for message_id, problems in found.items() if problems}
