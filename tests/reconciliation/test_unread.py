"""A run that could not read a side: what it says, what explains it, and how it is made once more."""

import pytest

from integrations.domain import changes
from integrations.domain.health import EndpointDown
from monitoring.domain import opening
from monitoring.models import ExceptionCase, ReconRun
from portal.core import clock
from portal.core.secrets import encrypt
from tests.pages.scenery import page, texts
from tests.people import sign_in
from tests.reconciliation.conftest import run
from tests.reconciliation.test_sources import store, three, web

__all__ = ["store", "web"]
pytestmark = pytest.mark.db
SAID = "The stock of ERP could not be read: it cannot be reached. Compare again once it answers."


def silence(house, endpoint, **settings) -> None:
    """The endpoint leads to where nothing answers."""
    endpoint.settings = {**endpoint.settings, **settings}
    endpoint.save()
    changes.touch(house.customer_id)


@pytest.fixture
def silent(house):
    """The ERP does not answer."""
    house.count()
    silence(house, house.books, url="postgresql://portal@127.0.0.1:1/erp")
    return house.define()


def down(endpoint) -> ExceptionCase:
    """The endpoint is known to be out of reach."""
    event = EndpointDown(
        endpoint.pk, endpoint.customer_id, "unavailable", "no answer", False, clock.now()
    )
    opening.endpoint_down(event)
    return ExceptionCase.objects.get(code="unavailable")


def test_it_says_which_side_could_not_be_read_and_what_to_do(operator, silent):
    failed = run(silent)
    assert (failed.state, failed.trouble) == ("failed", SAID)
    shown = page(operator.get(f"/reconciliation/runs/{failed.pk}/"))
    assert texts(shown, "#run .notice") == [SAID]
    case = ExceptionCase.objects.get()
    assert (case.code, case.endpoint.slug) == ("recon_refused", "books")
    assert dict(case.evidence["lines"])["Why"] == SAID


def test_no_address_of_a_shop_is_shown(operator, house, web, store):
    house.count()
    silence(house, web, url="http://127.0.0.1:1")
    failed = run(house.define("inventory", *three(house)))
    shown = page(operator.get(f"/reconciliation/runs/{failed.pk}/"))
    said = "The stock of Web store could not be read: it cannot be reached."
    assert texts(shown, "#run .notice") == [f"{said} Compare again once it answers."]
    assert "127.0.0.1" not in shown.text and "GET" not in shown.text


def test_refused_credentials_are_said_as_that(house, web, store):
    house.count()
    web.secrets = encrypt({"consumer_key": "ck", "consumer_secret": "no", "webhook_secret": "w"})
    web.save()
    changes.touch(house.customer_id)
    failed = run(house.define("inventory", *three(house)))
    assert failed.trouble == (
        "The stock of Web store could not be read: it refused our credentials."
        " Renew them at the endpoint, and compare again."
    )


def test_it_is_compared_again_from_its_page(operator, silent, house):
    failed = run(silent)
    silence(house, house.books, url=house.erp.url)
    address = f"/reconciliation/runs/{failed.pk}/"
    (button,) = page(operator.get(address)).select(".page-actions form")
    assert " ".join(button.text.split()) == "Compare again C"
    answer = operator.post(button["action"])
    begun = ReconRun.objects.first()
    assert (answer.status_code, answer["Location"]) == (302, f"/reconciliation/runs/{begun.pk}/")
    assert (begun.pk > failed.pk, begun.trigger, begun.light) == (True, "person", False)


def test_a_run_that_went_well_offers_no_other_comparison(operator, house):
    house.count()
    done = run(house.define())
    buttons = texts(page(operator.get(f"/reconciliation/runs/{done.pk}/")), ".page-actions button")
    assert buttons == ["Make it again"]


def test_whoever_may_only_look_has_no_button(kestrel, silent):
    failed = run(silent)
    reader = sign_in(kestrel, "finance")
    address = f"/reconciliation/runs/{failed.pk}/"
    shown = page(reader.get(address))
    assert texts(shown, "#run .notice") == [SAID]
    assert not shown.select(".page-actions form")
    assert reader.post(f"/reconciliation/{silent.pk}/run/").status_code == 403


def test_an_endpoint_that_is_known_to_be_down_explains_it(operator, silent, house):
    case = down(house.books)
    failed = run(silent)
    assert failed.explained_by == case
    assert list(ExceptionCase.objects.all()) == [case]
    shown = page(operator.get(f"/reconciliation/runs/{failed.pk}/"))
    (link,) = shown.select("#run .notice a")
    assert (link["href"], link.text) == (f"/cases/{case.pk}/", f"C-{case.pk}")


def test_a_case_of_its_own_ends_when_the_endpoint_has_one(silent, house):
    run(silent)
    own = ExceptionCase.objects.get(code="recon_refused")
    case = down(house.books)
    run(silent)
    own.refresh_from_db()
    assert (own.state, own.resolution) == ("resolved", f"Explained by C-{case.pk}")


def test_another_endpoint_that_is_down_explains_nothing(silent, house):
    down(house.reno)
    assert run(silent).explained_by is None
    assert ExceptionCase.objects.filter(code="recon_refused").exists()
