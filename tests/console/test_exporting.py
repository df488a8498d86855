"""An export holds everything, says so, and can be read back."""

import re
import tarfile
from hashlib import sha256

import pytest
from django.apps import apps
from django.db import connection
from django_tenants.utils import schema_context

from integrations.models import Endpoint, Payload
from integrations.models.sealed import SealedField
from portal.console.archive import left_out, reading
from portal.console.domain import exporting
from portal.console.domain.exporting import NotExportedError
from portal.console.models import Export
from portal.console.queries.tables import PUBLIC, tables
from portal.core import clock
from portal.core.secrets import encrypt
from portal.tenants.models import MailServer, Partner, PartnerEvent
from tests.pages import scenery

pytestmark = [pytest.mark.db, pytest.mark.long]

SECRET = "s3cr3t-of-the-shop"


@pytest.fixture
def partner(kestrel, shelf):
    place = scenery.business(kestrel.harbor)
    scenery.take_orders(place, "1001", "1002", "1003")
    scenery.hold_order(place)
    Endpoint.objects.filter(pk=place.shop.pk).update(secrets=encrypt({"webhook_secret": SECRET}))
    partner = Partner.objects.get(schema_name="kestrel")
    MailServer.objects.create(
        partner=partner, host="mail.kestrel.test", from_address="a@kestrel.test", from_name="K",
        sealed=encrypt({"password": SECRET}), changed_at=clock.now(), changed_by="Ana",
    )  # fmt: skip
    return partner


def written(partner) -> Export:
    with schema_context("public"):
        export = exporting.begin(partner, actor="Ops")
        while exporting.step(export.pk):
            pass
    export.refresh_from_db()
    return export


def counts(schema: str) -> dict[str, int]:
    found = {}
    for table in tables(schema):
        if not table.of_partner:
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT count(*) FROM "{schema}"."{table.name}"')
                found[table.name] = cursor.fetchone()[0]
    return {name: number for name, number in found.items() if number}


def test_what_is_read_back_is_what_the_schema_holds(partner):
    expected, documents = counts("kestrel"), Payload.objects.count()
    export = written(partner)
    report = reading.check(exporting.path_of(export))
    assert report.faults == []
    own = {name: n for name, n in report.rows.items() if not name.startswith("public.")}
    assert own == expected
    assert expected["integrations_message"] >= 4
    assert report.payloads == documents > 3
    assert report.rows["public.tenants_partner"] == 1
    assert export.rows == sum(report.rows.values())
    assert report.manifest["at_one_instant"] is False  # it was open meanwhile


def test_documents_are_in_it_byte_by_byte(partner):
    body = bytes(Payload.objects.first().body)
    path = exporting.path_of(written(partner))
    with tarfile.open(path) as archive:
        held = archive.extractfile(reading.payload_name(sha256(body).hexdigest()))
        assert held is not None and held.read() == body
    row = next(reading.rows_of(path, "integrations_payload"))
    assert set(row) == {"sha256", "content_type", "stored_at"}
    orders = [row["number"] for row in reading.rows_of(path, "integrations_record")]
    assert {"1001", "1002", "1003"} <= set(orders)


def test_no_secret_is_in_it_in_any_form(partner):
    sealed = bytes(Endpoint.objects.exclude(secrets=None).first().secrets)
    path = exporting.path_of(written(partner))
    everything = b"".join(
        str(row).encode()
        for table in tables("kestrel")
        for row in reading.rows_of(path, table.label)
    )
    for hidden in (SECRET.encode(), sealed, sealed.hex().encode(), b"pbkdf2", b"md5$"):
        assert hidden not in everything
    assert b"mail.kestrel.test" in everything


# How the names of columns with a secret, its digest or its ciphertext look.
LIKE_A_SECRET = re.compile(
    r"secret|seal|digest|token|passw|hash|credential|cipher|crypt|private|mac$|link$|otp|nonce|salt"
    r"|signature|sha256|session"
)
# Decided about: of contents and lists, which are exported themselves, or a name that only mentions one.
NO_SECRETS = {
    "audit_mark.digest", "audit_mark.mac", "billing_invoice.hash", "integrations_payload.sha256",
    "integrations_record.content_hash", "integrations_removedpayload.sha256",
    "integrations_resourcerow.digest", "integrations_resourcerow.token",  # what a token is called
    "integrations_version.digest", "monitoring_alertmessage.digest_id",
    "monitoring_alertrule.digest_minute", "monitoring_bulkaction.digest",
    "monitoring_fix.digest", "monitoring_notificationchoice.digest_on", "monitoring_reconrun.digest",
    "monitoring_reconsnapshot.digest", "monitoring_statement.hash", "monitoring_statement.sealed_at",
    "monitoring_statement.sealed_by", "monitoring_statement.signature",
    "monitoring_statementadjustment.hash", "monitoring_statementadjustment.signature",  "support_ledgerentry.digest",
    "tenants_brandversion.mail_signature",
}  # fmt: skip
# Bytes that are no ciphertext: documents, pictures, sealed contents that anybody may check.
PLAIN_BYTES = {
    "billing_invoice.content", "integrations_as2came.receipt_body", "integrations_as2went.receipt_body",
    "integrations_interchange.payload_id", "integrations_message.payload_id",
    "integrations_messageevent.payload_id", "integrations_onboardingrun.certificate",
    "integrations_payload.body",
    "integrations_payload.sha256", "integrations_record.content_hash",
    "integrations_removedpayload.sha256", "monitoring_reconpart.body", "monitoring_statement.content",
    "monitoring_statement.evidence_list",  "privacy_erasure.after",
    "tenants_brandimage.body", "tenants_brandimage.mailed",
}  # fmt: skip


