"""Documents of one kind in one EDIFACT file: one interchange, one message each. Pure."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from integrations.canonical.problem import Problem
from integrations.connectors.edi.edifact_interchanges import writing_problems
from integrations.connectors.edi_files.x12_envelope import Enclosed, Prepared
from integrations.connectors.outbound import Controls
from integrations.formats.edifact import (
    Issue,
    OutboundMessage,
    Profile,
    Written,
    build_interchange,
)


def reference(controls: Controls) -> str:
    """UNB 0020, by which a CONTRL names our interchange."""
    return str(controls.interchange)


def enclose(
    profile: Profile, kind: str, prepared: Prepared, controls: Controls, local: datetime
) -> Enclosed:
    """The documents in their order. One that cannot be written has problems and is left out; the
    references of messages count those that are in."""
    written = _build(profile, kind, prepared, controls, local)
    if not written.refused:
        return Enclosed(written.data, {})
    problems = _refusals(prepared, written.issues)
    good = [entry for entry in prepared if entry[0] not in problems]
    body = _build(profile, kind, good, controls, local).data if good else b""
    return Enclosed(body, problems)


def _build(
    profile: Profile, kind: str, prepared: Prepared, controls: Controls, local: datetime
) -> Written:
    messages = [
        OutboundMessage(kind, str(controls.first_set + number), document)
        for number, (_, document) in enumerate(prepared)
    ]
    return build_interchange(profile, messages, interchange_control=reference(controls), now=local)


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
