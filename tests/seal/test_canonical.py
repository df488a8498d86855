"""One value, one sequence of bytes."""

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.seal import canonical, digest, plain
from tests.seal.contents import contents

pytestmark = pytest.mark.pure


@dataclass(frozen=True)
class Promise:
    key: str
    target: Decimal


class Step(NamedTuple):
    n: int
    names: tuple[str, ...]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": None}, '{"a":null,"b":1}'),
        ([True, False, 2], "[true,false,2]"),
        ("Öl — 3 €", '"Öl — 3 €"'),
        (Decimal("84000.0000"), '"84000"'),
        (Decimal("99.270"), '"99.27"'),
        (Decimal("1E+3"), '"1000"'),
        (Decimal("-0.00"), '"0"'),
        (datetime(2026, 5, 1, 13, tzinfo=UTC), '"2026-05-01T13:00:00Z"'),
        (datetime(2026, 5, 1, 6, tzinfo=timezone(timedelta(hours=-7))), '"2026-05-01T13:00:00Z"'),
        (datetime(2026, 5, 1, 13, 0, 0, 250, tzinfo=UTC), '"2026-05-01T13:00:00.000250Z"'),
        (date(2026, 4, 30), '"2026-04-30"'),
        (UUID(int=7), '"00000000-0000-0000-0000-000000000007"'),
        (Promise("cut-off", Decimal("98.0")), '{"key":"cut-off","target":"98"}'),
        (Step(1, ("a",)), '{"n":1,"names":["a"]}'),
        ((1, (2,)), "[1,[2]]"),
    ],
)
def test_every_kind_of_value_has_one_form(value, text):
    assert canonical(value).decode() == text


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"promises": [{"actual": 99.27}]}, "promises\\[0\\].actual is a float"),
        (0.1, "the value is a float"),
        ({"at": datetime(2026, 5, 1)}, "at is 2026-05-01 00:00:00, an instant without a time zone"),
        ({"budget": Decimal("NaN")}, "budget is NaN, which is no number"),
        ({"name": "Camp\ud83c"}, "name is no Unicode text"),
        ({1: "one"}, "the value has the key 1; keys are text"),
        ({"ids": {1, 2}}, "ids is a set"),
    ],
)
def test_what_has_no_one_form_is_refused_with_its_place(value, said):
    with pytest.raises((TypeError, ValueError), match=said):
        canonical(value)


@given(contents)
def test_the_order_of_keys_does_not_count(content):
    def turned(value):
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return [turned(item) for item in value] if isinstance(value, list) else value

    assert canonical(turned(content)) == canonical(content)


@given(contents)
def test_what_was_read_back_has_the_same_bytes(content):
    content_bytes = canonical(content)
    assert canonical(json.loads(content_bytes)) == content_bytes
    assert json.loads(content_bytes) == plain(content)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6), st.integers(0, 8))
def test_zeros_behind_the_point_do_not_count(amount, zeros):
    longer = Decimal(f"{amount:f}" + "0" * zeros)
    assert canonical(longer) == canonical(amount)


def test_another_process_makes_the_same_bytes():
    script = (
        "from decimal import Decimal; from monitoring.seal import canonical, digest;"
        "print(digest(canonical({'z': [Decimal('1.50')], 'a': {'é': None, 'b': True}})))"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert told == digest(canonical({"a": {"b": True, "é": None}, "z": [Decimal("1.5")]}))


def test_the_hash_is_sha_256():
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
