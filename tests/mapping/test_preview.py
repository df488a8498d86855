import threading
from time import monotonic, sleep

import pytest

from integrations.mapping import MISSING, Row
from integrations.mapping.preview import preview

pytestmark = [pytest.mark.pure, pytest.mark.timed]

ORDER = {
    "no": 7,
    "items": [{"sku": "A", "n": 1}, {"sku": "B", "n": 2}],
    "tags": ["x", "y"],
    "gift": False,
}
OUT_OF_TIME = "It ran out of its time; it may never end."


def _preview(rows, document=ORDER, *, table=None):
    return preview(
        [Row(*pair) for pair in rows],
        document,
        lookup=lambda name, code: (table or {}).get(code, MISSING),
        binding=lambda kind, key: MISSING,
        context={"now": "2026-03-02T00:00:00Z"},
    )


def test_each_row_shows_what_it_gives():
    found = _preview(
        [
            ("number", "no"),
            ("lines[]", "items"),
            ("lines[].sku", "sku"),
            ("lines[].note", "note"),
            ("tags[]", "tags"),
            ("gift", "gift"),
            ("empty", "nothing"),
            ("at", "$now()"),
        ]
    )
    assert [row.value_text for row in found.rows] == [
        "7",
        "2 entries",
        "A | B",
        "– | –",
        "x | y",
        "false",
        "–",
        "2026-03-02T00:00:00Z",
    ]
    assert found.body is not None
    assert found.body["lines"] == [{"sku": "A"}, {"sku": "B"}]
    assert found.problems == []


def test_rows_that_do_not_work_say_so_and_the_others_go_on():
    found = _preview([("a", "no"), ("b", "no )"), ("c", '$number("x")'), ("a", "1"), ("d", "gift")])
    assert found.rows == (
        ("a", "7", "", None),
        ("b", "", ") is not expected here.", 3),
        ("c", "", "Cannot convert 'x' to number.", None),
        ("a", "", "This target stands in an earlier row too.", None),
        ("d", "false", "", None),
    )
    assert found.body == {"a": 7, "d": False}
    assert [(p.code, p.path) for p in found.problems] == [("mapping_error", "c")]


def test_rows_below_a_list_that_fails_are_told_why_they_are_empty():
    found = _preview([("lines[]", '$error("No.")'), ("lines[].sku", "sku"), ("n", "no")])
    assert [row.error for row in found.rows] == ["No.", "lines[] fails.", ""]
    assert found.body == {"n": 7}


def test_a_code_without_a_row_is_a_problem_at_its_line():
    found = _preview(
        [("lines[]", "items"), ("lines[].n", "n"), ("lines[].sku", '$lookup("sku", sku)')],
        table={"A": "TENT"},
    )
    assert found.rows[2].value_text == "TENT | –"
    assert [(p.code, p.path) for p in found.problems] == [("unknown_sku", "lines[1].sku")]


def test_a_row_in_a_process_of_its_own_asks_the_same_tables():
    rows = [("v", '$map(items, function($i) { $lookup("sku", $i.sku) })')]
    found = _preview(rows, table={"A": "TENT", "B": "MUG"})
    assert found.rows[0].value_text == "TENT, MUG"
    missing = _preview(rows, table={"A": "TENT"})
    assert [(p.code, p.path) for p in missing.problems] == [("unknown_sku", "v")]


def test_what_a_table_raises_is_raised():
    class Lost(Exception):
        pass

    def lose(name, code):
        raise Lost

    for source in ('$lookup("t", "c")', '[1..1].$lookup("t", "c")'):
        with pytest.raises(Lost):
            preview([Row("v", source)], {}, lookup=lose, binding=lose)


def test_no_rows_give_no_body():
    assert _preview([]) == (None, (), [])


RUNAWAYS = {
    "recursion": "($f := function() { $f() }; $f())",
    "deep": "($f := function($n) { [1, $f($n)] }; $f(0))",
    "range": "[1..10000000]",
    "nested ranges": "[1..99999].([1..99999])",
    "text doubling": "$reduce([1..60], function($a, $v) { $a & $a }, 'x')",
    "object doubling": "$reduce([1..40], function($a, $v) {{'a': $a, 'b': $a}}, 1)",
    "distinct": "$distinct([1..99999])",
    "replace": '($x := $pad("a", 9999, "a"); $y := $replace($x, "a", $x); $replace($y, "a", $x))',
    "roman": '$formatInteger(1e15, "I")',
    "split": '($s := $split($pad("a", 9999, "a"), ""); $s.($s.($s)))',
    "pad": '$pad("a", 10000000000)',
    "map": "$map([1..99999], function($v) { $map([1..99999], function($w) { $w * $v }) })",
    "regex": '[1..99999].$match($pad("a", 9999, "a"), /(.*)(.*)(.*)b/)',
}


@pytest.mark.parametrize("name", RUNAWAYS)
def test_a_runaway_row_ends_within_a_second_and_the_others_go_on(name):
    started = monotonic()
    found = _preview([("number", "no"), ("v", RUNAWAYS[name])])
    assert monotonic() - started < 1
    assert found.body == {"number": 7}
    assert found.rows[0] == ("number", "7", "", None)
    assert found.rows[1].error.endswith(".")


def test_many_runaway_rows_end_within_a_second_together():
    rows = [("number", "no"), *((f"v{n}", source) for n, source in enumerate(RUNAWAYS.values()))]
    started = monotonic()
    found = _preview(rows + [(f"w{n}", RUNAWAYS["distinct"]) for n in range(40)])
    assert monotonic() - started < 1
    assert found.body == {"number": 7}
    assert (
        found.rows[-1].error == "It was not tried: the rows before it took all the time there is."
    )


def test_a_runaway_row_does_not_keep_another_thread_waiting():
    longest, ended = [0.0], threading.Event()

    def tick():
        last = monotonic()
        while not ended.is_set():
            sleep(0.005)
            now = monotonic()
            longest[0], last = max(longest[0], now - last), now

    other = threading.Thread(target=tick)
    other.start()
    try:
        for source in RUNAWAYS.values():
            _preview([("v", source)])
    finally:
        ended.set()
        other.join()
    assert longest[0] < 0.5


def test_a_loop_that_copies_the_document_into_each_line_is_stopped():
    document = {"items": [{"n": n} for n in range(2_000)]}
    started = monotonic()
    found = _preview([("lines[]", "items"), ("lines[].all", "$root.items")], document)
    assert monotonic() - started < 1
    assert found.rows[1].error == OUT_OF_TIME


def test_two_hundred_honest_rows_are_shown_well_within_the_patience_of_a_typist():
    rows = [(f"v{n}", f'no & " {n}"') for n in range(200)]
    _preview(rows)
    times = []
    for n in range(20):
        rows[100] = ("v100", f'no & "typed {n}"')
        started = monotonic()
        _preview(rows)
        times.append(monotonic() - started)
    assert sorted(times)[18] < 0.06
