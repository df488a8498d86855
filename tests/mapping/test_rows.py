import threading

import pytest

from integrations.mapping import MISSING, MappingSyntaxError, Row, compile_mapping
from tests.mapping.running import body, one, run

pytestmark = pytest.mark.pure

ORDER = {
    "no": "1001",
    "items": [
        {"sku": "a", "serials": ["s1", "s2"]},
        {"sku": "b", "serials": "s3"},
        {"sku": "c", "serials": None},
    ],
}


def test_rows_build_nested_objects_in_their_order():
    found = body(
        {
            "number": "no",
            "ship_to.city": '"Fernley"',
            "extensions.`acme.order`.gift": "true",
        },
        ORDER,
    )
    assert found == {
        "number": "1001",
        "ship_to": {"city": "Fernley"},
        "extensions": {"acme.order": {"gift": True}},
    }
    assert list(found) == ["number", "ship_to", "extensions"]


def test_rows_below_a_list_are_evaluated_for_each_entry():
    rows = {
        "lines[]": "items",
        "lines[].sku": "$uppercase(sku)",
        "lines[].line_no": "$string($index + 1)",
        "lines[].order": "$root.no & $parent.no",
    }
    assert body(rows, ORDER)["lines"] == [
        {"sku": "A", "line_no": "1", "order": "10011001"},
        {"sku": "B", "line_no": "2", "order": "10011001"},
        {"sku": "C", "line_no": "3", "order": "10011001"},
    ]


def test_a_list_in_a_list_knows_its_own_index_and_its_parent():
    rows = {
        "lines[]": "items",
        "lines[].serials[]": "serials",
        "lines[].serials[].id": "$",
        "lines[].serials[].at": "$parent.sku & $string($index) & $root.no",
    }
    assert body(rows, ORDER)["lines"] == [
        {"serials": [{"id": "s1", "at": "a01001"}, {"id": "s2", "at": "a11001"}]},
        {"serials": [{"id": "s3", "at": "b01001"}]},
    ]


def test_the_source_of_an_inner_list_sees_the_outer_parent():
    rows = {"lines[]": "items", "lines[].all[]": "$parent.items.sku"}
    assert body(rows, ORDER)["lines"][0] == {"all": ["a", "b", "c"]}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"items": {"sku": "a"}}, {"lines": [{"sku": "a", "uom": "EA"}]}),
        ({"items": []}, {}),
        ({"items": None}, {}),
        ({}, {}),
    ],
)
def test_one_entry_is_a_list_of_one_and_null_is_none(document, expected):
    assert body({"lines[]": "items", "lines[].sku": "sku", "lines[].uom": '"EA"'}, document) == (
        expected
    )


def test_a_list_without_rows_below_is_a_list_of_its_values():
    assert body({"tags[]": "no"}, ORDER) == {"tags": ["1001"]}
    assert body({"tags[]": "items.sku"}, ORDER) == {"tags": ["a", "b", "c"]}
    assert body({"address.lines[]": '[a, b, "x"]'}, {"b": None}) == {"address": {"lines": ["x"]}}


def test_what_is_undefined_null_or_empty_is_left_out():
    rows = {
        "a": "nothing",
        "b": "null",
        "c.d": "nothing",
        "e": "[]",
        "f": '""',
        "g": "0",
        "h": "{}",
    }
    assert body(rows, {}) == {"f": "", "g": 0}


def test_the_context_of_the_run_is_at_hand():
    assert one("$context.site", {}, context={"site": "RNO1"}) == "RNO1"
    assert one("$context.site", {}) is None


@pytest.mark.parametrize(
    "source", ['1}, {"x": 2', "a b", "(1", "", "  ", "/* x", "'x", "a.[", "1)+(2"]
)
def test_a_row_that_is_no_expression_is_named(source):
    with pytest.raises(MappingSyntaxError) as caught:
        compile_mapping([Row("a", "1"), Row("b", source)], name="test")
    assert (caught.value.row_index, caught.value.target) == (1, "b")


