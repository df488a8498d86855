"""The way into an onboarding: catalogue, templates, and a system that cannot be reached."""

from io import BytesIO

import pytest

from integrations.domain import endpoint_templates, flow_choices
from integrations.models import Endpoint, EndpointTemplate, Flow, OnboardingRun
from integrations.onboarding.template import export_template
from portal.core import clock
from tests import pipeline
from tests.onboarding.test_template import DATA
from tests.pages.scenery import page, texts
from tests.people import Site, sign_in

pytestmark = pytest.mark.db


def test_the_catalogue_is_searched(kestrel: Site) -> None:
    engineer = sign_in(kestrel, "engineer")
    seen = texts(page(engineer.get("/onboarding/new/?q=940")), "#catalogue tbody th a")
    assert seen == ["3PL warehouse (X12)"]
    assert "No connector matches" in page(engineer.get("/onboarding/new/?q=fax")).text


def test_the_same_account_twice_is_refused(kestrel: Site) -> None:
    pipeline.endpoint(
        kestrel.harbor, "books", settings={"url": "http://127.0.0.1:9/in"}, label="Books"
    )
    engineer = sign_in(kestrel, "engineer")
    engineer.post("/onboarding/new/", {"customer": "maris", "connector": "http", "label": "Other"})
    run = OnboardingRun.objects.get()
    answer = engineer.post(f"/onboarding/{run.pk}/credentials/", {"url": "http://127.0.0.1:9/in/"})
    assert answer.status_code == 409
    assert b"Books of Harbor Outfitters is this account already" in answer.content
    assert Endpoint.objects.count() == 1


def test_a_step_cannot_be_skipped(kestrel: Site) -> None:
    engineer = sign_in(kestrel, "engineer")
    engineer.post("/onboarding/new/", {"customer": "maris", "connector": "http", "label": "Other"})
    run = OnboardingRun.objects.get()
    for step in ("flows", "match", "conformance", "live"):
        answer = engineer.get(f"/onboarding/{run.pk}/{step}/")
        assert answer.url == f"/onboarding/{run.pk}/credentials/"


def test_a_template_of_another_version_is_refused_with_its_line(kestrel: Site) -> None:
    engineer = sign_in(kestrel, "engineer")
    text = export_template(DATA).replace("template: 1", "template: 7")
    answer = engineer.post("/onboarding/templates/", {"file": BytesIO(text.encode())}, follow=True)
    assert "Line 1: This is a template of version 7" in page(answer).text
    assert not EndpointTemplate.objects.exists()


def test_a_template_begins_the_next_customers_onboarding(kestrel: Site) -> None:
    engineer = sign_in(kestrel, "engineer")
    engineer.post("/onboarding/templates/", {"file": BytesIO(export_template(DATA).encode())})
    made = EndpointTemplate.objects.get()
    engineer.post(
        f"/onboarding/new/?template={made.pk}",
        {"customer": "maris", "connector": "woocommerce", "label": "Shop"},
    )
    assert OnboardingRun.objects.get().template == made
    assert engineer.get(f"/onboarding/templates/{made.pk}/").content.decode() == made.text


def test_a_template_of_a_live_endpoint_brings_its_flows_mappings_and_policies(
    kestrel: Site,
) -> None:
    first = pipeline.endpoint(kestrel.harbor, "shop", settings={})
    pipeline.flow(first, pipeline.endpoint(kestrel.harbor, "erp", settings={}), drift="pause")
    first.mappings.create(
        object_type="order", direction="in", version=1, rows=[["number", "po_number"]]
    )
    done = OnboardingRun.objects.create(
        customer_id=kestrel.harbor, connector="http", label="Shop", endpoint=first,
        live_at=clock.now(),
    )  # fmt: skip
    template = endpoint_templates.save(done, name="Shops", by="Eli")

    second = pipeline.endpoint(kestrel.maris, "other", settings={}, state="testing")
    pipeline.endpoint(kestrel.maris, "plant", settings={})
    run = OnboardingRun.objects.create(
        customer_id=kestrel.maris, connector="http", label="Other", endpoint=second,
        template=template, done={"connector": "x", "credentials": "x", "discover": "x"},
    )  # fmt: skip
    choices = endpoint_templates.chosen_by(run, flow_choices.choices(run))
    wanted = [(c.object_type, c.source.slug) for c in choices if c.chosen]
    assert ("order", "other") in wanted
    assert {object_type for object_type, _ in wanted} == {"order"}
    flow_choices.choose(
        run, {c.name: "realtime" for c in choices if c.chosen and c.source == second}
    )
    endpoint_templates.apply(run)
    assert Flow.objects.get(source=second).drift == "pause"
    assert second.mappings.get(object_type="order", direction="in").rows == [
        ["number", "po_number"]
    ]


def test_who_may_not_onboard_sees_none_of_it(kestrel: Site) -> None:
    assert sign_in(kestrel, "operator").get("/onboarding/").status_code == 403


def test_an_application_is_onboarded_with_nothing_to_enter_and_is_a_sales_channel(
    kestrel: Site,
) -> None:
    engineer = sign_in(kestrel, "engineer")
    engineer.post(
        "/onboarding/new/",
        {"customer": "harbor", "connector": "application", "label": "Counter app"},
    )
    run = OnboardingRun.objects.get()
    answer = engineer.post(f"/onboarding/{run.pk}/credentials/", {}, follow=True)
    assert answer.status_code == 200
    run.refresh_from_db()
    assert "credentials" in run.done
    made = Endpoint.objects.get()
    assert (made.connector, made.channel) == ("application", {"share": 1, "buffer": 0})
    assert engineer.get(f"/onboarding/{run.pk}/discover/").status_code == 200
    assert engineer.get(f"/endpoints/{made.slug}/").status_code == 200
