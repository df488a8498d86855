"""A message is delivered when its receipt says so: every other answer ends in what helps."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from integrations.formats.as2 import (
    Agreement,
    Answer,
    Earlier,
    Received,
    is_receipt,
    read_receipt,
    receive,
)
from integrations.transports import as2
from portal.core import clock, http
from portal.core.errors import NeedsCredentials, NeedsPerson, Permanent, Retryable
from tests.as2.partners import EDI, ID, NOW, RECEIPT_ID, knows, north, pair, south

pytestmark = pytest.mark.pure

Reply = tuple[int, dict[str, str], bytes]
Partner = Callable[[dict[str, str], bytes], Reply]


class Door:
    """A partner's server. What it does with a post is set by each test; `came` is what was taken."""

    def __init__(self) -> None:
        self.partner: Partner = self.takes()
        self.came: list[Any] = []
        door = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, headers, answer = door.partner(dict(self.headers.items()), body)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/as2"

    def takes(
        self, agreement: Agreement | None = None, *, status: int = 200, **rest: Any
    ) -> Partner:
        known = agreement or south()

        def partner(headers: dict[str, str], body: bytes) -> Reply:
            found = receive(headers, body, knows(known), now=NOW, receipt_id=RECEIPT_ID, **rest)
            self.came.append(found)
            return status, found.answer.headers, found.answer.body

        return partner


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    http.set_allowed_networks(lambda: ["127.0.0.0/8"])
    monkeypatch.setattr(clock, "now", lambda: NOW)
    opened = Door()
    yield opened
    opened.server.shutdown()
    opened.server.server_close()


def post(door: Door, agreement: Agreement | None = None, **changes: Any) -> as2.Sent:
    return as2.send(door.url, EDI, agreement or north(**changes), message_id=ID)


def test_a_message_arrives_and_its_receipt_is_kept(door):
    sent = post(door)
    (came,) = door.came
    assert isinstance(came, Received) and came.content.payload == EDI.payload
    assert sent.receipt.disposition.is_success and not sent.is_awaited
    again = read_receipt(sent.answer.headers, sent.answer.body, north(), now=NOW)
    assert again == sent.receipt  # what is stored proves it later as well


@pytest.mark.parametrize("compress", [None, "before", "after"])
@pytest.mark.parametrize("encrypt", [None, "aes256"])
@pytest.mark.parametrize("sign", [None, "sha512"])
def test_every_protection_passes_through_http(door, sign, encrypt, compress):
    assert post(door, sign=sign, encrypt=encrypt, compress=compress).receipt.mic


def test_a_second_try_is_answered_as_the_first_was(door):
    answers: dict[tuple[str, str], Earlier] = {}
    door.partner = door.takes(earlier=lambda *names: answers.get(names))
    first = post(door)
    answers["NORTH", ID] = Earlier(door.came[0].content.mic, door.came[0].answer)
    assert post(door).answer.body == first.answer.body
    assert door.came[1].earlier is not None


def test_a_receipt_that_comes_later_is_awaited_and_judged_then(door):
    kept: list[Answer] = []

    def partner(headers: dict[str, str], body: bytes) -> Reply:
        kept.append(receive(headers, body, knows(south()), now=NOW, receipt_id=RECEIPT_ID).answer)
        return 202, {}, b""

    door.partner = partner
    sent = post(door, receipt="async", receipt_url="https://north.example/receipts")
    assert sent.is_awaited and sent.receipt is None
    assert kept[0].deliver_to == "https://north.example/receipts"
    assert is_receipt(kept[0].headers, kept[0].body)
    receipt = read_receipt(kept[0].headers, kept[0].body, north(), now=NOW)
    as2.must_be_delivered(receipt, sent.expected)
    other = replace(sent.expected, message_id="<order-2@north.example>")
    with pytest.raises(Retryable):
        as2.must_be_delivered(receipt, other)


def test_without_a_wish_for_a_receipt_the_post_is_all(door):
    door.partner = lambda headers, body: (200, {}, b"")
    sent = post(door, receipt=None)
    assert sent.receipt is None and not sent.is_awaited


REFUSALS = [
    ("their certificate for us is another", {"certificates": (pair("stranger").certificate,)},
     NeedsCredentials, "protection_refused", "authentication-failed"),
    ("they have another key", {"own": (pair("stranger"),)},
     NeedsCredentials, "protection_refused", "does not count"),
    ("their certificate ran out", {"own": (pair("old", days=-3),)},
     NeedsCredentials, "protection_refused", "does not count"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "changes", "error", "code", "says"), REFUSALS)
def test_keys_that_do_not_fit_stop_the_endpoint(door, what, changes, error, code, says):
    door.partner = door.takes(replace(south(), **changes))
    with pytest.raises(error, match=says) as caught:
        post(door)
    assert caught.value.code == code


def test_a_refused_decryption_brings_their_words(door):
    door.partner = door.takes(replace(south(), own=(pair("south"),)))
    wrong = replace(north(), certificates=(pair("south").certificate,),
                    encryption_certificates=(pair("stranger").certificate,))  # fmt: skip
    with pytest.raises(
        NeedsCredentials, match="decryption-failed.*another certificate than ours"
    ) as caught:
        post(door, wrong)
    assert caught.value.code == "protection_refused"


