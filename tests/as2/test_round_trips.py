"""What one partner sends the other one gets, byte for byte, and both know that it did."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.formats.as2 import Agreement, Document, Received, judge, read_receipt
from integrations.formats.as2.algorithms import mic_of
from tests.as2.partners import EDI, ID, NOW, north, pair, send, south, take

pytestmark = pytest.mark.pure

LINE_ENDS = [
    b"", b"\r", b"\n", b"\r\n", b"\n\r", b"\r\r\n", b"a\r", b"\na", b"\r\n\r\n", b"a\nb\r\nc\rd",
    b"--\r\n", b"\r\n--", b".\r\n", b"From a\r\n", b" \t\r\n", bytes(range(256)), b"\xef\xbb\xbf\xff\x00",
]  # fmt: skip
EVERY_WAY = list(
    product(
        [None, "sha1", "sha256", "sha384", "sha512"],
        [None, "aes128", "aes192", "aes256", "3des"],
        [None, "before", "after"],
    )
)
OLD = {"reads_sha1": True, "reads_3des": True}


def delivered(built, receiver, sender) -> Received:
    taken = take(built, receiver)
    assert isinstance(taken, Received), taken
    receipt = read_receipt(taken.answer.headers, taken.answer.body, sender, now=NOW)
    assert judge(receipt, built.expected) == "delivered", receipt
    return taken


@pytest.mark.parametrize(("sign", "encrypt", "compress"), EVERY_WAY)
def test_every_way_to_protect_a_message_gives_the_document_back(sign, encrypt, compress):
    sender = north(sign=sign, encrypt=encrypt, compress=compress, reads_sha1=True)
    built = send(EDI, sender)
    taken = delivered(built, south(**OLD), sender)
    content = taken.content
    assert (content.payload, content.filename) == (EDI.payload, "order 1.edi")
    assert content.content_type == "application/edi-x12"
    assert (content.protection.signed, content.protection.encrypted) == (sign, encrypt)
    assert content.protection.compressed is (compress is not None)
    assert content.mic == built.expected.mic


@pytest.mark.parametrize("payload", LINE_ENDS)
@pytest.mark.parametrize("compress", [None, "before", "after"])
@pytest.mark.parametrize("encrypt", [None, "aes128"])
@pytest.mark.parametrize("sign", [None, "sha256"])
def test_line_ends_and_bytes_that_are_no_text_survive(payload, compress, encrypt, sign):
    sender = north(sign=sign, encrypt=encrypt, compress=compress)
    assert delivered(send(Document(payload), sender), south(), sender).content.payload == payload


@settings(deadline=None, max_examples=60)
@given(
    payload=st.binary(max_size=400) | st.text("\r\n-ab", max_size=40).map(str.encode),
    way=st.sampled_from(EVERY_WAY),
)
def test_any_bytes_come_back(payload, way):
    sign, encrypt, compress = way
    sender = north(sign=sign, encrypt=encrypt, compress=compress, reads_sha1=True)
    built = send(Document(payload, "a.edi"), sender)
    assert delivered(built, south(**OLD), sender).content.payload == payload


def test_five_megabytes_come_back():
    payload = b"REF*ZZ*0123456789~\r\n\n" * 250_000  # 21 bytes × 250,000 = 5,250,000
    sender = north(compress="before")
    assert delivered(send(Document(payload), sender), south(), sender).content.payload == payload


def test_keys_on_curves_sign_as_well():
    sender = Agreement(
        north(encrypt=None).profile, (pair("curve", curve=True),), (pair("south").certificate,)
    )
    receiver = Agreement(
        south().profile, (pair("south"),), (pair("curve", curve=True).certificate,)
    )
    assert delivered(send(EDI, sender), receiver, sender).content.protection.signed == "sha256"


@pytest.mark.parametrize(
    ("changes", "over"),
    [
        ({"sign": None, "encrypt": None}, b"x\r\n"),
        ({"sign": None}, b"Content-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n\r\nx\r\n"),
        ({}, b"Content-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n\r\nx\r\n"),
        ({"sign": None, "encrypt": None, "compress": "before"},
         b"Content-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n\r\nx\r\n"),
        ({"compress": "after"},
         b"Content-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n\r\nx\r\n"),
    ],
)  # fmt: skip
def test_the_check_is_over_what_the_standard_says(changes, over):
    built = send(Document(b"x\r\n", content_type="text/plain"), **changes)
    assert built.expected.mic == mic_of(over, "sha256")


def test_compressed_before_signing_the_check_is_over_the_compressed_part():
    built = send(EDI, compress="before", encrypt=None)
    raw = built.body.split(b"\r\n--")[0].partition(b"\r\n")[2]
    assert raw.startswith(b"Content-Type: application/pkcs7-mime; smime-type=compressed-data")
    assert built.expected.mic == mic_of(raw, "sha256")


@pytest.mark.parametrize("name", ["päpier 表.edi", 'a"b.edi', "a;b=c.edi"])
def test_names_of_files_survive_whatever_is_in_them(name):
    taken = take(send(Document(b"x", name)))
    assert taken.content.filename == name.replace('"', "")


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\orders\\a.edi", "a.edi"), ("..", ""), (".ssh", "ssh"),
     ("a" * 300, "a" * 150), ("a:b|c?.edi", "abc.edi"), ("a\u202efdp.edi", "afdp.edi"), ("a\u2028b", "ab")],
)  # fmt: skip
def test_a_name_of_a_file_leads_nowhere(name, kept):
    assert take(send(Document(b"x", name))).content.filename == kept


def test_the_headers_say_who_sends_to_whom_and_which_receipt_is_wanted():
    built = send(compress="before")
    expected = {
        "AS2-Version": "1.2", "AS2-From": "NORTH", "AS2-To": '"SOUTH CO"', "Message-ID": ID,
        "MIME-Version": "1.0", "Disposition-Notification-To": "NORTH",
        "Disposition-Notification-Options": "signed-receipt-protocol=required, pkcs7-signature;"
        " signed-receipt-micalg=required, sha-256",
        "Content-Type": "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m",
        "Content-Transfer-Encoding": "binary",
        "Content-Disposition": "attachment; filename=smime.p7m",
    }  # fmt: skip
    assert built.headers == expected


def test_without_a_wish_for_a_receipt_there_is_none():
    taken = take(send(receipt=None))
    assert isinstance(taken, Received) and taken.answer is None


def test_old_partners_are_spoken_to_in_the_old_spelling():
    built = send(dashed=False, encrypt=None)
    assert "micalg=sha256;" in built.headers["Content-Type"]
    assert built.headers["Disposition-Notification-Options"].endswith("micalg=required, sha256")
    taken = take(built, south(dashed=False))
    assert b", sha256\r\n" in taken.answer.body
    receipt = read_receipt(taken.answer.headers, taken.answer.body, north(), now=NOW)
    assert judge(receipt, built.expected) == "delivered"


@pytest.mark.parametrize(("sign", "made_with"), [("sha384", "sha384"), (None, "sha512")])
def test_the_check_is_made_as_the_message_was_signed_and_else_as_it_is_asked_for(sign, made_with):
    built = send(sign=sign)
    built.headers["Disposition-Notification-Options"] = (
        "signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, md5, SHA512, sha1"
    )
    taken = take(built)
    assert taken.content.mic.algorithm == made_with
    assert "micalg=sha-512;" in taken.answer.headers["Content-Type"]


def test_an_unsigned_message_still_names_what_its_check_is_made_with():
    """Else the standard's own is SHA-1, and neither side would see the same check."""
    built = send(sign=None, encrypt=None, receipt_signed=False)
    options = built.headers["Disposition-Notification-Options"]
    assert options == "signed-receipt-micalg=optional, sha-256"
    taken = take(built)
    assert taken.answer.headers["Content-Type"].startswith("multipart/report;")
    assert "Disposition-Notification-Options" not in send(receipt_signed=False).headers
