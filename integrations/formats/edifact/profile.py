"""What was agreed with one trading partner: how strictly to read, how to write."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from integrations.formats.edifact.issues import CATALOGUE, WRITING


class Delimiters(NamedTuple):
    """The characters a UNA names. `release` and `repetition` are "" where there are none."""

    component: str = ":"
    element: str = "+"
    decimal: str = "."
    release: str = "?"
    repetition: str = ""
    segment: str = "'"


DEFAULT_DELIMITERS = Delimiters()
LEVEL_B_DELIMITERS = Delimiters("\x1f", "\x1d", ".", "", "", "\x1c")


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Reading: `severities` overrides issue code → severity, `answers` issue code → "4" (rejected)
    or "7" (taken) in our CONTRL, `codes` adds code values by data element number. Writing: ids,
    version, characters.

    `charset` reads bytes whose syntax identifier does not say how. `version` is what UNH says after
    the message type; `versions` has it by message type where they differ. `una`: whether the
    interchange begins with a UNA; it always does when its delimiters are not the usual ones.
    `syntax` is "UNOA" (upper case), "UNOB" (ASCII), "UNOC" to "UNOK" (ISO 8859) or "UNOY" (UTF-8).
    """

    severities: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    charset: str = "iso-8859-1"
    max_bytes: int = 200_000_000
    max_segments: int = 5_000_000
    max_sets: int = 500_000
    max_elements: int = 1_000
    max_issues: int = 10_000

    sender_id: str = ""
    sender_qualifier: str = "14"
    receiver_id: str = ""
    receiver_qualifier: str = "14"
    syntax: str = "UNOC"
    syntax_version: str = "3"
    version: str = "D:96A:UN"
    versions: Mapping[str, str] = field(default_factory=lambda: {"CONTRL": "D:3:UN"})
    application_reference: str = ""
    agreement: str = ""
    ask_for_contrl: bool = False
    test: bool = False
    una: bool = True
    delimiters: Delimiters = DEFAULT_DELIMITERS
    line_break: str = ""

    def severity(self, code: str) -> str:
        return self.severities.get(code) or CATALOGUE[code][0]

    def writing_severity(self, code: str) -> str:
        return self.severities.get(code) or WRITING.get(code) or CATALOGUE[code][0]

    def version_of(self, message_type: str) -> str:
        return self.versions.get(message_type, self.version)


DEFAULT = Profile()
