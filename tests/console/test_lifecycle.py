import pytest

from portal.tenants import flag_kinds, lifecycle
from portal.tenants.retention_kinds import KINDS, within

pytestmark = pytest.mark.pure


def test_only_an_archived_partner_can_be_deleted():
    assert lifecycle.STEPS["delete"].leads_from == {"archived"}
    assert {s: lifecycle.next_steps(s) for s in lifecycle.STATES} == {
        "open": ["suspend", "archive"],
        "suspended": ["resume", "archive"],
        "archived": ["bring_back", "delete"],
        "deleted": [],
    }


def test_a_door_that_is_shut_never_says_that_something_was_stored():
    assert {state: door.status for state, door in lifecycle.DOORS.items()} == {
        "suspended": 503, "archived": 410,
    }  # fmt: skip
    assert lifecycle.DOORS["suspended"].retry_after == 300


@pytest.mark.parametrize(
    ("path", "flag"),
    [
        ("/webhooks/", "webhooks"), ("/webhooks/7/edit/", "webhooks"), ("/tokens/", "api"),
        ("/api/v1/orders/", "api"), ("/api/problems/not-included/", None), ("/mail/log/", "own_mail"),
        ("/domains/", "own_domains"), ("/orders/", None), ("/", None),
    ],
)  # fmt: skip
def test_an_address_belongs_to_the_feature_above_it(path, flag):
    assert flag_kinds.of_address(path) == flag


def test_an_exception_outdoes_the_tier_both_ways():
    assert flag_kinds.come_to(["api", "webhooks"], {"webhooks": True, "own_mail": False}) == [
        "api", "own_mail",
    ]  # fmt: skip
    assert flag_kinds.come_to(["gone long ago"], {}) == []


def test_every_usual_term_is_within_what_a_partner_may_choose():
    for kind in KINDS.values():
        assert kind.least <= kind.days <= kind.most
    assert [within(n, least=30, most=90) for n in (7, 45, 400)] == [30, 45, 90]
