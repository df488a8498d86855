"""A receipt counts when it is about this message, of what was sent, and signed by the partner."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.formats.as2 import (
    Disposition,
    Document,
    Mic,
    NotTaken,
    Profile,
    build,
    fingerprint,
    is_receipt,
    judge,
    read_receipt,
)
from integrations.formats.as2.algorithms import mic_of
from integrations.formats.as2.disposition import parse
from tests.as2.partners import DAY, EDI, ID, NOW, north, pair, send, south, take

pytestmark = pytest.mark.pure


def receipt_of(built, agreement=None, **rest):
    return take(built, agreement, **rest).answer


def read(answer, agreement=None, *, body=None, now=NOW):
    return read_receipt(
        answer.headers, answer.body if body is None else body, agreement or north(), now=now
    )


def by_hand(
    fields: str, *, kind: str = "message/disposition-notification"
) -> tuple[dict[str, str], bytes]:
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nOur words.\r\n"
        f"--b\r\nContent-Type: {kind}\r\n\r\n{fields}\r\n--b--\r\n"
    )
    return {
        "content-type": "multipart/report; boundary=b; report-type=disposition-notification"
    }, body.encode()


def test_a_receipt_says_all_there_is_to_say():
    built = send()
    receipt = read(receipt_of(built))
    assert receipt.message_id == ID
    assert receipt.disposition == Disposition("processed", "", "")
    assert receipt.mic == built.expected.mic
    assert receipt.signed_by == fingerprint(pair("south").certificate)
    assert "from NORTH to SOUTH CO was received" in receipt.words
    assert judge(receipt, built.expected) == "delivered"


def test_nobody_sees_by_which_software_it_was_written():
    answer = receipt_of(send())
    assert b"crossdock" not in (answer.body + repr(answer.headers).encode()).lower()


def test_a_receipt_of_another_message_proves_nothing():
    built = send()
    other = build(EDI, north(), message_id="<order-2@north.example>", now=NOW)
    assert judge(read(receipt_of(other)), built.expected) == "other_message"


def test_a_receipt_with_another_check_proves_nothing():
    built, other = send(), send(Document(b"something else"))
    assert judge(read(receipt_of(other)), built.expected) == "other_mic"


def test_an_unsigned_receipt_does_not_do_where_a_signed_one_was_asked_for():
    built = send()
    unsigned = {**built.headers}
    del unsigned["Disposition-Notification-Options"]
    receipt = read(receipt_of(replace(built, headers=unsigned)))
    assert receipt.signed_by == ""
    assert judge(receipt, built.expected) == "unsigned"
    assert judge(receipt, replace(built.expected, signed=False)) == "delivered"


def test_a_receipt_signed_by_another_is_none():
    answer = receipt_of(send(encrypt=None), replace(south(), own=(pair("stranger"),)))
    with pytest.raises(NotTaken, match="another certificate") as caught:
        read(answer)
    assert caught.value.reason == "authentication-failed"


def test_a_receipt_signed_with_what_ran_out_is_none():
    answer = receipt_of(send(encrypt=None), replace(south(), own=(pair("old", days=-3),)))
    knowing = replace(north(), certificates=(pair("old", days=-3).certificate,))
    with pytest.raises(NotTaken, match="expired on 27 Nov 2026"):
        read(answer, knowing)
    assert read(answer, knowing, now=NOW - 10 * DAY).signed_by


@settings(deadline=None)
@given(st.data())
def test_no_flipped_bit_makes_another_receipt(data):
    built = send()
    answer = receipt_of(built)
    body = bytearray(answer.body)
    where = data.draw(st.integers(0, len(body) - 1))
    body[where] ^= 1 << data.draw(st.integers(0, 7))
    try:
        receipt = read(answer, body=bytes(body))
    except NotTaken:
        return
    assert receipt == read(answer)


@pytest.mark.parametrize(
    "written", ["sha256", "sha-256", "SHA-256", "SHA256", " sha2-256 ", "rsa-sha256"]
)
def test_algorithms_are_the_same_however_they_are_spelled(written):
    mic = mic_of(b"x", "sha256")
    headers, body = by_hand(
        f"Original-Message-ID: {ID}\r\nDisposition: automatic-action/MDN-sent-automatically; processed\r\n"
        f"Received-Content-MIC: {mic.digest},{written}\r\n"
    )
    assert read_receipt(headers, body, north(), now=NOW).mic.equals(mic)


def test_the_same_digest_of_another_algorithm_is_not_the_same():
    assert not mic_of(b"x", "sha256").equals(Mic(mic_of(b"x", "sha256").digest, "sha512"))
    assert not mic_of(b"x", "sha256").equals(mic_of(b"y", "sha256"))
    assert not mic_of(b"x", "sha256").equals(Mic("not base64!", "sha256"))


def test_a_receipt_without_a_check_does_for_what_was_not_signed_only():
    headers, body = by_hand(f"Original-Message-ID: {ID}\r\nDisposition: x/y; processed\r\n")
    receipt = read_receipt(headers, body, north(), now=NOW)
    for sign, said in [("sha256", "no_mic"), (None, "delivered")]:
        assert judge(receipt, send(sign=sign, receipt_signed=False).expected) == said


def test_a_refusal_counts_although_it_is_not_signed_and_brings_their_words():
    headers, body = by_hand(
        "Disposition: automatic-action/MDN-sent-automatically; Processed/Error: unknown-trading-partner\r\n"
        "Error: We do not know NORTH.\r\n"
    )
    receipt = read_receipt(headers, body, north(), now=NOW)
    assert judge(receipt, send().expected) == "refused"
    assert receipt.disposition == Disposition("processed", "error", "unknown-trading-partner")
    assert receipt.words == "We do not know NORTH. Our words."


@pytest.mark.parametrize(("field", "parsed", "success"), [
    ("automatic-action/MDN-sent-automatically; processed", ("processed", "", ""), True),
    ("automatic-action/MDN-sent-automatically;processed/Warning: duplicate-document",
     ("processed", "warning", "duplicate-document"), True),
    ("manual-action/MDN-sent-manually; Processed/Error:  decryption-failed ",
     ("processed", "error", "decryption-failed"), False),
    ("a/b; failed/Failure: unsupported format", ("failed", "failure", "unsupported format"), False),
    ("a/b; processed/error", ("processed", "error", ""), False),
    ("a/b; displayed", ("displayed", "", ""), False),
    ("a/b; processed/strange: word", ("processed", "strange", "word"), False),
])  # fmt: skip
def test_dispositions_are_read_as_partners_write_them(field, parsed, success):
    assert parse(field) == Disposition(*parsed)
    assert parse(field).is_success is success
    assert parse(str(parse(field))) == parse(field)


@pytest.mark.parametrize(
    "fields", ["", "Disposition: nothing\r\n", f"Original-Message-ID: {ID}\r\n"]
)
def test_a_receipt_that_does_not_say_what_became_of_it_is_none(fields):
    headers, body = by_hand(fields)
    with pytest.raises(NotTaken, match="does not say"):
        read_receipt(headers, body, north(), now=NOW)


@pytest.mark.parametrize(("headers", "body", "said"), [
    ({"content-type": "text/html"}, b"<p>Thank you", "text/html and no receipt"),
    ({}, b"", "text/plain and no receipt"),
    (*by_hand("x: y", kind="text/plain"), "lacks the part"),
])  # fmt: skip
def test_what_is_no_receipt_is_said_to_be_none(headers, body, said):
    with pytest.raises(NotTaken, match=said):
        read_receipt(headers, body, north(), now=NOW)


def test_messages_and_receipts_at_one_door_are_told_apart():
    signed = send(encrypt=None)
    answer = receipt_of(signed)
    assert is_receipt(answer.headers, answer.body)
    assert is_receipt(*by_hand("x: y"))
    assert not is_receipt(signed.headers, signed.body)
    assert not is_receipt(send().headers, send().body)
    assert not is_receipt({"Content-Type": "multipart/signed"}, b"")


def test_names_with_quotes_come_through_both_ways():
    odd = Profile('A "B" \\C', "D E")
    ours = replace(north(), profile=odd)
    theirs = replace(south(), profile=replace(south().profile, ours="D E", theirs='A "B" \\C'))
    built = build(EDI, ours, message_id=ID, now=NOW)
    taken = take(built, theirs)
    assert taken.about.sender == 'A "B" \\C'
    assert taken.answer.headers["AS2-To"] == built.headers["AS2-From"]
