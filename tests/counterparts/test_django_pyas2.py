"""AS2 with a partner that runs django-pyas2: both directions over HTTP, against the door as it runs."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integrations.domain import as2_receipts
from integrations.models import As2Came, As2Went, Message, Problem
from portal.core import http
from tests import pipeline
from tests.counterparts.django_pyas2_install import PYTHON
from tests.door import as2_partner
from tests.door.as2_partner import keys, pem
from tests.door.conftest import door, site, until, written  # noqa: F401
from tests.door.listening import listening

pytestmark = [
    pytest.mark.counterpart(
        system="django-pyas2", flow="AS2 both ways: signed, encrypted, tampered, unknown partner"
    ),
    pytest.mark.db,
]
HERE = Path(__file__).parent
# Without a bare LF: it makes CRLF of each before it signs.
EDI = b"ISA*00*          *00*~GS*SW*~ST*945*0001~\r\nSE*2*0001~\r\nIEA*1*000000001~"
THEM, US = "THREEPL", "PORTAL"


class Partner:
    """The partner's site: its server, and its commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copy(HERE / "django_pyas2_site.py", folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/as2receive"
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("DJANGO_", "PYTHON"))},
            "AS2_FOLDER": str(folder), "PYTHONPATH": str(folder), "AS2_MDN_URL": self.url,
        }  # fmt: skip
        self.tell(
            "prepare", key=pem(keys("threepl"), key=True), certificate=pem(keys("kestrel")),
            theirs=THEM, ours=US, url="http://127.0.0.1:9/",
        )  # fmt: skip
        log = (folder / "server.log").open("wb")
        self.process = subprocess.Popen(
            [str(PYTHON), "-m", "gunicorn", "-b", f"127.0.0.1:{self.port}", "--chdir", str(folder),
             "django_pyas2_site:site()"],
            env=self.env, stdout=log, stderr=log,
        )  # fmt: skip
        log.close()
        until(self._answers, seconds=30)

    def _answers(self) -> bool:
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", self.port)) == 0

    def tell(self, verb: str, **fields: Any) -> Any:
        return self._run("django_pyas2_site.py", verb, json.dumps(fields))

    def send(self, payload: bytes, name: str = "945.edi") -> Any:
        """It sends to us by its own command. Returns what it says became of it."""
        (self.folder / "media").mkdir(exist_ok=True)
        (self.folder / "media" / name).write_bytes(payload)
        self._run("-m", "django", "sendas2message", THEM, US, name)
        return self.tell("sent")[-1]

    def _run(self, *args: str) -> Any:
        env = {**self.env, "DJANGO_SETTINGS_MODULE": "django_pyas2_site"}
        done = subprocess.run(
            [str(PYTHON), *args], cwd=self.folder, env=env, capture_output=True, timeout=60
        )
        assert done.returncode == 0, done.stderr.decode()[-2000:]
        out = done.stdout.decode().strip().splitlines()
        return json.loads(out[-1]) if out and args[0].endswith(".py") else None

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Partner]:
    started = Partner(tmp_path_factory.mktemp("threepl"))
    yield started
    started.close()


class Meeting:
    """The partner, our endpoint for it, and our door, whose posts the test may change on their way."""

    def __init__(self, partner: Partner, customer_id: int) -> None:
        self.partner, self.customer_id, self.changed = partner, customer_id, None

    def endpoint(self, **settings: Any) -> Any:
        entered = {
            "as2_own_id": US, "as2_partner_id": THEM, "as2_url": self.partner.url,
            "as2_certificate": pem(keys("threepl")), **settings,
        }  # fmt: skip
        return as2_partner.endpoint(self.customer_id, **entered)


@pytest.fixture
def meeting(running, door, site) -> Iterator[Meeting]:  # noqa: F811
    http.set_allowed_networks(lambda: ["127.0.0.0/8"])
    met = Meeting(running, site.harbor)
    with (
        as2_partner.registered(),
        listening(door, lambda p: met.changed(p) if met.changed else p) as url,
    ):
        met.address = f"{url}/in/kestrel/depot"
        running.tell(
            "change",
            target_url=met.address,
            mdn_mode="SYNC",
            mdn_sign="sha256",
            compress=False,
            encryption="aes_256_cbc",
        )
        yield met


