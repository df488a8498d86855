"""What must not be taken: each bad twin of a good message, and the word it is refused with."""

import base64
import zlib
from dataclasses import replace

import pytest
from asn1crypto import cms
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.formats.as2 import (
    Agreement,
    Document,
    Earlier,
    NotSendable,
    Profile,
    Received,
    Refused,
    build,
    fingerprint,
    read_receipt,
    receive,
)
from integrations.formats.as2.entity import in_base64, write
from integrations.formats.as2.structures import identifier_of
from tests.as2.partners import DAY, EDI, ID, NOW, RECEIPT_ID, knows, north, pair, send, south, take

pytestmark = pytest.mark.pure


def refused(found: object, reason: str, *, told: str | None = None) -> Refused:
    """It was refused for `reason`, and the sender was told so, or `told`."""
    assert isinstance(found, Refused), found
    assert found.disposition.reason == reason
    receipt = read_receipt(found.answer.headers, found.answer.body, north(), now=NOW)
    assert receipt.disposition == found.disposition._replace(reason=told or reason)
    assert receipt.mic is None and receipt.message_id == ID
    return found


def trusting(*names: str, days: int = 100) -> Agreement:
    """South, who knows these certificates as north's."""
    return replace(south(), certificates=tuple(pair(name, days=days).certificate for name in names))


def with_text(built, old: bytes, new: bytes) -> bytes:
    assert built.body.count(old) == 1
    return built.body.replace(old, new)


def test_changed_content_fails_its_check():
    built = send(encrypt=None)
    found = take(built, body=with_text(built, b"ST*850*0001", b"ST*850*0002"))
    assert "changed on the way" in refused(found, "integrity-check-failed").text


def test_a_signature_by_another_key_is_refused_and_its_certificate_is_named():
    found = refused(take(send(), trusting("stranger")), "authentication-failed")
    assert "another certificate" in found.text
    assert found.text.endswith(f"fingerprint is {fingerprint_of('north')}.")


def fingerprint_of(name: str) -> str:
    return fingerprint(pair(name).certificate)


def test_a_certificate_that_only_has_the_same_names_vouches_for_nothing():
    """Issuer and serial number are the sender's to choose; the key is not."""
    built = send(encrypt=None)
    der = signature_of(built)
    info = cms.ContentInfo.load(der)
    stranger = pair("stranger").certificate
    sid = info["content"]["signer_infos"][0]["sid"].chosen
    info["content"]["signer_infos"][0]["sid"] = cms.SignerIdentifier(
        "issuer_and_serial_number", identifier_of(stranger)
    )
    assert sid["serial_number"].native != stranger.serial_number
    body = with_signature(built, info.dump(force=True))
    found = refused(take(built, trusting("stranger"), body=body), "authentication-failed")
    assert "does not match" in found.text


def signature_of(built) -> bytes:
    return base64.b64decode(built.body.split(b"smime.p7s\r\n\r\n")[1].split(b"--")[0])


def with_signature(built, der: bytes) -> bytes:
    head, rest = built.body.split(b"filename=smime.p7s\r\n\r\n")
    end = rest[rest.index(b"\r\n--") :]
    return head + b"filename=smime.p7s\r\n\r\n" + in_base64(der) + end


def test_an_expired_certificate_is_refused_with_the_day_it_ended():
    old = Agreement(replace(north().profile), (pair("old", days=-3),), north().certificates)
    built = build(EDI, old, message_id=ID, now=NOW - 10 * DAY)
    found = refused(take(built, trusting("old", days=-3)), "authentication-failed")
    assert found.text == "The certificate that signed expired on 27 Nov 2026."


def test_what_is_not_valid_yet_is_refused():
    found = refused(take(send(), now=NOW - 500 * DAY), "authentication-failed")
    assert found.text == "The certificate that signed is not valid before 26 Oct 2025."


def test_the_next_certificate_is_good_beside_the_current_one():
    both = trusting("current", "north")
    found = take(send(), both)
    assert isinstance(found, Received)
    assert found.content.protection.signed_by == fingerprint_of("north")


