"""The issues of one reading of EDIFACT, judged by the partner's profile."""

from integrations.formats import collect
from integrations.formats.edifact.profile import Profile
from integrations.formats.edifact.segments import KNOWN_TAGS, segment_spec
from integrations.formats.findings import Finding


class Collector(collect.Collector):
    """Takes what is found, but for codes that were agreed with the partner."""

    def __init__(self, profile: Profile):
        super().__init__(profile)
        self.profile = profile

    def _agreed(self, finding: Finding) -> bool:
        if not self.profile.codes or finding.segment not in KNOWN_TAGS:
            return False
        place = segment_spec(finding.segment).at(finding.element or 1, finding.component or 1)
        return place is not None and finding.value in self.profile.codes.get(place.holds.number, ())