def exported() -> set[str]:
    return {f"{t.name}.{column}" for t in tables("kestrel") for column in t.columns}


def fields(kind: type) -> set[str]:
    return {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, kind)
    }


def test_every_column_that_is_named_like_a_secret_was_decided_about(partner):
    named = {one for one in exported() if LIKE_A_SECRET.search(one.partition(".")[2])}
    assert named - NO_SECRETS == set()
    assert named >= NO_SECRETS  # nothing is decided about that is not there any more


def test_no_column_with_a_ciphertext_is_exported_whatever_its_name(partner):
    assert fields(SealedField)
    assert fields(SealedField) & exported() == set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT table_name || '.' || column_name FROM information_schema.columns"
            " WHERE table_schema IN ('kestrel', 'public') AND data_type = 'bytea'"
        )
        held_as_bytes = {one for (one,) in cursor.fetchall()} & exported()
    assert held_as_bytes - PLAIN_BYTES == set()
    assert held_as_bytes >= PLAIN_BYTES
    assert {"accounts_provider.sealed", "support_handover.digest"} & exported() == set()


def test_what_is_left_out_exists(partner):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema IN ('kestrel', 'public')"
        )
        known = set(cursor.fetchall())
    assert set(left_out.COLUMNS) <= known
    assert set(left_out.TABLES) <= {table for table, _ in known}
    assert {(table, column) for table, column in PUBLIC.items()} <= known


def test_small_pieces_come_to_the_same_and_a_killed_worker_loses_one_only(partner, monkeypatch):
    whole = reading.check(exporting.path_of(written(partner)))
    exporting.remove(Export.objects.latest("pk"))
    monkeypatch.setattr(exporting, "ROWS_IN_PART", 2)
    monkeypatch.setattr(exporting, "_BITE", 0.0)
    with schema_context("public"):
        export = exporting.begin(partner, actor="Ops")
        pieces = 0
        while True:
            try:
                if pieces % 3 == 1:
                    _killed_while_writing(export.pk, monkeypatch)
            finally:
                pieces += 1
            exporting.step(export.pk)
            export.refresh_from_db()
            if export.state == "done":
                break
    again = reading.check(exporting.path_of(export))
    assert again.faults == []
    same = {k: v for k, v in whole.rows.items() if k != "public.tenants_partnerevent"}
    assert {k: v for k, v in again.rows.items() if k in same} == same
    assert pieces > len(same)


def _killed_while_writing(pk, monkeypatch):
    """Bytes are on the disk that nobody noted."""
    with monkeypatch.context() as patched:
        patched.setattr(
            exporting, "_note", lambda export, file: (_ for _ in ()).throw(KeyboardInterrupt)
        )
        try:
            exporting.step(pk)
        except KeyboardInterrupt:
            return


def test_an_archive_that_was_cut_or_changed_is_noticed(partner):
    path = exporting.path_of(written(partner))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert reading.check(path).faults
    at = whole.index(b"payloads/") + 512
    path.write_bytes(whole[:at] + b"X" + whole[at + 1 :])
    assert any("its bytes are others" in fault for fault in reading.check(path).faults)


def test_one_at_a_time_and_who_took_it_is_known(partner, staff):
    with schema_context("public"):
        exporting.begin(partner, actor="Ops")
        with pytest.raises(NotExportedError, match="being exported already"):
            exporting.begin(partner, actor="Ops")
    export = Export.objects.get()
    assert staff.get(f"/exports/{export.pk}/").status_code == 404  # not ready
    shown = staff.get("/partners/kestrel/").content.decode()
    assert "0 of" in shown and "tables written" in shown
    with schema_context("public"):
        while exporting.step(export.pk):
            pass
    assert staff.get(f"/exports/{export.pk}/progress/")["HX-Refresh"] == "true"
    answer = staff.get(f"/exports/{export.pk}/")
    assert b"".join(answer.streaming_content) == exporting.path_of(export).read_bytes()
    assert answer["Content-Disposition"].startswith('attachment; filename="kestrel-')
    took = PartnerEvent.objects.filter(what="downloaded").get()
    assert (took.actor, took.partner_id) == ("Ops", partner.pk)


def test_a_file_is_removed_by_hand_or_after_thirty_days(partner, staff):
    export = written(partner)
    path = exporting.path_of(export)
    assert path.exists() and path.stat().st_mode & 0o077 == 0
    assert staff.post(f"/exports/{export.pk}/remove/").status_code == 302
    assert not path.exists()
    old = written(partner)
    Export.objects.filter(pk=old.pk).update(finished_at=clock.now() - exporting.KEPT_FOR * 1.1)
    exporting.remove_old()
    assert not exporting.path_of(old).exists()
    assert staff.get(f"/exports/{old.pk}/").status_code == 404


def test_an_error_of_ours_ends_it_and_leaves_no_file(partner, monkeypatch):
    from portal.console import tasks

    with schema_context("public"):
        export = exporting.begin(partner, actor="Ops")
        monkeypatch.setattr(exporting, "tables", lambda schema: 1 / 0)
        tasks.export_lane(str(export.pk))
    export.refresh_from_db()
    assert (export.state, export.trouble) == ("failed", "ZeroDivisionError")
    assert not exporting.path_of(export).exists()
