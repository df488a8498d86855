"""What can be wrong with an EDIFACT interchange, how bad it is, and in plain words.

The codes are those of X12 wherever they mean the same.
"""

from integrations.formats.findings import Issue

# code → severity under the strict default profile, and a sentence
CATALOGUE: dict[str, tuple[str, str]] = {
    # not readable
    "empty_input": ("reject", "The file is empty."),
    "not_an_interchange": ("reject", "No readable UNB segment was found."),
    "too_large": ("reject", "The file is larger than this partner may send."),
    "too_many_segments": ("reject", "The file has more segments than this partner may send."),
    "too_many_sets": ("reject", "The file has more messages than this partner may send."),
    "oversized_segment": ("reject", "A segment has more elements than any segment may have."),
    # readable, but what it says about itself does not agree
    "interchange_control_mismatch": ("quarantine", "The references in UNB and UNZ differ."),
    "group_control_mismatch": ("quarantine", "The references in UNG and UNE differ."),
    "set_control_mismatch": ("quarantine", "The references in UNH and UNT differ."),
    "segment_count_mismatch": ("quarantine", "UNT has not the number of segments in the message."),
    "set_count_mismatch": ("quarantine", "The number of messages is not what the trailer says."),
    "group_count_mismatch": ("quarantine", "UNZ has not the number of groups."),
    "duplicate_interchange_control": ("quarantine", "This UNB reference appears twice."),
    "duplicate_group_control": ("quarantine", "This UNG reference appears twice."),
    "duplicate_set_control": ("quarantine", "This UNH reference appears twice."),
    "missing_unt": ("quarantine", "The message has no UNT segment."),
    "missing_une": ("quarantine", "The group has no UNE segment."),
    "missing_unz": ("quarantine", "The interchange has no UNZ segment."),
    "set_outside_group": ("quarantine", "A message stands beside groups and in none of them."),
    "segment_outside_set": ("quarantine", "A segment stands outside of any message."),
    "segment_outside_interchange": ("quarantine", "Segments stand outside of any interchange."),
    "unterminated_segment": ("quarantine", "The file ends in the middle of a segment."),
    "functional_id_mismatch": ("quarantine", "UNG names another message type than UNH."),
    "delimiters_not_distinct": ("quarantine", "Two delimiters are the same character."),
    # cosmetic, or totals
    "bom": ("warn", "The file starts with a byte order mark."),
    "wrapped": ("warn", "Segments are broken over lines."),
    "indented": ("warn", "Segments are indented."),
    "una_length": ("warn", "The UNA segment is not nine characters long."),
    "una_missing": ("warn", "The delimiters are unusual and no UNA names them."),
    "empty_segment": ("warn", "There is an empty segment."),
    "final_terminator_missing": ("warn", "The last segment has no terminator."),
    "end_of_file_character": ("warn", "The file ends with an end-of-file character."),
    "junk_outside_interchange": ("warn", "There is text outside of any interchange."),
    "control_padding": ("warn", "A reference is padded differently in its trailer."),
    "line_count_mismatch": ("warn", "CNT+2 is not the number of lines."),
    "hash_total_mismatch": ("warn", "CNT+1 is not the sum of the quantities."),
    "total_mismatch": ("warn", "The total of the lines is not the sum of the lines."),
    "hierarchy_broken": ("warn", "A CPS segment names a parent that is missing or itself."),
    "segment_missing": ("warn", "A mandatory segment is missing."),
    "too_many_issues": ("warn", "More issues were found than are listed."),
    # against the tables; our code lists are not the standard's full lists
    "charset_fallback": ("info", "The text is not in the charset its syntax identifier names."),
    "unknown_syntax": ("info", "The syntax identifier is not known."),
    "unknown_set": ("info", "There is no table for this message."),
    "unknown_segment": ("info", "The segment is not in this message's table."),
    "segment_out_of_order": ("info", "The segment is not where the table expects it."),
    "segment_max_use": ("info", "The segment is used more often than the table allows."),
    "loop_max_use": ("info", "The segment group is repeated more often than the table allows."),
    "element_missing": ("info", "A mandatory value is missing."),
    "element_too_long": ("info", "The value is longer than the standard allows."),
    "too_many_elements": ("info", "The segment has more elements than the table knows."),
    "too_many_components": ("info", "The element has more components than the table knows."),
    "repeated_element": ("info", "The element is repeated, which the table does not expect."),
    "unknown_code": ("info", "The code is not in our table."),
    "number_invalid": ("info", "The value is not a number."),
    "date_invalid": ("info", "The value is not a date of its format."),
    # writing
    "field_not_written": ("warn", "The table has no place for this field."),
    "delimiter_in_data": ("info", "A control character inside the data was replaced."),
    "delimiter_refused": ("reject", "The data contains a delimiter and there is no release sign."),
    "transliterated": ("info", "A character outside the partner's set was rewritten."),
    "character_lost": ("warn", "A character outside the partner's set became a question mark."),
    "address_id_too_long": ("reject", "An envelope identifier is too long."),
}  # fmt: skip

# Judged more harshly when we write: we do not send what the standard forbids.
WRITING = dict.fromkeys(
    (
        "element_missing",
        "element_too_long",
        "number_invalid",
        "date_invalid",
        "segment_missing",
        "segment_max_use",
        "loop_max_use",
        "unknown_set",
        "unknown_syntax",
    ),
    "reject",
)


def describe(issue: Issue) -> str:
    """The issue as one plain sentence, with the value where there is one."""
    sentence = CATALOGUE[issue.code][1]
    return f"{sentence[:-1]}: {issue.value}." if issue.value else sentence
