import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.routing.lines import (
    LineError,
    read_actions,
    read_conditions,
    write_actions,
    write_conditions,
)
from integrations.routing.rules import check_rules

RULE = {
    "n": 1,
    "if": {
        "ship_to.region": ["NV", "CA"],
        "channel": "web",
        "any_item.hazmat": True,
        "order_value": {"min": 100, "max": "500.50"},
    },
    "then": {"allow": ["RNO1", "LAS1"], "rank": ["complete"], "force": "RNO1", "split": "never"},
}


def test_a_rule_reads_as_lines_and_back():
    assert write_conditions(RULE["if"]) == (
        "ship_to.region is NV, CA\nchannel is web\nany_item.hazmat is yes\n"
        "order_value is from 100 to 500.50"
    )
    assert write_actions(RULE["then"]) == "allow RNO1, LAS1\nrank complete\nforce RNO1\nsplit never"
    again = {"n": 1, "if": read_conditions(write_conditions(RULE["if"])),
             "then": read_actions(write_actions(RULE["then"]))}  # fmt: skip
    assert again == RULE
    assert check_rules([again]) == []


TEXTS = st.text(min_size=1, max_size=20).filter(str.strip)


@given(st.lists(TEXTS, min_size=2, max_size=4) | TEXTS, st.lists(TEXTS, min_size=1, max_size=3))
def test_every_text_survives(wanted, sites):
    when, then = {"tags": wanted}, {"allow": sites}
    assert read_conditions(write_conditions(when)) == when
    assert read_actions(write_actions(then)) == then


@pytest.mark.parametrize("bounds", [{"min": 5}, {"max": "9.99"}, {"min": -3, "max": 4}])
def test_ranges_survive(bounds):
    when = {"order_value": bounds}
    assert read_conditions(write_conditions(when)) == when


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ship_to.regoin is NV", "begins with no condition"),
        ("channel is", "begins with no condition"),
        ("channel is web,,edi", "nothing beside it"),
        ("channel is web\nchannel is edi", "twice"),
        ("any_item.hazmat is true", "yes or no"),
        ("order_value is 500", "no range"),
        ('tags is ["a', "begins like JSON"),
    ],
)
def test_a_wrong_condition_says_what_could_stand_there(text, said):
    with pytest.raises(LineError, match=said):
        read_conditions(text)


@pytest.mark.parametrize(
    ("text", "said"), [("alow RNO1", "begins with no action"), ("allow", "names nothing")]
)
def test_a_wrong_action_says_what_could_stand_there(text, said):
    with pytest.raises(LineError, match=said):
        read_actions(text)