def test_our_old_key_still_decrypts_and_the_valid_one_signs():
    newer = Agreement(
        south().profile, (pair("south", days=100), pair("newer")), south().certificates
    )
    to_newer = replace(north(), certificates=(pair("newer").certificate,))
    found = take(send(EDI, to_newer), newer)
    assert isinstance(found, Received)
    assert found.content.protection.decrypted_by == fingerprint_of("newer")


def test_a_message_for_another_key_cannot_be_decrypted():
    built = send(EDI, replace(north(), certificates=(pair("stranger").certificate,)))
    assert "another certificate than ours" in refused(take(built), "decryption-failed").text


def test_a_key_that_does_not_fit_the_envelope_decrypts_nothing():
    built = send(sign=None)
    info = cms.ContentInfo.load(built.body)
    recipient = info["content"]["recipient_infos"][0].chosen
    recipient["encrypted_key"] = bytes(256)
    refused(take(built, body=info.dump(force=True)), "decryption-failed")


def test_a_key_encrypted_in_a_broken_way_raises_nothing():
    built = send(sign=None)
    info = cms.ContentInfo.load(built.body)
    recipient = info["content"]["recipient_infos"][0].chosen
    recipient["key_encryption_algorithm"] = {"algorithm": "rsaes_oaep"}
    refused(take(built, body=info.dump(force=True)), "decryption-failed")


@pytest.mark.parametrize("way", [{}, {"compress": "after"}, {"compress": "before", "sign": None}])
def test_blocks_behind_a_good_message_are_refused(way):
    """Were they left alone, a captured block put there would tell by its padding what is in it."""
    built = send(**way)
    info = cms.ContentInfo.load(built.body)
    sealed = info["content"]["encrypted_content_info"]["encrypted_content"].native
    told = set()
    for last in range(256):  # by about one of these the padding is right
        block = bytes(15) + bytes([last])
        info["content"]["encrypted_content_info"]["encrypted_content"] = (
            sealed + block + sealed[:16]
        )
        found = take(built, body=info.dump(force=True))
        assert isinstance(found, Refused)
        told.add(words_to_them(found))
    assert len(told) == 1 and "decryption-failed" in told.pop()


def test_the_last_block_of_an_envelope_tells_nobody_how_its_padding_was():
    """A bad padding and a good one over garbage are told alike: else a message could be read by guessing."""
    built = send()
    reasons, told = set(), set()
    for position in range(-1, -40, -1):
        body = bytearray(built.body)
        body[position] ^= 0x55
        found = take(built, body=bytes(body))
        reasons.add(found.disposition.reason)
        told.add(words_to_them(found))
        refused(found, found.disposition.reason, told="decryption-failed")
    assert "decryption-failed" in reasons and len(reasons) > 1
    assert len(told) == 1


def words_to_them(found: Refused) -> str:
    """All that a receipt says, but for its signature."""
    receipt = read_receipt(found.answer.headers, found.answer.body, north(), now=NOW)
    return f"{receipt.disposition} {receipt.words}"


@settings(deadline=None, max_examples=250)
@given(where=st.integers(0, 10**6), bit=st.integers(0, 7), way=st.sampled_from(
    [{}, {"encrypt": None}, {"compress": "before"}, {"compress": "after"}, {"compress": "after", "encrypt": None}]
))  # fmt: skip
def test_no_flipped_bit_changes_what_is_taken(where, bit, way):
    built = send(**way)
    body = bytearray(built.body)
    body[where % len(body)] ^= 1 << bit
    found = take(built, south(wants_signed=True), body=bytes(body))
    if isinstance(
        found, Received
    ):  # it was where nothing is said, such as a name for the signature
        assert (found.content.payload, found.content.filename) == (EDI.payload, EDI.filename)
        assert found.content.mic == built.expected.mic


@settings(deadline=None, max_examples=150)
@given(cut=st.integers(0, 10**6), way=st.sampled_from([{}, {"encrypt": None}, {"sign": None}]))
def test_what_was_cut_off_is_never_taken(cut, way):
    built = send(**way)
    body = built.body[: cut % (len(built.body) - 3)]
    assert isinstance(take(built, body=body), Refused)


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=300), st.sampled_from([
    "application/pkcs7-mime; smime-type=enveloped-data", "application/pkcs7-mime", "multipart/signed",
    "application/pkcs7-mime; smime-type=compressed-data", "multipart/signed; boundary=b", "", "a/b; c",
]))  # fmt: skip
def test_garbage_is_refused_and_raises_nothing(body, kind):
    built = send()
    found = receive({**built.headers, "Content-Type": kind}, body, knows(south(wants_signed=True)),
                    now=NOW, receipt_id=RECEIPT_ID)  # fmt: skip
    assert isinstance(found, Refused)


