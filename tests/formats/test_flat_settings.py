"""Settings become profiles, or a fault that names its key."""

import json
from pathlib import Path

import pytest

from integrations.formats import flat
from integrations.formats.flat.issues import CATALOGUE, TOLERABLE

pytestmark = pytest.mark.pure

TABLE = {"format": "delimited"}
A = {"name": "a"}
N = {"name": "n", "kind": "integer"}
AT = {"name": "a", "start": 1, "length": 4}
NUMBER = {"name": "n", "kind": "integer", "start": 5, "length": 4}
FIXED = {"format": "fixed", "tag_start": 10, "tag_length": 2}
ORDER = {"name": "order", "tag": "H", "columns": [AT]}
LINE = {"name": "lines", "tag": "L", "role": "part", "many": True, "columns": [AT, NUMBER]}
XML = {"format": "xml", "record": "Orders/Order"}


def fixed(*records, **changes):
    return {**FIXED, "records": list(records), **changes}


@pytest.mark.parametrize(
    ("settings", "key", "words"),
    [
        ([], "", "group of settings"),
        ({}, "format", "is none of delimited, fixed, xml, xlsx"),
        ({"format": "csv"}, "format", "“csv” is none of"),
        (TABLE | {"delimeter": ";"}, "delimeter", "Is delimiter meant?"),
        (TABLE | {"zzz": 1}, "zzz", "Known are"),
        (TABLE | {"delimiter": ";;"}, "delimiter", "one character"),
        (TABLE | {"delimiter": "\n"}, "delimiter", "one character"),
        (TABLE | {"delimiter": 5}, "delimiter", "must be a text"),
        (TABLE | {"quote": ","}, "quote", "the delimiter, too"),
        (TABLE | {"quote": "''"}, "quote", "one character"),
        (TABLE | {"quote": "", "decimal_mark": ","}, "delimiter", "Without a quote"),
        (TABLE | {"charset": "rot13"}, "charset", "no charset"),
        (TABLE | {"charset": "unicode_escape"}, "charset", "no charset"),
        (TABLE | {"charset": ""}, "charset", "no charset"),
        (TABLE | {"byte_order_mark": True, "charset": "cp1252"}, "byte_order_mark", "Only UTF-8"),
        (TABLE | {"decimal_mark": ";"}, "decimal_mark", "is none of"),
        (TABLE | {"thousands_mark": "."}, "thousands_mark", "decimal mark, too"),
        (TABLE | {"negative": "red"}, "negative", "is none of"),
        (TABLE | {"header": "yes"}, "header", "true or false"),
        (TABLE | {"header": False}, "columns", "have to be named"),
        (TABLE | {"skip": -1}, "skip", "from 0 to 1,000"),
        (TABLE | {"skip": True}, "skip", "whole number"),
        (TABLE | {"max_bytes": 10**12}, "max_bytes", "to 500,000,000"),
        (TABLE | {"line_end": "cr"}, "line_end", "is none of crlf, lf"),
        (TABLE | {"timezone": "Berlin"}, "timezone", "Europe/Berlin"),
        (TABLE | {"timezone": "../../etc/passwd"}, "timezone", "Europe/Berlin"),
        (TABLE | {"tolerate": ["trailer_count"]}, "tolerate", "cannot be tolerated"),
        (TABLE | {"date_formats": ["%d %B %Y"]}, "date_formats", "no pattern of"),
        (TABLE | {"date_formats": ["%Y-%m"]}, "date_formats", "has no %Y, %m and %d"),
        (TABLE | {"date_formats": ["%Y-%m-%d-%d"]}, "date_formats", "each once"),
        (TABLE | {"date_formats": []}, "date_formats", "At least one"),
        (TABLE | {"time_formats": "%Y-%m-%d"}, "time_formats", "has no %H"),
        (TABLE | {"date_formats": [5]}, "date_formats", "list of texts"),
        (TABLE | {"columns": A}, "columns", "list of groups"),
        (TABLE | {"columns": ["a"]}, "columns[0]", "group of settings"),
        (TABLE | {"columns": [A, {}]}, "columns[1].name", "A text is needed"),
        (TABLE | {"columns": [A, A]}, "columns", "“a” stands twice"),
        (TABLE | {"columns": [A, {"name": "b", "title": "a"}]}, "columns", "“a” stands twice"),
        (TABLE | {"columns": [A | {"kind": "number"}]}, "columns[0].kind", "is none of text, integer"),
        (TABLE | {"columns": [A | {"places": 2}]}, "columns[0].places", "no such setting"),
        (TABLE | {"columns": [N | {"places": 99}]}, "columns[0].places", "from 0 to 18"),
        (TABLE | {"columns": [A | {"kind": "date", "formats": ["%x"]}]}, "columns[0].formats", "no pattern"),
        (TABLE | {"columns": [A | {"kind": "boolean", "yes": ["1"], "no": ["1"]}]}, "columns[0].no", "means yes, too"),
        (TABLE | {"columns": [A | {"kind": "boolean", "yes": []}]}, "columns[0].yes", "at least one word"),
        (TABLE | {"columns": [A], "group_by": {"columns": ["b"]}}, "group_by.columns", "no column b"),
        (TABLE | {"columns": [A], "group_by": {"columns": []}}, "group_by.columns", "Name the columns"),
        (TABLE | {"columns": [A], "group_by": {"columns": "a", "lines": "a"}}, "group_by.lines", "has this name"),
        (TABLE | {"trailer": {"count": 2}}, "trailer.tag", "A text is needed"),
        (TABLE | {"trailer": {"tag": "T", "count": 1}}, "trailer.count", "first cell is the tag"),
        (TABLE | {"columns": [A], "trailer": {"tag": "T", "sums": {"a": 2}}}, "trailer.sums.a", "column of numbers"),
        (TABLE | {"columns": [N], "trailer": {"tag": "T", "sums": {"n": "2"}}}, "trailer.sums.n", "whole number"),
        (TABLE | {"columns": [N], "trailer": {"tag": "T", "count": 2, "sums": {"n": 2}}}, "trailer.sums.n", "of its own"),
        ({"format": "xlsx", "header_row": 0}, "header_row", "from 1"),
        ({"format": "fixed"}, "records", "Either columns or records"),
        ({"format": "fixed", "columns": [A]}, "columns[0].start", "whole number from 1"),
        ({"format": "fixed", "columns": [AT, AT | {"name": "b"}]}, "columns[1].start", "Place 1 belongs to a"),
        ({"format": "fixed", "columns": [AT | {"fill": "0"}]}, "columns[0].fill", "Only numbers"),
        ({"format": "fixed", "columns": [NUMBER | {"fill": "0"}], "negative": "brackets"}, "columns[0].fill", "brackets"),
        ({"format": "fixed", "columns": [AT], "record_length": 3}, "columns[0].length", "longer than the record"),
        (fixed(ORDER, LINE, tag_start=0), "tag_start", "where the tag"),
        (fixed(ORDER | {"tag": "HHH"}), "records[0].tag", "1 to 2 characters"),
        (fixed(LINE), "records", "There must be one document"),
        (fixed(ORDER, ORDER | {"name": "b", "tag": "B"}), "records", "There must be one document"),
        (fixed(ORDER, LINE | {"tag": "H"}), "records", "“H” stands twice"),
        (fixed(ORDER, LINE | {"name": "order"}), "records", "“order” stands twice"),
        (fixed(ORDER, LINE | {"name": "a"}), "records[1].name", "has a column of this name"),
        (fixed(ORDER, LINE | {"within": "lines"}), "records[1].within", "leads to no document"),
        (fixed(ORDER, LINE | {"within": "nobody"}), "records[1].within", "leads to no document"),
        (fixed(ORDER | {"many": True}), "records[0].within", "Only a part"),
        (fixed(ORDER, LINE, tag_start=1), "records[0].columns[0].start", "belongs to the tag"),
        (fixed(ORDER | {"counts": {"a": "order"}}), "records[0].counts", "Only a part or the trailer"),
        (fixed(ORDER, LINE | {"counts": {"a": "order"}}), "records[1].counts.a", "column of numbers"),
        (fixed(ORDER, LINE | {"counts": {"n": "documents"}}), "records[1].counts.n", "is none of lines, order, records"),
        (fixed(ORDER, LINE | {"counts": {"n": 1}}), "records[1].counts.n", "must be a text"),
        (fixed(ORDER, LINE | {"sums": {"n": "order.a"}}), "records[1].sums.n", "no record.column of numbers"),
        (fixed(ORDER, LINE, group_by={"columns": "a"}), "group_by", "by themselves"),
        ({"format": "xml"}, "record", "A text is needed"),
        (XML | {"record": "/Orders"}, "record", "path from the root"),
        (XML | {"record": "a//b"}, "record", "path from the root"),
        (XML | {"columns": [{"name": "a/@b/c"}]}, "columns[0].name", "path below the record"),
        (XML | {"lists": ["@a"]}, "lists", "no path"),
        (XML | {"count": "a/"}, "count", "path from the root"),
        (XML | {"namespace": 'x" y="z'}, "namespace", "no blanks"),
        (XML | {"max_depth": 10_000}, "max_depth", "to 256"),
        (XML | {"charset": "no-such"}, "charset", "no charset"),
    ],
)  # fmt: skip
def test_a_fault_names_its_key(settings, key, words):
    with pytest.raises(flat.ProfileError) as refused:
        flat.profile_of(settings)
    assert refused.value.key == key
    assert words in str(refused.value)
    assert str(refused.value).startswith(f"{key}: " if key else "")


