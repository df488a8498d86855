"""AS2 messages at the door: stored, then answered with the receipt; a repeat with the same one."""

import time
from dataclasses import replace

import pytest

from integrations.door.groups import GroupCommit, StoreFailedError
from integrations.formats.as2 import Document, build, entity, judge
from integrations.formats.as2.encrypting import encrypt
from integrations.formats.as2.receipt_reader import DELIVERED
from integrations.models import As2Came, DoorRefusal, Message, MessageEvent
from tests import pipeline
from tests.as2.partners import DAY
from tests.door import as2_partner as partner
from tests.door.as2_partner import DEPOT, EDI, keys, message, north, pem, post, receipt
from tests.door.conftest import until
from tests.door.driver import MOST, Post

pytestmark = [pytest.mark.db, pytest.mark.long]


@pytest.fixture(autouse=True)
def connector():
    with partner.registered():
        yield


@pytest.fixture
def depot(site):
    return partner.endpoint(site.harbor)


def counted():
    return {row.reason: (row.count, row.said) for row in DoorRefusal.objects.all()}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"compress": "before"},
        {"compress": "after", "sign": "sha512", "encrypt": "aes128"},
        {"encrypt": None},
        {"sign": None, "compress": "before"},
        {"sign": None, "encrypt": None},
    ],
    ids=["signed, encrypted", "and compressed", "otherwise", "signed", "encrypted", "plain"],
)
def test_a_message_is_stored_and_its_receipt_proves_it(door, site, changes):
    partner.endpoint(site.harbor, as2_takes="anything")
    built = message(**changes)
    [answer] = door.send(post(built))
    assert answer.status == 200
    said = receipt(answer)
    assert judge(said, built.expected) == DELIVERED and said.signed_by
    stored = Message.objects.get()
    assert (stored.object_type, stored.topic, stored.state) == (
        "interchange",
        "order 1.edi",
        "received",
    )
    assert bytes(stored.payload.body) == EDI.payload
    assert stored.payload.content_type == "application/edi-x12"
    kept = As2Came.objects.get()
    assert (kept.message_id, kept.mic) == ("<1@north>", built.expected.mic.digest)
    assert bytes(kept.receipt_body) == answer.body


def test_a_repeat_gets_the_same_receipt_and_is_noted(door, depot):
    built = message()
    first, *others = [door.send(post(built))[0] for _ in range(3)]
    assert {a.body for a in others} == {first.body} and first.headers == others[0].headers
    assert Message.objects.count() == 1
    assert list(MessageEvent.objects.values_list("to_state", flat=True)) == [
        "received",
        *["duplicate"] * 2,
    ]


def test_the_same_message_many_times_at_once_is_one(door, depot):
    answers = door.send(*[post(message()) for _ in range(6)])
    assert {a.status for a in answers} == {200}
    assert len({a.body for a in answers}) == 1
    assert Message.objects.count() == As2Came.objects.count() == 1


def test_an_id_that_is_used_again_for_another_content_is_another_message(door, depot):
    other = message(document=Document(b"ISA*01*~", "2.edi"))
    first, second, again = [door.send(post(b))[0] for b in (message(), other, message())]
    assert Message.objects.count() == 2
    assert judge(receipt(second), other.expected) == DELIVERED
    assert again.body == first.body != second.body


def test_no_receipt_where_none_is_asked_for(door, depot):
    [answer] = door.send(post(message(receipt=None)))
    assert (answer.status, answer.body) == (200, b"")
    assert Message.objects.count() == 1 and As2Came.objects.get().receipt_body is None


def test_what_is_not_stored_gets_no_receipt(door, depot, monkeypatch):
    async def fails(*_):
        raise StoreFailedError

    monkeypatch.setattr(GroupCommit, "store", fails)
    [answer] = door.send(post(message()))
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    monkeypatch.undo()
    [answer] = door.send(post(message()))
    assert receipt(answer).disposition.is_success
    assert Message.objects.count() == 1


def tampered(built):
    body = bytearray(built.body)
    body[-60] ^= 1
    return bytes(body)


