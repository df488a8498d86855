"""What a difference means, and how bad it is."""

from typing import Final, Literal, NamedTuple

Severity = Literal["alarm", "note"]


class Verdict(NamedTuple):
    """`code` names the kind of change; `detail` (such as ×12) is said where all of them share it."""

    code: str
    severity: Severity
    detail: str = ""


def alarm(code: str, detail: str = "") -> Verdict:
    return Verdict(code, "alarm", detail)


def note(code: str, detail: str = "") -> Verdict:
    return Verdict(code, "note", detail)


# Code → what happened, after the path and before the count; worst first.
SENTENCES: Final[dict[str, str]] = {
    "key_changed": "The business key changes: the new version would create second objects",
    "keys_collide": "The business key becomes that of another document: one would overwrite the other",
    "newly_invalid": "What was valid is refused",
    "unrouted": "No target is left",
    "rerouted": "The target becomes another one",
    "sums_broken": "Amounts no longer add up where they did",
    "entries_lost": "Entries are lost",
    "entries_doubled": "Entries stand twice",
    "entries_added": "Entries with quantities are added",
    "sign": "The sign turns",
    "factor": "The number changes by a factor",
    "zeroed": "The number becomes zero",
    "precision_lost": "The number is rounded or cut",
    "number_changed": "The number changes",
    "unit_without_number": "The unit changes and its number does not",
    "unit_conversion_wrong": "Unit and number change, and not by what lies between the units",
    "currency_changed": "The currency changes",
    "id_changed": "The identifier becomes another one",
    "id_reformatted": "The identifier is written differently",
    "leading_zeros_lost": "Leading zeros are lost",
    "fallen_together": "Values that were different become the same",
    "collapsed": "All values become one",
    "meaning_changed": "The value moves to another meaning",
    "flag_flipped": "Yes and no change places",
    "other_field": "The value now comes from another field",
    "place_changed": "The address changes",
    "day_month_swapped": "Day and month change places",
    "date_shifted": "The date or time is shifted",
    "time_lost": "The time of day is lost",
    "date_changed": "The date or time becomes another one",
    "truncated": "Text is cut off",
    "encoding_damaged": "Characters are damaged",
    "spaces_lost": "Words run together",
    "case_changed": "Upper and lower case change in an identifier",
    "field_lost": "A value that was there is gone",
    "shape_changed": "The value is of another kind",
    "recoded": "The value is named differently",
    "moved": "The value moves to another field",
    "text_changed": "The text is worded differently",
    "unit_converted": "Unit and number are converted together",
    "sums_repaired": "Amounts add up that did not before",
    "precision_gained": "The number is more exact",
    "filled": "A field that was empty is filled",
    "empty_dropped": "An empty value is left out",
    "reordered": "Entries stand in another order",
    "format": "The same value is written differently",
    "now_routed": "A target is found",
    "newly_valid": "What was refused becomes valid",
}
RANK: Final = {code: place for place, code in enumerate(SENTENCES)}
