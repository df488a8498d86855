"""The issues of one reading, each with its severity and its place. Shared by all syntaxes."""

from abc import ABC, abstractmethod
from typing import Protocol

from integrations.formats.findings import Finding, Issue

_LONGEST_VALUE = 80


class Leniency(Protocol):
    """What of a partner's profile says how bad an issue is, and how many are kept."""

    @property
    def max_issues(self) -> int: ...

    def severity(self, code: str) -> str: ...


class Collector(ABC):
    """Takes what is found. `interchange` is the position of the interchange being read."""

    def __init__(self, leniency: Leniency):
        self._leniency = leniency
        self.issues: list[Issue] = []
        self.interchange = 0

    def issue(
        self, code: str, *, group: int | None = None, segment_no: int | None = None, value: str = ""
    ) -> None:
        """Something wrong outside of sets; positions count from the interchange's header = 1."""
        self.add(Finding(code, segment_no, None, value), group=group, transaction=None)

    def add(self, finding: Finding, *, group: int | None, transaction: int | None) -> None:
        """Keep what was found. A list cut short still takes what is worse than a warning."""
        if finding.code == "unknown_code" and self._agreed(finding):
            return
        severity = self._leniency.severity(finding.code)
        most = self._leniency.max_issues
        if len(self.issues) == most:
            note = Finding("too_many_issues", value=str(most))
            self._append(note, self._leniency.severity(note.code), group, transaction)
        grave = severity in ("quarantine", "reject") and len(self.issues) <= 2 * most
        if len(self.issues) < most or grave:
            self._append(finding, severity, group, transaction)

    @abstractmethod
    def _agreed(self, finding: Finding) -> bool:
        """Whether the partner's profile adds this code to the table."""

    def _append(
        self, finding: Finding, severity: str, group: int | None, transaction: int | None
    ) -> None:
        code, segment_no, element, value, segment, loop, component = finding
        value = value[:_LONGEST_VALUE]
        place = (self.interchange, group, transaction, segment_no, element)
        self.issues.append(Issue(code, severity, *place, value, segment, loop, component))
