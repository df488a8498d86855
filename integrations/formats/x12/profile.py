"""What was agreed with one trading partner: how strictly to read, how to write."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from integrations.formats.x12.issues import CATALOGUE, WRITING


class Delimiters(NamedTuple):
    """The four characters of one interchange; `repetition` is "" before version 00402."""

    element: str = "*"
    component: str = ">"
    segment: str = "~"
    repetition: str = ""


DEFAULT_DELIMITERS = Delimiters()


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Reading: `severities` overrides issue code → severity, `answers` issue code → A, E or R in
    our 997, `codes` adds code values by element number. Writing: ids, version, characters.

    `max_elements`: of one segment; the standard knows none with more than about a hundred.
    `w76_basis`: "sum" totals the ordered quantities whatever their unit, "eaches" totals each
    line's `eaches`. `delimiter_in_data`: "replace" or "refuse". `characters`: "basic" (upper case),
    "extended" (ASCII), "iso-8859-1" or "utf-8".
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

    sender_qualifier: str = "ZZ"
    sender_id: str = ""
    receiver_qualifier: str = "ZZ"
    receiver_id: str = ""
    group_sender: str = ""
    group_receiver: str = ""
    version: str = "004010"
    usage: str = "P"
    ask_for_ta1: bool = False
    delimiters: Delimiters = DEFAULT_DELIMITERS
    line_break: str = ""
    characters: str = "extended"
    delimiter_in_data: str = "replace"
    replacement: str = " "
    w76_basis: str = "sum"

    def severity(self, code: str) -> str:
        return self.severities.get(code) or CATALOGUE[code][0]

    def writing_severity(self, code: str) -> str:
        return self.severities.get(code) or WRITING.get(code) or CATALOGUE[code][0]


DEFAULT = Profile()
