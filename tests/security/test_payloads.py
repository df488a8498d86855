"""Documents are shown as what they say and served as nothing that runs, in whatever format they came."""

from hashlib import sha256

import pytest
from bs4 import BeautifulSoup
from django_tenants.utils import schema_context

from integrations.models import Message, MessageEvent, Payload
from tests.api.asking import program
from tests.people import sign_in
from tests.security.hostile import MARKUP

pytestmark = [pytest.mark.db, pytest.mark.long]

_TEXT = MARKUP.encode()
BODIES = {
    "json": b'{"number": "' + MARKUP.replace('"', '\\"').encode() + b'", "<b onclick=xq>k</b>": [1, null]}',
    "cut json": b'{"number": "' + _TEXT,
    "xml": b"<?xml version='1.0'?><order><number>1</number><script>xq()</script>" + _TEXT + b"</order>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="xq()"><script>xq()</script></svg>',
    "html": b"<!doctype html><script>xq()</script><img src=xq onerror=xq><style>*{display:none}</style>",
    "edi": b"ISA*00*          *00*          *ZZ*A              *ZZ*B              *260302*1300*U*00401*000000001"
           b"*0*P*>~GS*OW*A*B*20260302*1300*1*X*004010~ST*940*0001~W05*N*" + _TEXT + b"~SE*3*0001~GE*1*1~"
           b"IEA*1*000000001~",
    "csv": b"number,qty\n=cmd|' /C calc'!A0," + _TEXT + b"\n",
    "other bytes": bytes(range(256)) + _TEXT,
    "utf-16": (MARKUP * 3).encode("utf-16"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BODIES)
def test_a_document_is_a_text_on_every_page_that_shows_it(site, planted, kind):
    own = planted["kestrel", "harbor"]
    with schema_context("kestrel"):
        payload = Payload.objects.create(sha256=sha256(BODIES[kind]).digest(), body=BODIES[kind])
        Message.objects.filter(customer_id=own.customer_id).update(payload=payload)
        MessageEvent.objects.filter(message__customer_id=own.customer_id).update(payload=payload)
        pks = list(Message.objects.filter(customer_id=own.customer_id).values_list("pk", flat=True))
    admin, app = sign_in(site, "admin"), program(site)
    pages = [f"/orders/{own.order_id}/", f"/orders/{own.order_id}/trace/", f"/cases/{own.case}/"]
    pages += [f"/orders/{own.order_id}/?message={pk}" for pk in pks]
    for page in pages:
        answer = admin.get(page)
        assert answer.status_code == 200, page
        soup = BeautifulSoup(answer.content, "html.parser")
        assert not soup.select("[onerror], [onclick], [onload], [src=xq], style"), page
        assert "xq()" not in "".join(tag.text for tag in soup.find_all("script")), page
    served = [admin.get(f"/messages/{pk}/raw/") for pk in pks]
    served += [app.get(f"messages/{pk}/payload/") for pk in pks]
    for answer in served:
        assert answer.status_code == 200
        assert answer["Content-Type"].partition(";")[0] in (
            "text/plain",
            "application/octet-stream",
        )
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].startswith("attachment; filename=")
        assert answer.content == BODIES[kind]