def order(meeting: Meeting, depot: Any, number: str) -> Message:
    """An order goes out to the partner."""
    shop = pipeline.endpoint(meeting.customer_id, "shop", settings={})
    pipeline.flow(shop, depot)
    pipeline.store(shop, pipeline.order(number))
    pipeline.run(meeting.customer_id)
    return Message.objects.get(direction="out", endpoint=depot)


@pytest.mark.parametrize("compress", [False, True])
def test_what_it_signs_and_encrypts_is_stored_and_our_receipt_convinces_it(meeting, compress):
    meeting.endpoint()
    meeting.partner.tell("change", compress=compress)
    said = meeting.partner.send(EDI)
    assert said["state"] == "S", said
    stored = Message.objects.get()
    assert (bytes(stored.payload.body), stored.topic) == (EDI, "945.edi")
    assert As2Came.objects.get().message_id.strip("<>") == said["id"].strip("<>")


def test_it_waits_for_our_asynchronous_receipt_and_takes_it(meeting):
    depot = meeting.endpoint()
    meeting.partner.tell("change", mdn_mode="ASYNC")
    assert meeting.partner.send(EDI)["state"] == "P"
    assert Message.objects.count() == 1
    assert as2_receipts.work(depot.pk).done == 1
    assert As2Came.objects.get().posted_at, As2Came.objects.get().said
    assert meeting.partner.tell("sent")[-1]["state"] == "S"


def test_what_was_changed_on_the_way_is_refused_and_it_hears_so(meeting):
    meeting.endpoint()

    def tamper(post):
        body = bytearray(post.chunks[0])
        body[-40] ^= 1
        return post._replace(chunks=[bytes(body)])

    meeting.changed = tamper
    said = meeting.partner.send(EDI)
    assert said["state"] == "E" and "decryption-failed" in said["words"], said
    assert not Message.objects.exists()


def test_it_is_told_that_nobody_knows_it(meeting):
    meeting.endpoint(as2_partner_id="SOMEBODY ELSE")
    meeting.partner.tell("change", mdn_sign=None)  # whom we do not know, we do not sign for
    said = meeting.partner.send(EDI)
    assert said["state"] == "E" and "unknown-trading-partner" in said["words"], said
    assert not Message.objects.exists()


@pytest.mark.parametrize("compress", ["none", "before", "after"])
def test_it_takes_what_we_send_and_its_receipt_proves_it(meeting, compress):
    depot = meeting.endpoint(as2_compress=compress)
    sent = order(meeting, depot, f"77{len(compress)}")
    assert sent.state == "confirmed", pipeline.story()
    went = As2Went.objects.get()
    assert went.state == "proven" and b"disposition" in bytes(went.receipt_body).lower()
    taken = meeting.partner.tell("inbox")[-1]
    assert taken["state"] == "S" and taken["payload"].startswith("ISA*"), taken


def test_it_does_not_know_us_and_we_hold_the_document_with_its_words(meeting):
    depot = meeting.endpoint(as2_own_id="STRANGER")
    sent = order(meeting, depot, "7790")
    assert sent.state in {"waiting", "held"}
    story = " ".join(pipeline.story())
    assert "unknown-trading-partner" in story or Problem.objects.filter(message=sent).exists(), (
        story
    )


def test_it_posts_its_receipt_to_our_door_later(meeting):
    depot = meeting.endpoint(as2_receipt="async", as2_receipt_url=meeting.address)
    sent = order(meeting, depot, "7791")
    assert sent.state == "delivered", pipeline.story()
    meeting.partner._run("-m", "django", "manageas2server", "--async-mdns")
    time.sleep(0.1)
    assert as2_receipts.work(depot.pk).done == 1
    sent.refresh_from_db()
    assert (sent.state, As2Went.objects.get().state) == ("confirmed", "proven"), pipeline.story()
