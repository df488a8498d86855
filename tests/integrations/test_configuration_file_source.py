import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from integrations.configfile.dump import Dumper
from integrations.configfile.shape import shape_faults
from integrations.yaml_source import Fault, RefusedError, read_source

pytestmark = pytest.mark.pure


def refusal(text: bytes) -> list[Fault]:
    with pytest.raises(RefusedError) as refused:
        read_source(text)
    return refused.value.faults


def shape(text: str) -> list[Fault]:
    return shape_faults(read_source(text.encode()))


def test_words_that_yaml_11_twists_stay_what_was_written():
    source = read_source(b"a: NO\nb: 17:30\nc: 00123\nd: 1_000\ne: 2026-03-01\nf: yes\nNO: x\n")
    assert source.data == {
        "a": "NO", "b": "17:30", "c": "00123", "d": "1_000", "e": "2026-03-01", "f": "yes", "NO": "x",
    }  # fmt: skip


def test_plain_values_are_numbers_flags_and_null():
    source = read_source(b"[1, -2, 0.5, true, false, null, ~, '1', 'true']")
    assert source.data == [1, -2, 0.5, True, False, None, None, "1", "true"]


def test_codes_of_a_lookup_table_are_text_as_written():
    text = b"lookups:\n  - name: sku\n    rows: {7: 1.10, 8: true, 9: ~}\n"
    assert read_source(text).data["lookups"][0]["rows"] == {"7": "1.10", "8": "true", "9": None}


def test_every_value_knows_its_line():
    source = read_source(b"flows:\n  - slug: a\n    to: b\n  - slug: c\n")
    assert source.lines[("flows", 0, "to")] == 3
    assert source.lines[("flows", 1)] == 4
    assert source.fault(("flows", 1, "to"), "missing") == Fault(4, "flows[1].to", "missing")


def test_broken_yaml_names_its_line():
    (fault,) = refusal(b"flows:\n  - slug: a\n   to: b\n")
    assert (fault.line, fault.text.startswith("This is not YAML")) == (3, True)


def test_bytes_that_are_no_text_name_their_line():
    assert refusal(b"flows:\n  - \xff") == [Fault(2, "", "The file is not UTF-8 text.")]


def test_a_control_character_names_its_line():
    fault = Fault(2, "", "The character U+0001 must not stand in the file.")
    assert refusal(b"flows:\n  - \x01") == [fault]


def test_a_key_that_stands_twice_is_refused():
    assert refusal(b"flows: []\nflows: []\n") == [Fault(2, "flows", "This key stands here twice.")]


def test_a_value_that_contains_itself_is_refused():
    (fault,) = refusal(b"a: &a\n  - *a\n")
    assert (fault.path, fault.text) == ("a[0]", "This value contains itself.")


def test_aliases_that_multiply_are_refused_with_their_line():
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join(10 * [f'*a{n - 1}'])}]" for n in range(1, 10)]
    (fault,) = refusal("\n".join(lines).encode())
    assert (fault.line, fault.text) == (1, "Aliases repeat more than 10000 values.")
    assert fault.path.startswith("a3[")


def test_an_alias_used_now_and_then_is_read():
    assert read_source(b"a: &a {b: [1, 2]}\nc: *a\nd: [*a]\n").data["d"] == [{"b": [1, 2]}]


def test_a_number_of_a_hundred_thousand_digits_is_refused_with_its_line():
    text = "This number has too many digits."
    assert refusal(b"a:\n  b: " + b"9" * 100_000) == [Fault(2, "a.b", text)]


@pytest.mark.parametrize("levels", [51, 2_000, 2_000_000])
def test_what_nests_too_deep_is_refused_with_its_line(levels):
    fault = Fault(2, "", "Lists and groups nest deeper than 50 levels.")
    assert refusal(b"a:\n  " + b"[" * levels + b"]" * levels) == [fault]


def test_tags_that_make_python_objects_are_refused():
    (fault,) = refusal(b"a: !!python/name:os.system ''\n")
    assert fault.text == "The tag tag:yaml.org,2002:python/name:os.system is not known here."


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [Fault(1, "", "The file is empty.")]),
        ("# only this", [Fault(1, "", "The file is empty.")]),
        (
            "flow: []\n",
            [Fault(1, "flow", "There is no such key. There are: customers, endpoints, flows, routes,"
                              " lookups, mappings.")],
        ),
        ("customers:\n  - slug: harbor\n", [Fault(2, "customers[0].name", "This key is missing.")]),
        (
            "customers:\n  - slug: Harbor West\n    name: Harbor\n",
            [Fault(2, "customers[0].slug",
                   "“Harbor West” will not do. Use 2 to 41 lower-case letters and digits, a letter"
                   " first.")],
        ),
        (
            "flows:\n  - {slug: a, customer: ab, object: order, from: ab, to: cd,\n"
            "     latency: sometimes}\n",
            [Fault(3, "flows[0].latency",
                   "“sometimes” will not do. Use realtime, {every_minutes: 1 to 1440} or"
                   ' {at_time: "HH:MM"}.')],
        ),
        (
            "mappings:\n  - endpoint: ab\n    object: order\n    direction: up\n    rows: [[a]]\n",
            [
                Fault(4, "mappings[0].direction", "“up” is not one of in, out."),
                Fault(5, "mappings[0].rows[0]",
                      "“[\"a\"]” will not do. Use a row of two texts: [target, source]."),
            ],
        ),
    ],
)  # fmt: skip
def test_what_the_schema_refuses_is_told_in_words(text, faults):
    assert shape(text) == faults


def test_a_secret_written_into_the_file_is_refused_and_not_repeated():
    faults = shape(
        "endpoints:\n  - slug: shop\n    customer: harbor\n    label: Shop\n    connector: http\n"
        "    secrets:\n      auth_token: hunter2\n"
    )
    assert faults == [
        Fault(7, "endpoints[0].secrets.auth_token",
              "Write ${NAME} here and set the environment variable NAME to the secret."),
    ]  # fmt: skip


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.dictionaries(TEXTS, TEXTS, max_size=6))
def test_texts_that_are_written_are_read_back_the_same(texts):
    written = yaml.dump(texts, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=4096)
    assert (read_source(written.encode()).data or {}) == texts


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers())
def test_numbers_that_are_written_are_read_back_the_same(number):
    written = yaml.dump({"n": number}, Dumper=Dumper)
    assert read_source(written.encode()).data == {"n": number}