def test_the_fault_in_a_row_has_a_place_and_plain_words():
    with pytest.raises(MappingSyntaxError) as caught:
        compile_mapping([Row("a", "total + + 1")], name="test")
    assert caught.value.position == 8
    with pytest.raises(MappingSyntaxError) as caught:
        compile_mapping([Row("a", "x}")], name="test")
    assert (caught.value.message, caught.value.position) == (
        "} is not expected here.",
        1,
    )


@pytest.mark.parametrize(
    ("targets", "row_index", "message"),
    [
        (["a", "a"], 1, "This target stands in an earlier row too."),
        (["a", "a.b"], 1, "a already has a source of its own."),
        (["a.b", "a"], 1, "Rows below this target give it its fields already."),
        (["a[]", "a.b"], 1, "a is a list in one row and not in another."),
        (["n", "a[].b"], 1, "No row says where a[] comes from."),
        (["a b"], 0, "“a b” is not a path such as lines[].sku."),
        ([], 0, "The mapping has no rows."),
    ],
)
def test_targets_that_contradict_each_other_are_refused(targets, row_index, message):
    with pytest.raises(MappingSyntaxError) as caught:
        compile_mapping([Row(target, "1") for target in targets], name="test")
    assert (caught.value.row_index, caught.value.message) == (row_index, message)


def test_a_list_row_may_stand_below_its_fields():
    assert body({"a[].b": "$", "a[]": "[1, 2]"}) == {"a": [{"b": 1}, {"b": 2}]}


def test_a_row_cannot_see_the_variables_of_another():
    assert body({"a": "($x := 1; $x)", "b": "$x"}) == {"a": 1}


def test_hostile_names_stay_names():
    assert body({'`a"}, {"b`.`\\`': "1"}) == {'a"}, {"b': {"\\": 1}}


def test_a_document_of_ten_thousand_lines_is_mapped():
    rows = {
        "lines[]": "items",
        "lines[].sku": '$lookup("sku", $)',
        "lines[].no": "$string($index)",
    }
    codes = [f"c{n}" for n in range(10_000)]
    table = {("sku", code): code.upper() for code in codes}
    found = body(rows, {"items": codes}, lookups=table)
    assert len(found["lines"]) == 10_000
    assert found["lines"][9_999] == {"sku": "C9999", "no": "9999"}


def test_two_threads_share_a_mapping_and_not_their_answers():
    mapping = compile_mapping(
        [Row("v[]", "codes"), Row("v[].w", '$lookup("sku", $)')], name="shared"
    )
    document = {"codes": [str(n) for n in range(300)]}
    found = {}

    def work(name):
        def answer(_, code):
            return f"{name}{code}"

        found[name] = [
            mapping.run(document, lookup=answer, binding=answer).body["v"] for _ in range(20)
        ]

    threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {name: [[{"w": f"{name}{n}"} for n in range(300)]] * 20 for name in "ab"}


def test_the_name_is_kept_for_the_logs():
    assert compile_mapping([Row("a", "1")], name="order v3").name == "order v3"


def test_missing_is_one_value():
    assert run({"v": '$lookup("sku", "x")'}, {}, lookups={("sku", "x"): MISSING}).problems


@pytest.mark.parametrize("source", ['$lookup("sku", "x")', '$binding("order", 7)'])
def test_what_a_lookup_raises_is_no_fault_of_the_mapping(source):
    def lost(table, code):
        raise ConnectionError("the database went away")

    mapping = compile_mapping([Row("v", source)], name="test")
    with pytest.raises(ConnectionError, match="went away"):
        mapping.run({}, lookup=lost, binding=lost)


def test_a_connection_lost_while_the_misses_are_placed_is_raised_too():
    answers = [MISSING, MISSING]

    def once(table, code):
        if answers:
            return answers.pop()
        raise ConnectionError("the database went away")

    mapping = compile_mapping(
        [Row("v", '$lookup("sku", "x", nothing) & $lookup("sku", 1)')], name="t"
    )
    with pytest.raises(ConnectionError):
        mapping.run({}, lookup=once, binding=once)