@pytest.mark.parametrize(("reason", "error", "code"), [
    ("processed/error: authentication-failed", NeedsCredentials, "protection_refused"),
    ("processed/error: decryption-failed", NeedsCredentials, "protection_refused"),
    ("processed/Error: insufficient-message-security", NeedsCredentials, "protection_refused"),
    ("processed/error: Unknown-Trading-Partner", NeedsCredentials, "unknown_partner"),
    ("processed/error: integrity-check-failed", Retryable, "ack_rejected"),
    ("processed/error: unexpected-processing-error", Retryable, "ack_rejected"),
    ("processed/error: decompression-failed", NeedsPerson, "ack_rejected"),
    ("failed/failure: unsupported format", NeedsPerson, "ack_rejected"),
    ("displayed", NeedsPerson, "ack_rejected"),
])  # fmt: skip
@pytest.mark.parametrize("status", [200, 403, 500])
def test_each_disposition_ends_in_what_helps_whatever_the_status(door, reason, error, code, status):
    door.partner = lambda headers, body: (status, *unsigned(f"x/y; {reason}"))
    with pytest.raises(error) as caught:
        post(door)
    assert caught.value.code == code
    if error is NeedsPerson:
        assert "Our words." in caught.value.problems[0].text
    else:
        assert "Our words." in str(caught.value)


def unsigned(
    disposition: str, *, message_id: str = ID, mic: str = ""
) -> tuple[dict[str, str], bytes]:
    fields = f"Original-Message-ID: {message_id}\r\nDisposition: {disposition}\r\n{mic}"
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nOur words.\r\n--b\r\n"
        f"Content-Type: message/disposition-notification\r\n\r\n{fields}\r\n--b--\r\n"
    )
    return {"Content-Type": "multipart/report; boundary=b"}, body.encode()


def test_a_warning_is_a_success(door):
    door.partner = lambda headers, body: (
        200,
        *unsigned("x/y; processed/warning: duplicate-document"),
    )
    assert (
        post(door, sign=None, receipt_signed=False).receipt.disposition.reason
        == "duplicate-document"
    )


def test_an_answer_without_a_receipt_is_no_delivery(door):
    door.partner = lambda headers, body: (200, {"Content-Type": "text/html"}, b"<p>Thank you")
    with pytest.raises(Retryable) as caught:
        post(door)
    assert caught.value.code == "ack_missing" and caught.value.uncertain


def test_an_unsigned_receipt_where_a_signed_one_was_asked_for_is_no_delivery(door):
    door.partner = lambda headers, body: (200, *unsigned("x/y; processed"))
    with pytest.raises(NeedsPerson) as caught:
        post(door)
    assert caught.value.problems[0].code == "receipt_mismatch"
    assert "not signed" in caught.value.problems[0].text


def test_a_receipt_over_other_bytes_is_no_delivery(door):
    mic = "Received-Content-MIC: AAAA, sha-256\r\n"
    door.partner = lambda headers, body: (200, *unsigned("x/y; processed", mic=mic))
    with pytest.raises(NeedsPerson) as caught:
        post(door, receipt_signed=False)
    assert "other bytes" in caught.value.problems[0].text


def test_a_receipt_without_a_check_is_no_delivery(door):
    door.partner = lambda headers, body: (200, *unsigned("x/y; processed"))
    with pytest.raises(NeedsPerson) as caught:
        post(door, receipt_signed=False)
    assert "names no check" in caught.value.problems[0].text


def test_a_receipt_of_another_message_is_no_delivery(door):
    door.partner = lambda headers, body: (200, *unsigned("x/y; processed", message_id="<other@x>"))
    with pytest.raises(
        Retryable, match="<other@x> and not about <order-1@north.example>"
    ) as caught:
        post(door)
    assert caught.value.uncertain


def test_a_receipt_that_was_changed_on_the_way_is_no_delivery(door):
    honest = door.partner

    def partner(headers: dict[str, str], body: bytes) -> Reply:
        status, given, receipt = honest(headers, body)
        return status, given, receipt.replace(b"; processed", b";processed ")

    door.partner = partner
    with pytest.raises(Retryable, match="changed on the way") as caught:
        post(door)
    assert caught.value.uncertain


@pytest.mark.parametrize(
    ("status", "error"), [(401, NeedsCredentials), (404, Permanent), (503, Retryable)]
)
def test_a_refused_post_ends_as_every_other(door, status, error):
    door.partner = lambda headers, body: (status, {}, b"no")
    with pytest.raises(error):
        post(door)


def test_a_receipt_under_a_failing_status_is_no_delivery(door):
    door.partner = door.takes(status=500)
    with pytest.raises(Retryable):
        post(door)


def test_a_private_address_is_not_called(door):
    http.set_allowed_networks(tuple)
    http.forget()
    with pytest.raises(Permanent) as caught:
        post(door)
    assert caught.value.code == "address_refused" and door.came == []


@pytest.mark.parametrize(("agreement", "error", "code"), [
    (replace(north(), own=(pair("old", days=-3),)), NeedsCredentials, "protection_refused"),
    (replace(north(), certificates=()), NeedsCredentials, "protection_refused"),
    (north(ours="two\nlines"), Permanent, "bad_setting"),
])  # fmt: skip
def test_what_cannot_be_made_is_not_posted(door, agreement, error, code):
    with pytest.raises(error) as caught:
        post(door, agreement)
    assert caught.value.code == code and door.came == []
