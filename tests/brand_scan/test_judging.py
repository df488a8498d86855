import gzip
import hashlib
import io
import zipfile
from email.message import EmailMessage

import pytest
from openpyxl import Workbook
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfWriter

from portal.pages.brand_scan.judging import Rules, judge
from portal.pages.brand_scan.surface import Surface

pytestmark = pytest.mark.pure

RULES = Rules(
    own=frozenset({"portal.kestrel.com"}),
    platform=frozenset({"platform.net"}),
    known=frozenset({"shop.harbor.com"}),
    edge="edge.platform.net",
)


def leaks(body: bytes | str = b"", media_type: str = "text/html", *, channel="staff", **fields):
    raw = body.encode() if isinstance(body, str) else body
    surface = Surface(channel, fields.pop("where", "/x/"), raw, media_type, **fields)
    return judge(surface, RULES).leaks


def found(*given, **fields):
    return [(one.channel, one.kind, one.found) for one in leaks(*given, **fields)]


WORD = [("staff", "word", "Crossdock")]


def test_a_page_of_the_partners_own_shows_nothing():
    page = (
        "<a href='https://portal.kestrel.com/'>home</a><a href='https://shop.harbor.com'>shop</a>"
        "<svg xmlns='http://www.w3.org/2000/svg'></svg><p>across dock 3, https://other.com</p>"
    )
    assert leaks(page) == ()


def test_hosts_that_are_nobodys_here_are_leaks_where_a_page_leads_to_them():
    assert found("<a href='https://vendor.com/'>help</a>") == [("staff", "host", "vendor.com")]
    assert found("<p>platform.net</p>") == [("staff", "host", "platform.net")]


def test_where_domains_are_pointed_to_is_said_by_the_pages_about_domains_only():
    assert found("<p>edge.platform.net</p>", where="/domains/3/") == []
    assert found("<p>edge.platform.net</p>", where="/orders/") == [
        ("staff", "host", "edge.platform.net")
    ]


def test_headers_and_cookies_of_what_is_answered_are_a_channel_of_their_own():
    headers = (("Set-Cookie", "crossdock_session=1; Path=/"), ("X-Powered-By", "Crossdock"))
    assert {one.channel for one in leaks(headers=headers)} == {"headers"}
    assert {one.part for one in leaks(headers=headers)} == {"header Set-Cookie"}  # told once


def test_addresses_in_what_customers_sent_are_theirs_and_those_of_the_platform_are_not():
    body = '{"image": "https://cdn.harbor.com/1.png", "by": "https://x.platform.net"}'
    assert found(body, "application/json", is_data=True) == [("staff", "host", "x.platform.net")]


def test_packaged_scripts_may_name_their_makers_and_not_the_vendor():
    body = "// https://maker.com\nvar crossdock = 1"
    assert found(body, "text/javascript", is_packaged=True) == [("staff", "word", "crossdock")]


def test_a_stylesheet_is_read_for_what_it_loads():
    css = "a { background: url(//cdn.vendor.com/a.png) } /* https://other.com */"
    assert found(css, "text/css") == [("staff", "host", "cdn.vendor.com")]


def pdf(**metadata: str) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata({f"/{name}": value for name, value in metadata.items()})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_pdf_is_read_with_its_metadata():
    assert leaks(pdf(Producer="Typst", Author="Kestrel"), "application/pdf") == ()
    (leak, *_) = leaks(pdf(Producer="Crossdock 1.0"), "application/pdf")
    assert (leak.part, leak.excerpt) == ("metadata Producer", "Crossdock 1.0")


def test_a_pdf_that_is_none_is_read_as_bytes():
    assert found(b"%PDF-broken Crossdock", "application/pdf") == WORD


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()


def test_a_zip_is_opened_and_the_names_in_it_are_read():
    assert leaks(zipped(a=b"nothing"), "application/zip") == ()
    assert found(zipped(a=b"by Crossdock"), "application/zip") == WORD
    assert found(zipped(Crossdock=b""), "application/zip") == WORD
    assert found(zipped(inner=zipped(a=b"by Crossdock")), "application/zip") == WORD


def test_a_spreadsheet_is_read_with_who_made_it():
    book, out = Workbook(), io.BytesIO()
    book.properties.creator = "Crossdock"
    book.save(out)
    (leak,) = leaks(out.getvalue(), "application/vnd.ms-excel")
    assert leak.part.startswith("docProps/core.xml")


def test_a_picture_is_read_for_what_is_written_in_it():
    info, out = PngInfo(), io.BytesIO()
    info.add_text("Software", "Crossdock " * 9, zip=True)
    Image.new("RGB", (2, 2)).save(out, "PNG", pnginfo=info)
    assert found(out.getvalue(), "image/png") == WORD


def test_a_picture_of_the_platforms_is_known_by_its_bytes():
    body = b"\x89PNG\r\n\x1a\nplain"
    rules = RULES._replace(pictures=frozenset({hashlib.sha256(body).hexdigest()}))
    (leak,) = judge(Surface("files", "/brand/icon-32.png", body, "image/png"), rules).leaks
    assert (leak.kind, leak.where) == ("picture", "/brand/icon-32.png")


def test_a_compressed_answer_is_opened():
    assert found(gzip.compress(b"by Crossdock"), "text/plain") == WORD


def mail(**headers: str) -> EmailMessage:
    made = EmailMessage()
    made["Subject"], made["From"] = "Hello", "Kestrel <desk@portal.kestrel.com>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content("Plain words")
    made.add_alternative("<p>Words</p>", subtype="html")
    return made


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X_Mailer", "Crossdock"),
        ("Return_Path", "<bounce@platform.net>"),
        ("Received", "from app-1.platform.net by mx.kestrel.com"),
        ("Message_ID", "<1@app.platform.net>"),
    ],
)
def test_the_headers_of_a_mail_are_read(name, value):
    def of(made):
        return leaks(made.as_bytes(), "message/rfc822", channel="mails")

    assert of(mail()) == ()
    (leak,) = of(mail(**{name: value}))
    assert (leak.channel, leak.part) == ("mails", f"header {name.replace('_', '-')}")


def test_what_is_attached_to_a_mail_is_opened_and_its_name_is_read():
    made = mail()
    made.add_attachment(
        pdf(Creator="Crossdock"), maintype="application", subtype="pdf", filename="i.pdf"
    )
    parts = {one.part for one in leaks(made.as_bytes(), "message/rfc822", channel="mails")}
    assert parts == {"i.pdf, metadata Creator"}
    made = mail()
    made.add_attachment(b"x", maintype="text", subtype="plain", filename="crossdock.txt")
    assert leaks(made.as_bytes(), "message/rfc822", channel="mails")


def test_an_address_in_a_mail_leads_somewhere():
    made = EmailMessage()
    made.set_content("Look at https://vendor.com/x")
    (leak,) = leaks(made.as_bytes(), "message/rfc822", channel="mails")
    assert (leak.kind, leak.found) == ("host", "vendor.com")
