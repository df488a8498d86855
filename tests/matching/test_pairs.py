import pytest

from integrations.matching import match
from tests.matching.pairs import ALL

pytestmark = pytest.mark.pure


def answers(pairs):
    found = match(pairs.kind, [item for item, _ in pairs.theirs], pairs.ours, known={})
    return list(zip(found, [right for _, right in pairs.theirs], strict=True))


JUDGED = {pairs.name: answers(pairs) for pairs in ALL}


def told(found):
    return f"{found.remote.code} {found.remote.name}: {found.reason}"


def is_right(found, right):
    return found.ours is not None and found.ours.code == right


def test_there_are_enough_pairs_and_many_have_no_match():
    rights = [right for judged in JUDGED.values() for _, right in judged]
    assert len(rights) >= 120
    assert rights.count(None) >= 50


@pytest.mark.parametrize("name", JUDGED)
def test_nothing_certain_is_wrong(name):
    wrong = [told(f) for f, right in JUDGED[name] if f.certain and not is_right(f, right)]
    assert wrong == []


def test_four_in_five_that_exist_are_certain():
    real = [(f, right) for judged in JUDGED.values() for f, right in judged if right is not None]
    assert sum(found.certain for found, _ in real) / len(real) >= 0.8


def test_nearly_all_that_exist_are_proposed_first():
    real = [(f, right) for judged in JUDGED.values() for f, right in judged if right is not None]
    assert [told(f) for f, right in real if not is_right(f, right)] == [
        "Z0001 Zelt zwei Personen: Nothing of ours comes near."
    ]


def test_every_answer_is_in_the_order_it_was_asked_for():
    for pairs in ALL:
        assert [f.remote for f, _ in JUDGED[pairs.name]] == [item for item, _ in pairs.theirs]