REFUSED = {
    "tampered, encrypted": (
        lambda: (m := message(), tampered(m)), None, ""
    ),
    "tampered, signed": (
        lambda: (m := message(encrypt=None), m.body.replace(b"PO~", b"XX~")),
        "integrity-check-failed", "changed on the way",
    ),
    "encrypted for another": (
        lambda: (message(north(ours=keys("other"))), None), "decryption-failed", "for another certificate"
    ),
    "signed by another": (
        lambda: (message(north(key=keys("mallory"))), None),
        "authentication-failed", "its SHA-256 fingerprint is",
    ),
    "not signed": (lambda: (message(sign=None), None), "insufficient-message-security", "not signed"),
    "not encrypted": (
        lambda: (message(encrypt=None), None), "insufficient-message-security", "not encrypted"
    ),
    "sha1": (lambda: (message(sign="sha1", receipt_signed=False), None), "insufficient-message-security", "sha1"),
    "bomb": (
        lambda: (message(compress="before", document=Document(b"\0" * (MOST + 1), "b.edi")), None),
        "decompression-failed", "larger than",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_told_in_a_receipt_and_counted(door, site, name):
    settings = {"as2_takes": "anything"} if name == "tampered, signed" else {}
    partner.endpoint(site.harbor, **settings)
    make, reason, said = REFUSED[name]
    built, body = make()
    [answer] = door.send(post(built, body=body))
    told = receipt(answer)
    assert answer.status == 200
    assert not told.disposition.is_success and told.mic is None
    assert (told.disposition.reason, told.message_id) == (
        reason or "decryption-failed",
        "<1@north>",
    )
    assert not Message.objects.exists() and not As2Came.objects.exists()
    until(counted, seconds=3)
    [(by, (times, what))] = counted().items()
    assert times == 1 and what and said in what
    assert by == reason or reason is None  # inside of the encryption it is told to us alone


def test_a_stranger_is_told_so(door, depot):
    stranger = replace(north(), profile=replace(north().profile, ours="SOMEBODY"))
    [answer] = door.send(post(message(stranger)))
    assert receipt(answer).disposition.reason == "unknown-trading-partner"
    [answer] = door.send(
        post(message(replace(stranger, profile=replace(stranger.profile, receipt=None))))
    )
    assert (answer.status, answer.body) == (403, {"detail": "The message was not taken."})
    until(lambda: counted().get("unknown-trading-partner", (0, ""))[0] == 2, seconds=3)
    assert "SOMEBODY" in counted()["unknown-trading-partner"][1]


def test_an_expired_certificate_is_refused_by_name(door, site):
    old = keys("retired", days=-2)
    partner.endpoint(site.harbor, as2_certificate=pem(old))
    signed_then = build(EDI, north(key=old), message_id="<1@north>", now=partner.TODAY - 5 * DAY)
    [answer] = door.send(post(signed_then))
    told = receipt(answer)
    assert told.disposition.reason == "authentication-failed"
    assert "expired on" in told.words and not Message.objects.exists()
    until(
        lambda: "expired on" in counted()["authentication-failed"][1] if counted() else 0, seconds=3
    )


def test_both_certificates_of_either_side_count_during_a_change(door, site):
    own = {
        "as2_private_key": pem(keys("kestrel"), key=True),
        "as2_next_private_key": pem(keys("kestrel 2"), key=True),
    }
    partner.endpoint(site.harbor, own=own, as2_next_certificate=pem(keys("north 2")))
    for n, (theirs, ours) in enumerate(
        [
            ("north", "kestrel"),
            ("north 2", "kestrel"),
            ("north", "kestrel 2"),
            ("north 2", "kestrel 2"),
        ]
    ):
        built = message(north(key=keys(theirs), ours=keys(ours)), id_=f"<{n}@north>")
        [answer] = door.send(post(built))
        assert receipt(answer).disposition.is_success, (theirs, ours)
    assert As2Came.objects.count() == 4


def test_what_fails_inside_the_encryption_looks_alike_and_takes_a_full_beat(door, depot):
    inside = message(north(encrypt=None), id_="<1@north>")
    broken = _encrypted(inside.body.replace(b"PO~", b"XX~"), inside.headers)
    told = []
    for one in (post(message(), body=tampered(message())), post(broken)):
        began = time.monotonic()
        [answer] = door.send(one)
        assert time.monotonic() - began >= 0.2
        told.append(
            (answer.status, receipt(answer).disposition, receipt(answer).words, receipt(answer).mic)
        )
    assert told[0] == told[1]
    assert Message.objects.count() == 0


def _encrypted(body, headers):
    inner = entity.write({"Content-Type": headers["Content-Type"]}, body)
    made = message()
    return replace(made, body=encrypt(inner, keys("kestrel").certificate, cipher="aes256"))


def test_a_file_name_that_is_a_path_is_made_harmless(door, depot):
    door.send(post(message(document=Document(b"x", "../../etc/pass\u202ewd.edi"))))
    door.send(post(message(document=Document(b"y", "C:\\temp\\..\\a.edi"), id_="<2@north>")))
    door.send(post(message(document=Document(b"z", ".."), id_="<3@north>")))
    topics = list(Message.objects.order_by("id").values_list("topic", flat=True))
    assert topics == ["passwd.edi", "a.edi", "<3@north>"]


def test_what_is_too_large_is_refused_unread_and_what_has_no_names_by_words(door, depot):
    large = post(message(), **{"content-length": str(20 * 2**20)})
    [answer] = door.send(large._replace(chunks=[None]))
    assert answer.status == 413
    [answer] = door.send(Post(DEPOT, [b"{}"], {"content-type": "application/json"}))
    assert (answer.status, answer.body) == (400, {"detail": "The message was not taken."})
    until(lambda: {"size", "unexpected-processing-error"} <= set(counted()), seconds=3)


KINDS = (
    "multipart/signed; boundary=x",
    "application/pkcs7-mime",
    "multipart/report; boundary=x",
    "\x00/;;=",
)
BODIES = (b"", b"\xff" * 50, b"--x\r\n", b"0\x80" * 2000, b"0" * 5000)


def test_bad_bytes_are_refused_and_never_an_error(door, depot):
    names = {"as2-from": '"NORTH WIND"', "as2-to": "KESTREL", "message-id": "<x@y>"}
    posts = [
        Post(DEPOT, [body], {**names, "content-type": kind}) for kind in KINDS for body in BODIES
    ]
    assert {answer.status for answer in door.send(*posts)} == {400}
    assert not Message.objects.exists()


def test_keys_that_cannot_be_used_make_the_partner_come_again(door, site):
    partner.endpoint(site.harbor, own={"as2_private_key": "nonsense"})
    [answer] = door.send(post(message()))
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")


def test_an_endpoint_of_another_kind_takes_no_messages(door, site):
    pipeline.endpoint(site.harbor, "shop", settings={})
    [answer] = door.send(post(message(), "/in/kestrel/shop"))
    assert answer.status == 401
    assert door.send(post(message(), "/in/aurora/depot"))[0].status == 404
    assert not Message.objects.exists()
