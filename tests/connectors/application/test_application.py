"""What an application's orders become, and that nothing is tried of a system that is never called."""

import json

import pytest

from integrations.connectors import registry
from tests.connectors.application.harness import Harness

pytestmark = pytest.mark.pure
APPLICATION = registry.get("application")


def read(body: bytes):
    return APPLICATION.mapper.read("order", "order", body, Harness().connection())


@pytest.mark.parametrize("named", [{}, {"channel": "shop"}, {"channel": None}])
def test_the_channel_is_the_applications_own_whatever_the_order_says(named):
    [order] = read(json.dumps({"number": "1001", **named}).encode()).documents
    assert order["channel"] == "counterapp"


def test_an_order_is_known_by_its_number():
    assert APPLICATION.mapper.remote_id("order", {"number": "1001"}) == "1001"
    assert APPLICATION.mapper.remote_id("order", {"number": 1001}) is None


def test_nothing_is_asked_of_a_person_and_nothing_is_tried():
    assert APPLICATION.settings == ()
    client = APPLICATION.client(Harness().connection())
    assert {check.passed for check in client.test_connection()} == {None}
    assert APPLICATION.account(Harness().connection()) == ""