@pytest.mark.parametrize(("sent", "wanted"), [
    ({"sign": None}, {"wants_signed": True}),
    ({"sign": None, "compress": "before"}, {"wants_signed": True}),
    ({"encrypt": None}, {"wants_encrypted": True}),
    ({"sign": None, "encrypt": None}, {"wants_signed": True, "wants_encrypted": True}),
    ({"sign": "sha1", "receipt_signed": False}, {}),
    ({"encrypt": "3des"}, {}),
])  # fmt: skip
def test_less_protection_than_agreed_is_refused(sent, wanted):
    refused(take(send(**sent), south(**wanted)), "insufficient-message-security")


def test_a_bomb_is_opened_no_further_than_the_limit():
    bomb = send(Document(bytes(30_000_000)), compress="before")
    assert len(bomb.body) < 60_000
    found = refused(take(bomb, largest=1_000_000), "decompression-failed")
    assert found.text == "The compressed content is larger than 1000000 bytes."
    assert isinstance(take(bomb, largest=31_000_000), Received)


def test_a_bomb_in_a_bomb_is_refused():
    inner = send(Document(b"x"), sign=None, encrypt=None, compress="before")
    raw = write(
        {name: value for name, value in inner.headers.items() if name.startswith("Content-")},
        inner.body,
    )
    outer = send(Document(raw), sign=None, encrypt=None, compress="before")
    found = take(outer)  # the one inside is the document: it is opened once and no deeper
    assert isinstance(found, Received) and found.content.payload == raw
    twice = send(Document(inner.body, content_type=inner.headers["Content-Type"]), compress="after")
    refused(take(twice), "decompression-failed")


def test_a_compressed_stream_that_breaks_off_is_refused():
    compressed = cms.CompressedData({
        "version": "v0", "compression_algorithm": {"algorithm": "zlib"},
        "encap_content_info": {"content_type": "data", "content": zlib.compress(b"Content-Type: a/b\r\n\r\n" * 9)[:-6]},
    })  # fmt: skip
    built = send(sign=None, encrypt=None, compress="before")
    body = cms.ContentInfo({"content_type": "compressed_data", "content": compressed}).dump()
    refused(take(built, body=body), "decompression-failed")


def test_attributes_of_another_signature_are_no_content():
    """The bytes that were really signed are those of the attributes: shown as a content without
    attributes, their signature would match."""
    built = send(encrypt=None)
    info = cms.ContentInfo.load(signature_of(built))
    signer = info["content"]["signer_infos"][0]
    attributes = b"\x31" + signer["signed_attrs"].dump()[1:]
    signer["signed_attrs"] = None
    info["content"]["encap_content_info"]["content"] = attributes
    headers = {**built.headers, "Content-Type": "application/pkcs7-mime; smime-type=signed-data"}
    found = receive(headers, info.dump(force=True), knows(south()), now=NOW, receipt_id=RECEIPT_ID)
    refused(found, "authentication-failed")


def test_a_stranger_is_told_so_without_a_signature():
    built = send()
    found = receive(
        built.headers, built.body, lambda ours, theirs: None, now=NOW, receipt_id=RECEIPT_ID
    )
    found = refused(found, "unknown-trading-partner")
    assert found.answer.headers["Content-Type"].startswith("multipart/report;")


def test_a_stranger_does_not_choose_whom_we_call():
    built = send(receipt="async", receipt_url="https://victim.example/")
    found = receive(
        built.headers, built.body, lambda ours, theirs: None, now=NOW, receipt_id=RECEIPT_ID
    )
    assert found.answer.deliver_to == ""
    tampered = take(built, trusting("stranger"))
    assert isinstance(tampered, Refused) and tampered.answer.deliver_to == ""
    assert take(built).answer.deliver_to == "https://victim.example/"
    agreed = take(built, south(their_receipt_url="https://north.example/receipts"))
    assert agreed.answer.deliver_to == "https://north.example/receipts"


