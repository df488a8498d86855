"""The issues of one reading, each with its severity and its place."""

from integrations.formats.x12.issues import Finding, Issue
from integrations.formats.x12.profile import Profile
from integrations.formats.x12.segments import segment_spec

_LONGEST_VALUE = 80


class Collector:
    """Takes what is found. `interchange` is the position of the interchange being read."""

    def __init__(self, profile: Profile):
        self.profile = profile
        self.issues: list[Issue] = []
        self.interchange = 0

    def issue(
        self, code: str, *, group: int | None = None, segment_no: int | None = None, value: str = ""
    ) -> None:
        """Something wrong outside of sets; positions count from ISA = 1."""
        self.add(Finding(code, segment_no, None, value), group=group, transaction=None)

    def add(self, finding: Finding, *, group: int | None, transaction: int | None) -> None:
        """Keep what was found. A list cut short still takes what is worse than a warning."""
        if finding.code == "unknown_code" and self._agreed(finding):
            return
        severity = self.profile.severity(finding.code)
        most = self.profile.max_issues
        if len(self.issues) == most:
            note = Finding("too_many_issues", value=str(most))
            self._append(note, self.profile.severity(note.code), group, transaction)
        grave = severity in ("quarantine", "reject") and len(self.issues) <= 2 * most
        if len(self.issues) < most or grave:
            self._append(finding, severity, group, transaction)

    def _agreed(self, finding: Finding) -> bool:
        """Whether the partner's profile adds this code to the table."""
        if not self.profile.codes or finding.element is None:
            return False
        number = segment_spec(finding.segment).elements[finding.element - 1].number
        return finding.value in self.profile.codes.get(number, ())

    def _append(
        self, finding: Finding, severity: str, group: int | None, transaction: int | None
    ) -> None:
        code, segment_no, element, value, segment, loop = finding
        value = value[:_LONGEST_VALUE]
        place = (self.interchange, group, transaction, segment_no, element)
        self.issues.append(Issue(code, severity, *place, value, segment, loop))
