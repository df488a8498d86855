import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import Record
from tests.api.asking import program
from tests.api.test_problems import problem
from tests.pages import scenery

pytestmark = pytest.mark.db


@pytest.fixture
def orders(kestrel) -> list[str]:
    """Five of them, the newest first."""
    scenery.take_orders(scenery.business(kestrel.harbor), "1", "2", "3", "4", "5")
    found = Record.objects.filter(object_type="order").order_by("-pk")
    return list(found.values_list("number", flat=True))


def numbers(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["number"] for one in answer.json()["items"]]


def test_a_list_comes_page_by_page_and_misses_nothing(app, orders):
    first = app.get("records/?object_type=order&limit=2")
    second = app.get(f"records/?object_type=order&limit=2&cursor={first.json()['next']}")
    third = app.get(f"records/?object_type=order&limit=2&cursor={second.json()['next']}")
    assert [numbers(first), numbers(second), numbers(third)] == [
        orders[:2],
        orders[2:4],
        orders[4:],
    ]
    assert third.json()["next"] is None
    assert "Link" not in third


def test_the_link_header_leads_to_the_next_page(app, orders):
    first = app.get("records/?object_type=order&limit=2")
    address = re.fullmatch(r'</api/v1/(.+)>; rel="next"', first["Link"])[1]
    assert numbers(app.get(address)) == orders[2:4]


def test_what_comes_meanwhile_does_not_move_a_page(app, kestrel, orders):
    first = app.get("records/?object_type=order&limit=2")
    Record.objects.filter(number=orders[0]).delete()
    assert (
        numbers(app.get(f"records/?object_type=order&limit=2&cursor={first.json()['next']}"))
        == orders[2:4]
    )


def test_a_cursor_of_another_list_is_refused(app, orders):
    cursor = app.get("records/?object_type=order&limit=2").json()["next"]
    for address in (f"records/?limit=2&cursor={cursor}", f"messages/?cursor={cursor}"):
        said = problem(app.get(address), 422, "invalid")
        assert said["errors"] == [
            {"parameter": "cursor", "detail": "This cursor is not one of this list. Begin again without it."}
        ]  # fmt: skip


def test_a_made_up_cursor_is_refused(app, orders):
    cursor = app.get("records/?limit=2").json()["next"]
    for bad in ("abc", cursor[:-1], "WyJhIl0:1:2"):
        problem(app.get(f"records/?limit=2&cursor={bad}"), 422, "invalid")


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x"])
def test_a_page_has_from_1_to_200_rows(app, limit):
    assert (
        problem(app.get(f"records/?limit={limit}"), 422, "invalid")["errors"][0]["parameter"]
        == "limit"
    )


def test_a_list_asks_as_often_for_three_rows_as_for_one(app, kestrel):
    place = scenery.business(kestrel.harbor)
    addresses = ["records/", "messages/", "endpoints/", "flows/", "cases/", "people/", "customers/"]

    def asked() -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert app.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    scenery.take_orders(place, "1")
    asked()
    one = asked()
    scenery.take_orders(place, "2", "3")
    scenery.business(kestrel.maris, prefix="m")
    program(kestrel, "orders.view", role="engineer")
    assert asked() == one


def test_a_customer_that_is_none_is_said(app):
    assert problem(app.get("records/?customer=nobody"), 422, "invalid")["errors"] == [
        {"parameter": "customer", "detail": "There is no such customer."}
    ]


def test_records_are_found_by_any_of_their_numbers(app, orders):
    assert numbers(app.get("records/?number=3")) == ["3"]
    assert numbers(app.get("records/?number=99")) == []
