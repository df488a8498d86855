"""What can be wrong with an interchange, how bad it is, and in plain words."""

from integrations.formats.findings import SEVERITIES, Finding, Issue, Report, worst

__all__ = ["CATALOGUE", "SEVERITIES", "WRITING", "Finding", "Issue", "Report", "describe", "worst"]

# code → severity under the strict default profile, and a sentence
CATALOGUE: dict[str, tuple[str, str]] = {
    # not readable
    "empty_input": ("reject", "The file is empty."),
    "not_an_interchange": ("reject", "No readable ISA segment was found."),
    "lowercase_isa": ("reject", "The ISA segment is written in lower case."),
    "too_large": ("reject", "The file is larger than this partner may send."),
    "too_many_segments": ("reject", "The file has more segments than this partner may send."),
    "too_many_sets": ("reject", "The file has more documents than this partner may send."),
    "oversized_segment": ("reject", "A segment has more elements than any segment may have."),
    # readable, but what it says about itself does not agree
    "interchange_control_mismatch": ("quarantine", "ISA13 and IEA02 are different numbers."),
    "group_control_mismatch": ("quarantine", "GS06 and GE02 are different numbers."),
    "set_control_mismatch": ("quarantine", "ST02 and SE02 are different numbers."),
    "segment_count_mismatch": ("quarantine", "SE01 is not the number of segments in the set."),
    "set_count_mismatch": ("quarantine", "GE01 is not the number of sets in the group."),
    "group_count_mismatch": ("quarantine", "IEA01 is not the number of groups."),
    "duplicate_interchange_control": ("quarantine", "This ISA13 appears twice in the file."),
    "duplicate_group_control": ("quarantine", "This GS06 appears twice in the interchange."),
    "duplicate_set_control": ("quarantine", "This ST02 appears twice in the group."),
    "missing_se": ("quarantine", "The set has no SE segment."),
    "missing_ge": ("quarantine", "The group has no GE segment."),
    "missing_iea": ("quarantine", "The interchange has no IEA segment."),
    "missing_gs": ("quarantine", "A set stands outside of any group."),
    "segment_outside_set": ("quarantine", "A segment stands outside of any set."),
    "segment_outside_interchange": ("quarantine", "Segments stand outside of any interchange."),
    "unterminated_segment": ("quarantine", "The file ends in the middle of a segment."),
    "functional_id_mismatch": ("quarantine", "GS01 does not belong to the set named in ST01."),
    "delimiters_not_distinct": ("quarantine", "Two delimiters are the same character."),
    # cosmetic, or totals
    "bom": ("warn", "The file starts with a byte order mark."),
    "wrapped": ("warn", "Records are wrapped at a fixed width."),
    "indented": ("warn", "Segments are indented."),
    "isa_length": ("warn", "The ISA segment is not 106 bytes long."),
    "isa16_missing": ("warn", "ISA16, the component separator, is missing."),
    "unusual_terminator": ("warn", "The segment terminator is unusual."),
    "empty_segment": ("warn", "There is an empty segment."),
    "final_terminator_missing": ("warn", "The last segment has no terminator."),
    "end_of_file_character": ("warn", "The file ends with an end-of-file character."),
    "junk_outside_interchange": ("warn", "There is text outside of any interchange."),
    "control_padding": ("warn", "A control number is padded differently in its trailer."),
    "line_count_mismatch": ("warn", "CTT01 is not the number of lines."),
    "hash_total_mismatch": ("warn", "CTT02 is not the sum of the quantities."),
    "total_mismatch": ("warn", "The document's total is not the sum of its lines."),
    "hierarchy_broken": ("warn", "An HL segment names a parent that is missing or its own child."),
    "segment_missing": ("warn", "A mandatory segment is missing."),
    "too_many_issues": ("warn", "More issues were found than are listed."),
    # against the tables; our code lists are not the standard's full lists
    "charset_fallback": ("info", "The text is not UTF-8 and was read in another charset."),
    "unknown_set": ("info", "There is no table for this set."),
    "unknown_segment": ("info", "The segment is not in this set's table."),
    "segment_out_of_order": ("info", "The segment is not where the table expects it."),
    "segment_max_use": ("info", "The segment is used more often than the table allows."),
    "loop_max_use": ("info", "The loop is repeated more often than the table allows."),
    "element_missing": ("info", "A mandatory element is missing."),
    "element_too_short": ("info", "The value is shorter than the standard allows."),
    "element_too_long": ("info", "The value is longer than the standard allows."),
    "too_many_elements": ("info", "The segment has more elements than the table knows."),
    "unknown_code": ("info", "The code is not in our table."),
    "number_invalid": ("info", "The value is not a number."),
    "date_invalid": ("info", "The value is not a date."),
    "time_invalid": ("info", "The value is not a time."),
    # writing
    "field_not_written": ("warn", "The table has no place for this field."),
    "too_many_ids": ("reject", "The segment has no room for this many identifiers."),
    "delimiter_in_data": ("info", "A delimiter inside the data was replaced."),
    "delimiter_refused": ("reject", "The data contains a delimiter."),
    "transliterated": ("info", "A character outside the partner's set was rewritten."),
    "character_lost": ("warn", "A character outside the partner's set became a question mark."),
    "eaches_unknown": ("reject", "The total in eaches needs the eaches of every line."),
    "address_id_too_long": ("reject", "An envelope identifier is too long."),
}  # fmt: skip

# Judged more harshly when we write: we do not send what the standard forbids.
WRITING = dict.fromkeys(
    (
        "element_missing",
        "element_too_short",
        "element_too_long",
        "number_invalid",
        "date_invalid",
        "time_invalid",
        "segment_missing",
        "segment_max_use",
        "loop_max_use",
        "unknown_set",
    ),
    "reject",
)


def describe(issue: Issue) -> str:
    """The issue as one plain sentence, with the value where there is one."""
    sentence = CATALOGUE[issue.code][1]
    return f"{sentence[:-1]}: {issue.value}." if issue.value else sentence
