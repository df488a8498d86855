"""What a partner said of our files, as an engineer sees it: from expected to accepted, overdue or refused."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import Endpoint, Problem
from tests.pages.scenery import page, texts
from tests.people import sign_in
from tests.scenarios.test_overdue import LATE, found, sent
from tests.scenarios.test_x12 import (
    answer,
    arrives,
    depot,
    group_control,
    ordered,
    received,
    server,
)

__all__ = ["depot", "server"]

pytestmark = pytest.mark.db

LIST = "/endpoints/northwind/acknowledgements/"
REFUSAL = "AK2*940*0001~AK3*W66*{at}**8~AK4*1**7*XX~AK5*R*5~"


def refusal(server) -> str:
    """A refusal of the W66 that stands in the newest file, where it stands."""
    name = max(n for n in server.names("in") if n.startswith("940"))
    segments = (server.root / "in" / name).read_text().split("~")
    tags = [segment.strip().partition("*")[0] for segment in segments]
    return REFUSAL.format(at=tags.index("W66") - tags.index("ST") + 1)


@pytest.fixture
def engineer(kestrel):
    return sign_in(kestrel, "engineer")


def states(client, state: str = "") -> list[str]:
    return texts(page(client.get(LIST, {"state": state} if state else {})), "tbody .status")


def tabs(client) -> list[str]:
    return texts(page(client.get(LIST)), ".tabs a")


def test_a_file_is_expected_to_be_acknowledged_until_it_is(kestrel, shop, depot, engineer):
    assert "Nothing was sent yet." in page(engineer.get(LIST)).text
    ordered(kestrel, shop, "1001", "1002")
    [word] = states(engineer)
    assert word.startswith("expected by ")
    assert texts(page(engineer.get(LIST)), "td[data-label=Documents]") == ["1001, 1002"]
    arrives(kestrel, depot, received("FA", answer(group_control())))
    assert states(engineer) == ["accepted"]
    assert (states(engineer, "accepted"), states(engineer, "expected")) == (["accepted"], [])
    assert "No answer is waited for." in page(engineer.get(LIST, {"state": "expected"})).text


def test_what_is_overdue_is_counted_on_its_tab(kestrel, shop, depot, engineer):
    sent(kestrel, shop, "1001")
    found(LATE)
    assert states(engineer, "overdue") == ["overdue"]
    assert tabs(engineer) == ["All", "Expected", "Overdue 1", "Refused 0", "Accepted"]
    assert "1 overdue" in page(engineer.get("/endpoints/northwind/")).text


def test_what_was_refused_is_marked_in_the_file_as_it_was_sent(
    kestrel, shop, depot, server, engineer
):
    ordered(kestrel, shop, "1001")
    arrives(kestrel, depot, received("FA", answer(group_control(), "R", sets=refusal(server))))
    assert states(engineer, "refused") == ["refused"]
    soup = page(engineer.get(page(engineer.get(LIST)).select_one("tbody a")["href"]))
    problem = Problem.objects.get()
    assert texts(soup, "td.main div") == [problem.text]
    assert problem.text.endswith('element 1: the code is not valid ("XX").')
    assert (problem.path[:4], problem.path[-3:], problem.value) == ("W66[", "].1", "XX")
    [marked] = soup.select("li[data-mark=bad]")
    assert marked.text.startswith("W66*")
    order = page(engineer.get(soup.select_one("th[scope=row] a")["href"]))
    assert any("W66*" in line.text for line in order.select("li[data-mark=bad]"))


def test_two_places_of_one_document_are_two_problems(kestrel, shop, depot, server, engineer):
    ordered(kestrel, shop, "1001")
    sets = refusal(server).replace("AK5*R*5~", "AK3*N4*5**8~AK4*2**5*NEVADA~AK5*R*5~")
    arrives(kestrel, depot, received("FA", answer(group_control(), "R", sets=sets)))
    assert sorted(p.path.partition("[")[0] for p in Problem.objects.all()) == ["N4", "W66"]
    assert states(engineer) == ["refused"]


def test_who_may_not_see_documents_sees_what_was_said_and_not_the_file(
    kestrel, shop, depot, engineer
):
    ordered(kestrel, shop, "1001")
    address = page(engineer.get(LIST)).select_one("tbody a")["href"]
    finance = sign_in(kestrel, "operator")
    soup = page(finance.get(address))
    may = finance.get(page(engineer.get(address)).select_one(".pane-links a")["href"])
    assert bool(soup.select(".payload li")) == (may.status_code == 200)


def test_the_list_asks_as_often_for_more_files(kestrel, shop, depot, engineer):
    ordered(kestrel, shop, "1001")
    engineer.get(LIST)
    with CaptureQueriesContext(connection) as one:
        engineer.get(LIST)
    ordered(kestrel, shop, "1002")
    ordered(kestrel, shop, "1003")
    with CaptureQueriesContext(connection) as three:
        assert len(page(engineer.get(LIST)).select("tbody tr")) == 3
    assert len(one) == len(three)


def test_a_system_without_acknowledgements_has_no_such_page(kestrel, shop, engineer):
    assert Endpoint.objects.get(slug="shop").connector == "http"
    assert engineer.get("/endpoints/shop/acknowledgements/").status_code == 404
    assert engineer.get(f"{LIST}0193e0a8-0000-7000-8000-000000000000/").status_code == 404
