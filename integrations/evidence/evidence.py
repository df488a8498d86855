"""What a change would do, for a person to approve or refuse."""

from collections.abc import Mapping
from typing import NamedTuple

from integrations.evidence.verdict import Severity


class Sample(NamedTuple):
    """One value before and after, shortened. `at` is the exact path, empty for the document."""

    document: str
    at: str
    before: str
    after: str


class FieldEvidence(NamedTuple):
    """What changes in one field. `count` documents; `kind` is the worst verdict's code."""

    path: str
    count: int  # type: ignore[assignment]
    kind: str
    severity: Severity
    samples: tuple[Sample, ...]
    sentence: str


class Concern(NamedTuple):
    """Something that behaves differently, at one path. `alarm`: harmful-looking."""

    code: str
    severity: Severity
    path: str
    count: int  # type: ignore[assignment]
    sentence: str
    samples: tuple[Sample, ...]


class Counts(NamedTuple):
    """Documents. `refused` counts those newly invalid by their first problem's code, `routes` those
    that go elsewhere by (old target, new target)."""

    documents: int
    changed: int
    unchanged: int
    newly_valid: int
    newly_invalid: int
    rerouted: int
    refused: Mapping[str, int]
    routes: Mapping[tuple[str, str], int]


class Evidence(NamedTuple):
    """`fields` and `warnings` stand worst first; `summary` is sentences."""

    counts: Counts
    fields: tuple[FieldEvidence, ...]
    warnings: tuple[Concern, ...]
    summary: tuple[str, ...]

    @property
    def alarms(self) -> tuple[Concern, ...]:
        return tuple(warning for warning in self.warnings if warning.severity == "alarm")
