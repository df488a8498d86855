import pytest
from django.test import Client
from django_tenants.utils import schema_context

from portal.core import clock
from portal.tenants import flags, mailing
from portal.tenants.models import MailServer, Partner, PartnerEvent, Tier
from portal.webhooks.domain import wanted
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db


@pytest.fixture
def partner(kestrel):
    return Partner.objects.get(schema_name="kestrel")


@pytest.fixture
def basic(partner):
    tier = Tier.objects.create(
        slug="basic", label="Basic", flags_off=["webhooks", "api", "own_mail"]
    )
    flags.put_in_tier(partner, tier, actor="Ops", reason="signed for it")
    return tier


def test_without_a_tier_everything_is_on(partner, admin):
    assert flags.is_on("webhooks")
    assert admin.get("/webhooks/").status_code == 200
    assert "Webhooks" in texts(page(admin.get("/desk/")), ".rail-entry")


def test_what_the_tier_leaves_out_is_refused_hidden_and_said_in_words(basic, admin):
    assert not flags.is_on("webhooks")
    answer = admin.get("/webhooks/")
    assert answer.status_code == 403
    assert "Webhooks: this is not part of what your site has." in answer.content.decode()
    assert admin.post("/webhooks/new/").status_code == 403
    seen = texts(page(admin.get("/desk/")), ".rail-entry")
    assert not {"Webhooks", "API tokens", "Mail"} & set(seen)
    assert "Domains" in seen


def test_programs_are_refused_in_their_format(basic):
    answer = Client(HTTP_HOST="kestrel.localhost").get("/api/v1/customers/")
    assert (answer.status_code, answer.json()["type"]) == (403, "/api/problems/not-included")
    assert (
        Client(HTTP_HOST="kestrel.localhost").get("/api/problems/not-included").status_code == 200
    )


def test_other_partners_keep_theirs(basic, aurora):
    with schema_context("aurora"):
        assert flags.is_on("webhooks")


def test_nothing_is_told_to_receivers_that_are_there_already(partner):
    tier = Tier.objects.create(slug="basic", label="Basic", flags_off=["webhooks"])
    flags.put_in_tier(partner, tier, actor="Ops", reason="r")
    wanted.forget()
    assert wanted.listeners() == ()


def test_a_mail_server_of_ones_own_is_not_used_and_stays_as_it_is(partner):
    MailServer.objects.create(
        partner=partner, host="mail.kestrel.test", from_address="a@kestrel.test", from_name="K",
        is_on=True, changed_at=clock.now(), changed_by="Ana",
    )  # fmt: skip
    assert mailing.sending.in_use().filter(partner=partner).exists()
    flags.make_exception(partner, "own_mail", is_on=False, actor="Ops", reason="spam")
    assert not mailing.sending.in_use().filter(partner=partner).exists()
    assert MailServer.objects.get(partner=partner).is_on


def test_an_exception_outdoes_the_tier_and_is_taken_back(basic, partner, admin):
    flags.make_exception(partner, "webhooks", is_on=True, actor="Ops", reason="a pilot")
    assert admin.get("/webhooks/").status_code == 200
    flags.make_exception(partner, "webhooks", is_on=None, actor="Ops", reason="pilot is over")
    assert admin.get("/webhooks/").status_code == 403
    words = list(
        PartnerEvent.objects.filter(partner=partner, what="flag").values_list("reason", flat=True)
    )
    assert words == ["Webhooks: on. a pilot", "Webhooks: as the tier says. pilot is over"]


def test_a_change_of_the_tier_counts_at_once_for_all_in_it(basic, admin, staff):
    assert admin.get("/webhooks/").status_code == 403
    answer = staff.post(
        "/tiers/basic/", {"label": "Basic", "features": ["webhooks", "own_domains"]}
    )
    assert answer.url == "/tiers/"
    assert admin.get("/webhooks/").status_code == 200
    assert Partner.objects.get(schema_name="kestrel").flags_off == ["api", "own_mail"]


def test_a_worker_remembers_for_two_seconds_at_most(partner):
    from datetime import UTC, datetime

    with clock.freeze(datetime(2026, 3, 3, 12, tzinfo=UTC)) as stopped:
        assert flags.is_on("api")
        Partner.objects.filter(pk=partner.pk).update(flags_off=["api"])  # by another process
        assert flags.is_on("api")
        stopped.move(2.1)
        assert not flags.is_on("api")


def test_a_feature_nobody_knows_is_an_error_of_ours(partner):
    with pytest.raises(ValueError, match="no feature 'x'"):
        flags.is_on("x")
    with pytest.raises(ValueError, match="no feature 'x'"):
        flags.make_exception(partner, "x", is_on=False, actor="Ops", reason="r")


def test_tiers_are_made_and_named_once(partner, staff):
    assert staff.post("/tiers/new/", {"label": "Gold", "features": ["api"]}).url == "/tiers/"
    assert Tier.objects.get().flags_off == ["own_domains", "own_mail", "webhooks"]
    assert staff.post("/tiers/new/", {"label": "gold"}).status_code == 422
    assert staff.post("/tiers/new/", {"label": "X", "features": ["magic"]}).status_code == 422


def test_a_partner_is_put_in_a_tier_on_its_page_with_a_reason(basic, partner, staff):
    staff.post("/partners/kestrel/tier/", {"tier": "", "reason": ""})
    assert Partner.objects.get(pk=partner.pk).tier == basic
    staff.post("/partners/kestrel/tier/", {"tier": "", "reason": "new contract"})
    assert Partner.objects.get(pk=partner.pk).flags_off == []
    asked = page(staff.get("/partners/kestrel/features/api/"))
    assert texts(asked, "main h2") == ["REST API and tokens for Kestrel Point"]
    staff.post("/partners/kestrel/features/api/", {"is_on": "off", "reason": "abuse"})
    assert Partner.objects.get(pk=partner.pk).flags_off == ["api"]
    assert staff.get("/partners/kestrel/features/magic/").status_code == 404
