"""Files are taken by what they are, at the size they are, and by no name: each field that takes one is here."""

import io
import re
import zipfile
import zlib

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver
from PIL import Image

from integrations.models import EndpointTemplate, LookupTable
from portal.env import ROOT
from portal.tenants.models import BrandImage
from tests.brand.logos import raster, svg
from tests.brand.test_brand_page import post
from tests.people import sign_in

pytestmark = pytest.mark.db

FIELDS = {"FileForm.file", "BrandForm.logo_light", "BrandForm.logo_dark", "BrandForm.icon"}
READ_BY_HAND = {"integrations/views/onboarding.py"}  # a template


def test_every_field_that_takes_a_file_is_known():
    _ = get_resolver("portal.urls").url_patterns
    waiting, found = [forms.BaseForm], set()
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            fields = getattr(kind, "base_fields", {})
            found |= {
                f"{kind.__name__}.{n}" for n, f in fields.items() if isinstance(f, forms.FileField)
            }
    assert found == FIELDS
    by_hand = {
        str(path.relative_to(ROOT))
        for app in ("portal", "integrations", "monitoring", "billing")
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"\bFILES(\.get|\[)", path.read_text())
    }
    assert by_hand == READ_BY_HAND


def bomb() -> bytes:
    """A PNG of 60,000 × 60,000 pixels in a few KB: as much as it says stands in its head."""
    head = (60_000).to_bytes(4) * 2 + b"\x08\x00\x00\x00\x00"
    chunks = b""
    for name, body in ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 60_000)), (b"IEND", b"")):
        chunks += len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)
    return b"\x89PNG\r\n\x1a\n" + chunks


SVG_SPACE = 'xmlns="http://www.w3.org/2000/svg"'
NOT_LOGOS = {
    "script": svg("<script>alert(1)</script>"),
    "handler": svg('<path d="M0 0h9v9z" onload="alert(1)"/>'),
    "link": svg('<a href="javascript:alert(1)"><path d="M0 0h9v9z"/></a>'),
    "foreign": svg("<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>"),
    "outside": svg('<image href="https://evil.example/x.png"/>'),
    "style": svg("<style>@import url(https://evil.example/x.css);</style><path d='M0 0h9v9z'/>"),
    "set": svg('<set attributeName="onmouseover" to="alert(1)"/>'),
    "entities": b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    + svg("<text>&b;</text>"),
    "file": b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + svg("<text>&x;</text>"),
    "bomb": bomb(),
    "html": b"<!doctype html><script>alert(1)</script>",
    "zip": b"PK\x03\x04" + b"\0" * 100,
    "gif": b"GIF89a" + b"\0" * 100,
    "too large": raster() + b"\0" * 600_000,
    "cut": raster()[:60],
    "empty": b"",
}


@pytest.mark.parametrize("kind", NOT_LOGOS)
@pytest.mark.parametrize("name", ["logo.png", "logo.svg"])
def test_what_is_no_logo_is_refused_whatever_it_is_called(kestrel, kind, name):
    admin = sign_in(kestrel, "admin")
    answer = post(admin, logo_light=SimpleUploadedFile(name, NOT_LOGOS[kind], "image/png"))
    soup = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 422, kind
    assert soup.select(".error, .errors, [role=alert], .field-error"), kind
    assert not BrandImage.objects.exists()


def test_a_picture_with_a_page_behind_it_is_written_anew(kestrel):
    """What is served is made of pixels alone: bytes that hide behind them are gone."""
    admin = sign_in(kestrel, "admin")
    hidden = raster() + b"<script>alert(1)</script><?php system($_GET[0]) ?>"
    answer = post(admin, logo_light=SimpleUploadedFile("../../x.php\0.png", hidden, "text/html"))
    assert answer.status_code in (200, 302)
    kept = BrandImage.objects.get()
    assert b"script" not in bytes(kept.body) and b"php" not in bytes(kept.body)
    served = admin.get(f"/brand/logo-{kept.pk}.png")
    assert served["Content-Type"] == "image/png"
    assert "sandbox" in served["Content-Security-Policy"]
    Image.open(io.BytesIO(served.content)).verify()
    assert admin.get(f"/brand/logo-{kept.pk}.html").status_code == 404


def workbook(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return out.getvalue()


NOT_TABLES = {
    "bomb": workbook({f"xl/worksheets/sheet{n}.xml": b"0" * 20_000_000 for n in range(4)}),
    "entities": workbook(
        {"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><workbook>&a;</workbook>'}
    ),
    "outside": workbook({"../../etc/cron.d/x": b"* * * * * root true"}),
    "many": workbook({f"xl/{n}.xml": b"" for n in range(3_000)}),
    "no workbook": b"PK\x03\x04 nothing of the kind",
    "html": b"<html><script>alert(1)</script></html>",
    "binary": bytes(range(256)) * 20,
    "too large": b"code,means\n" + b"a,b\n" * 1_500_000,
}


@pytest.mark.parametrize("kind", NOT_TABLES)
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_what_is_no_table_is_refused_in_words(kestrel, kind, ending):
    table = LookupTable.objects.create(name="codes", default="hold")
    admin = sign_in(kestrel, "admin")
    file = SimpleUploadedFile(f"codes.{ending}", NOT_TABLES[kind])
    answer = admin.post(f"/lookups/{table.pk}/import/", {"file": file, "mode": "replace"})
    assert answer.status_code == 422, kind
    assert table.rows.count() == 0


def test_the_name_of_a_file_is_a_text_and_a_place_of_nothing(kestrel):
    table = LookupTable.objects.create(name="codes", default="hold")
    admin = sign_in(kestrel, "admin")
    name = '../../etc/"><img src=xq onerror=xq>.csv'
    answer = admin.post(f"/lookups/{table.pk}/import/", {
        "file": SimpleUploadedFile(name, b"code,means\na,b\n"), "mode": "add",
    })  # fmt: skip
    soup = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 200
    assert not soup.select("[onerror], img[src=xq]")
    assert b"../.." not in answer.content


@pytest.mark.parametrize(
    "body", [b"\0" * 100, b"\xff\xfe\x00", b"template: 1\nname: x\n" * 80_000, b""]
)
def test_what_is_no_template_is_not_kept(kestrel, body):
    admin = sign_in(kestrel, "admin")
    admin.post("/onboarding/templates/", {"file": SimpleUploadedFile("t.yaml", body)})
    assert not EndpointTemplate.objects.exists()