@pytest.mark.parametrize("missing", ["AS2-From", "AS2-To", "Message-ID"])
def test_without_names_there_is_nobody_to_answer(missing):
    built = send()
    headers = {name: value for name, value in built.headers.items() if name != missing}
    found = receive(headers, built.body, knows(south()), now=NOW, receipt_id=RECEIPT_ID)
    assert isinstance(found, Refused) and found.answer is None
    assert missing.lower() in found.text


@pytest.mark.parametrize(("options", "reason"), [
    ("signed-receipt-protocol=required, pgp; signed-receipt-micalg=required, sha-256", "unsupported format"),
    ("signed-receipt-protocol=required, pkcs7-signature; signed-receipt-micalg=required, md5",
     "unsupported MIC-algorithms"),
])  # fmt: skip
def test_a_receipt_that_cannot_be_made_is_refused_as_the_standard_says(options, reason):
    built = send()
    headers = {**built.headers, "Disposition-Notification-Options": options}
    found = receive(headers, built.body, knows(south()), now=NOW, receipt_id=RECEIPT_ID)
    assert isinstance(found, Refused)
    assert str(found.disposition).endswith(f"; failed/failure: {reason}")


def test_a_message_that_comes_again_gets_its_old_answer():
    built = send()
    first = take(built)
    asked = []

    def earlier(sender: str, message_id: str) -> Earlier:
        asked.append((sender, message_id))
        return Earlier(first.content.mic, first.answer)

    again = take(built, earlier=earlier, receipt_id="<another@south.example>")
    assert asked == [("NORTH", ID)]
    assert again.earlier is not None and again.answer is first.answer and not again.id_reused


def test_an_id_that_was_used_for_another_document_is_said():
    first, other = take(send()), send(Document(b"something else"))
    found = take(other, earlier=lambda sender, message_id: Earlier(first.content.mic, first.answer))
    assert found.id_reused and found.earlier is None and found.answer is not first.answer
    assert found.content.payload == b"something else"


def test_what_is_not_taken_is_never_called_a_repetition():
    def earlier(sender: str, message_id: str) -> Earlier:
        raise AssertionError("asked before the sender was known")

    refused(take(send(), trusting("stranger"), earlier=earlier), "authentication-failed")


@pytest.mark.parametrize(("what", "document", "agreement", "code"), [
    ("a line in a name", Document(b"", "a\r\nX: y"), north(), "bad_name"),
    ("a line in a type", Document(b"", "a", "a/b\r\nX: y"), north(), "bad_name"),
    ("no key", EDI, replace(north(), own=()), "no_key"),
    ("no certificate of theirs", EDI, replace(north(), certificates=()), "certificate"),
    ("an elliptic curve cannot be encrypted for", EDI,
     replace(north(), certificates=(pair("curve", curve=True).certificate,)), "certificate"),
    ("our certificate ran out", EDI, replace(north(), own=(pair("old", days=-3),)), "certificate_expired"),
    ("theirs ran out", EDI, replace(north(), certificates=(pair("old", days=-3).certificate,)),
     "certificate_expired"),
    ("a name with a line", EDI, replace(north(), profile=Profile("A\nB", "C")), "bad_name"),
])  # fmt: skip
def test_what_cannot_be_sent_is_said_before_it_is(what, document, agreement, code):
    with pytest.raises(NotSendable) as caught:
        build(document, agreement, message_id=ID, now=NOW)
    assert caught.value.code == code


def test_the_next_certificate_of_theirs_is_encrypted_for_once_the_current_one_ran_out():
    rotating = replace(
        north(), certificates=(pair("old", days=-3).certificate, pair("south").certificate)
    )
    assert isinstance(take(send(EDI, rotating)), Received)


@pytest.mark.parametrize("changes", [
    {"sign": "md5"}, {"encrypt": "rc4"}, {"compress": "twice"}, {"receipt": "maybe"}, {"receipt": "async"},
])  # fmt: skip
def test_a_profile_says_at_once_what_is_wrong_with_it(changes):
    with pytest.raises(ValueError):
        replace(north().profile, **changes)


def test_keys_are_never_shown():
    assert "PrivateKey" not in repr(north()) and "PrivateKey" not in repr(pair("north"))
