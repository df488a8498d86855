"""What nobody types by accident: zeros, endless numbers, bottomless documents, lists of other cases."""

from datetime import timedelta

import pytest

from monitoring.domain import states
from monitoring.domain.states import NotNowError
from monitoring.models import Fix, SavedView
from portal.accounts.models import Person
from portal.core import clock
from tests.monitoring.conftest import hold
from tests.monitoring.hands import follow, tried, use
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db
ENDLESS = "9" * 5_000


def test_a_saved_view_with_a_zero_in_it_leaves_everybody_their_desk(operator, engineer, harbor):
    hold(harbor, "1001")
    given = {"name": "Zero", "query": "tag=pro%00mo", "shared": "1"}
    operator.post("/desk/views/", given)
    assert SavedView.objects.get().query == "tag=promo"
    assert engineer.get("/desk/").status_code == 200
    assert engineer.get("/desk/pulse/").status_code == 200


def test_a_choice_with_a_zero_in_it_is_read_without(operator, harbor):
    case = hold(harbor, "1001")
    chosen = operator.post("/desk/bulk/", {"all": "1", "query": "customer=harbor%00"})
    assert case.label in follow(operator, chosen).text


def test_a_number_without_end_is_none(operator, harbor):
    case = hold(harbor, "1001")
    began = int(clock.now().timestamp() * 1000) - 1_000
    for path in (
        f"/desk/pulse/?began={began}&known={ENDLESS}",
        f"/cases/{case.pk}/?remedy=skip&fix={ENDLESS}&first=1",
    ):
        assert operator.get(path).status_code == 200


def test_a_document_without_bottom_is_refused_with_a_reason(operator, harbor):
    refused = use(operator, hold(harbor, "1001"), "edit", payload="[" * 100_000, reason="deep")
    assert refused.status_code == 422
    assert "Its lists and objects nest too deep." in refused.content.decode()
    assert not Fix.objects.exists()


def test_skipping_what_a_fix_of_another_case_named_skips_nothing(operator, harbor):
    elsewhere = tried(operator, hold(harbor, "1001"), "lookup", value="NONE", insist="on")
    case = hold(harbor, "2001", "2002", sku="TENT-NEW")
    skipped = use(operator, case, "skip", reason="gone", fix=elsewhere.pk, first=1)
    assert skipped["Location"] == f"/cases/{case.pk}/"
    assert case.fixes.count() == 0


def test_merging_into_a_case_that_is_none_says_so_on_the_page(operator, harbor):
    case = hold(harbor, "1001")
    for into in ("999999", "C-x", ENDLESS):
        refused = operator.post(f"/cases/{case.pk}/merge/", {"into": into})
        assert texts(follow(operator, refused), ".toast") == [
            "There is no such case. Say the number of one, such as C-2291."
        ]
    assert page(operator.get(f"/cases/{case.pk}/")).select_one("h1") is not None


def test_nothing_is_put_off_beyond_what_a_calendar_holds(operator, harbor):
    case = hold(harbor, "1001")
    Person.objects.update(time_zone="America/Los_Angeles")
    far = "9999-12-31T23:30"
    answer = use(operator, case, "snooze", until=far)
    assert answer.status_code == 422
    assert "Choose a time within a year from now." in answer.content.decode()
    listed = operator.post("/desk/bulk/", {"case": [case.pk], "verb": "snooze"}).url
    shown = page(operator.get(listed)).select_one("#act input[name=shown]")["value"]
    answer = operator.post(listed, {"verb": "snooze", "shown": shown, "until": far})
    assert answer.status_code == 422
    with pytest.raises(NotNowError, match="within a year"):
        states.snooze(case.pk, until=clock.now() + timedelta(days=400), reason="", actor="Ana")
    assert operator.get("/desk/").status_code == 200
