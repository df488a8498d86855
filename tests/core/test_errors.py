import copy
import pickle
from typing import NamedTuple

import pytest

from portal.core.errors import (
    CrossdockError,
    NeedsCredentials,
    NeedsPerson,
    Permanent,
    Retryable,
)

pytestmark = pytest.mark.pure
PLANTED = "Zq7RplantedT9x"


class Problem(NamedTuple):
    code: str
    path: str
    value: str
    text: str


def test_every_error_is_one_of_four_recoveries():
    kinds = {Retryable, NeedsPerson, NeedsCredentials, Permanent}
    assert set(CrossdockError.__subclasses__()) == kinds


def test_a_retryable_carries_its_code_and_the_wait_it_was_asked_for():
    error = Retryable("The store is busy", retry_after=12.5, code="rate_limited")
    assert (error.code, error.retry_after, error.uncertain) == ("rate_limited", 12.5, False)
    assert str(error) == "The store is busy"


def test_a_retryable_without_a_code_is_unavailable():
    assert Retryable("gone for now").code == "unavailable"


def test_missing_credentials_are_auth_expired_unless_said_otherwise():
    assert NeedsCredentials("The key was revoked").code == "auth_expired"
    assert NeedsCredentials("No such scope", code="forbidden").code == "forbidden"


def test_needs_person_names_codes_and_paths_but_no_values():
    error = NeedsPerson([Problem("unknown_sku", "lines[1].sku", PLANTED, f"No item {PLANTED}")])
    assert str(error) == "unknown_sku at lines[1].sku"
    assert error.code == "unknown_sku"
    assert error.problems[0].value == PLANTED
    assert PLANTED not in repr(error) + str(error.args)


def test_needs_person_names_five_problems_and_counts_the_rest():
    error = NeedsPerson([Problem("missing_field", "", "", "")] * 7)
    assert str(error) == "missing_field at the document, " * 5 + "2 more"


def test_needs_person_without_a_problem_is_refused():
    with pytest.raises(ValueError, match="at least one problem"):
        NeedsPerson([])


@pytest.mark.parametrize(
    "make",
    [
        lambda text: Retryable(text),
        lambda text: NeedsCredentials(text),
        lambda text: Permanent(text, "rejected"),
    ],
)
def test_a_secret_in_a_message_appears_nowhere(make):
    error = make(f"GET https://shop.example/?consumer_secret={PLANTED} failed")
    assert PLANTED not in f"{error} {error!r} {error.args} {vars(error)}"
    assert "shop.example" in str(error)


@pytest.mark.parametrize(
    "error",
    [
        Retryable("busy", retry_after=3.0, code="timeout", uncertain=True),
        NeedsPerson([Problem("unknown_sku", "lines[0].sku", "X", "No item X")]),
        NeedsCredentials("revoked", code="forbidden"),
        Permanent("refused", "rejected"),
    ],
)
def test_errors_cross_process_borders_whole(error):
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(twin) is type(error)
        assert vars(twin) == vars(error)
        assert str(twin) == str(error)
