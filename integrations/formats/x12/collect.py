"""The issues of one reading of X12, judged by the partner's profile."""

from integrations.formats import collect
from integrations.formats.x12.issues import Finding
from integrations.formats.x12.profile import Profile
from integrations.formats.x12.segments import segment_spec


class Collector(collect.Collector):
    """Takes what is found, but for codes that were agreed with the partner."""

    def __init__(self, profile: Profile):
        super().__init__(profile)
        self.profile = profile

    def _agreed(self, finding: Finding) -> bool:
        if not self.profile.codes or finding.element is None:
            return False
        number = segment_spec(finding.segment).elements[finding.element - 1].number
        return finding.value in self.profile.codes.get(number, ())