def test_names_for_delimiters_and_charsets():
    profile = flat.profile_of(TABLE | {"delimiter": "tab", "charset": "Latin-1", "line_end": "lf"})
    assert (profile.delimiter, profile.charset, profile.line_end) == ("\t", "iso8859-1", "\n")
    assert flat.profile_of(TABLE | {"charset": "utf-8-sig"}).charset == "utf-8"


def test_settings_are_json_and_a_text_stands_for_a_list_of_one():
    settings = {**TABLE, "columns": [A, {"name": "d", "kind": "date", "formats": "%d.%m.%Y"}]}
    profile = flat.profile_of(json.loads(json.dumps(settings)))
    assert profile.columns[1].formats == ("%d.%m.%Y",)


def test_the_settings_in_the_description_are_profiles():
    text = flat.__doc__.partition("ProfileError names the key")[2]
    blocks = [b for b in text.split("\n\n") if b.lstrip().startswith('{"format"')]
    assert len(blocks) == 4
    for block in blocks:
        profile = flat.profile_of(eval(block.replace("[...]", "[]")))
        assert flat.read(b"", profile).problems[0].code == "empty_file"


def test_every_issue_has_a_code_the_catalogue_of_exceptions_knows():
    taxonomy = Path(__file__).parents[2] / "monitoring" / "taxonomy"
    known = "".join(path.read_text() for path in taxonomy.glob("*.yaml"))
    assert {
        kind.code for kind in CATALOGUE.values() if f"- code: {kind.code}\n" not in known
    } == set()
    assert all(CATALOGUE[code].severity == "reject" for code in TOLERABLE)


def test_every_issue_is_used():
    package = Path(flat.__file__).parent
    source = "".join(p.read_text() for p in package.glob("*.py") if p.name != "issues.py")
    source += (package.parent / "workbook.py").read_text()
    assert [code for code in CATALOGUE if f'"{code}"' not in source] == []
