from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django_tenants.utils import schema_context

from portal.console.domain import deleting, exporting
from portal.console.models import Export
from portal.core import clock
from portal.jobs.models import Wake
from portal.tenants import life
from portal.tenants.life import NotNowError
from portal.tenants.models import BrandImage, BrandVersion, Domain, Partner, PartnerEvent
from tests.brand.conftest import publish
from tests.brand.logos import svg

pytestmark = pytest.mark.db


@pytest.fixture
def partner(aurora, shelf):
    return Partner.objects.get(schema_name="aurora")


def turn(partner, verb):
    with schema_context("public"):
        return life.turn(partner, verb, actor="Ops", reason="they left")


def exported(partner):
    with schema_context("public"):
        export = exporting.begin(partner, actor="Ops")
        while exporting.step(export.pk):
            pass
    return export


def archived_and_exported(partner):
    partner = turn(partner, "archive")
    exported(partner)
    return partner


def delete(partner, typed="Aurora Systems"):
    with schema_context("public"):
        deleting.delete(partner, typed=typed, actor="Ops", reason="contract ended")


def schemas():
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname IN ('aurora', 'kestrel')")
        return {row[0] for row in cursor.fetchall()}


def test_deleted_is_gone_but_for_bills_history_and_export(partner):
    publish(partner, logo=svg())
    partner = archived_and_exported(partner)
    delete(partner)
    assert schemas() == {"kestrel"}
    partner.refresh_from_db()
    assert partner.state == "deleted"
    assert not Domain.objects.filter(tenant=partner).exists()
    assert not Wake.objects.filter(schema="aurora").exists()
    assert not BrandVersion.objects.filter(partner=partner).exists()
    assert not BrandImage.objects.filter(partner=partner).exists()
    assert Client(HTTP_HOST="aurora.localhost").get("/login/").status_code == 404
    assert PartnerEvent.objects.filter(partner=partner).latest("pk").reason == "contract ended"
    assert exporting.path_of(partner.exports.get()).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("crossdock_app",)


def test_an_open_or_suspended_one_is_not_deleted(partner):
    with pytest.raises(NotNowError, match="Archive it first"):
        delete(partner)
    turn(partner, "suspend")
    with pytest.raises(NotNowError, match="Archive it first"):
        delete(Partner.objects.get(pk=partner.pk))
    assert schemas() == {"aurora", "kestrel"}


def test_not_without_an_export_of_the_archived_one_that_is_not_old(partner):
    exported(partner)  # while it was open: something may be missing
    partner = turn(partner, "archive")
    with pytest.raises(NotNowError, match="Export it first"):
        delete(partner)
    export = exported(partner)
    Export.objects.filter(pk=export.pk).update(finished_at=clock.now() - timedelta(hours=25))
    with pytest.raises(NotNowError, match="not older than a day"):
        delete(partner)


def test_an_export_from_before_it_came_back_does_not_count(partner):
    partner = archived_and_exported(partner)
    turn(partner, "bring_back")
    partner = turn(partner, "archive")
    assert "Export it first" in deleting.hinders(partner)


def test_the_name_has_to_be_typed_as_it_is(partner, staff):
    partner = archived_and_exported(partner)
    with pytest.raises(NotNowError, match="Type the partner’s name as it is: Aurora Systems"):
        delete(partner, typed="aurora")
    answer = staff.post("/partners/aurora/delete/", {"typed": "Kestrel Point", "reason": "r"})
    assert answer.status_code == 422
    assert schemas() == {"aurora", "kestrel"}
    answer = staff.post("/partners/aurora/delete/", {"typed": "Aurora Systems", "reason": "r"})
    assert answer.url == "/partners/aurora/"
    assert staff.get("/partners/aurora/").status_code == 200
    assert staff.get("/partners/").status_code == 200
    assert staff.get("/fleet/").status_code == 200
    assert staff.get("/fleet/schemas/").status_code == 200
    assert schemas() == {"kestrel"}


def test_its_short_name_is_not_given_again(partner):
    from portal.console.domain import opening

    delete(archived_and_exported(partner))
    with pytest.raises(opening.NotOpenedError, match="aurora is taken"):
        opening.ask(
            "aurora", name="New", admin_name="A", admin_email="a@b.test", tier=None, actor="O"
        )


def test_metrics_and_work_go_on_without_it(partner, settings):
    from portal.pages import metrics

    delete(archived_and_exported(partner))
    with schema_context("public"):
        assert b'partner="aurora"' not in metrics.page()
