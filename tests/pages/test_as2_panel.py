"""What the page of an endpoint over AS2 shows: certificates, their last days, refusals and receipts."""

import pytest

from integrations.formats.as2 import fingerprint
from integrations.models import As2Came, DoorRefusal
from portal.core import clock
from portal.core.secrets import Secret, decrypt, encrypt
from tests.door import as2_partner as partner
from tests.door.as2_partner import keys, pem
from tests.pages.test_endpoints import page, texts
from tests.people import sign_in

pytestmark = pytest.mark.db

NOTICE = ".notice:not(#pause-note)"


@pytest.fixture(autouse=True)
def connector():
    with partner.registered():
        yield


@pytest.fixture
def shown(kestrel):
    engineer = sign_in(kestrel, "engineer")

    def make(**settings):
        made = partner.endpoint(kestrel.harbor, **settings)
        answer = engineer.get("/endpoints/depot/")
        made.delete()
        assert "PRIVATE KEY" not in answer.content.decode()
        return page(answer)

    return make


def test_certificates_are_shown_with_what_partners_compare(shown):
    soup = shown()
    assert soup.select_one("[data-copy]")["data-copy"].endswith("/in/kestrel/depot")
    assert texts(soup, "#certificates tbody th") == ["Our certificate", "The partner's certificate"]
    assert texts(soup, "#certificates td.id")[1] == fingerprint(keys("north").certificate)
    assert all("good until" in word for word in texts(soup, "#certificates .status"))
    assert pem(keys("kestrel")).strip() in soup.select_one("details pre").text
    assert texts(soup, NOTICE) == []
    assert "BEGIN CERTIFICATE" not in soup.select_one("#settings").text  # it is in the list


def test_the_partner_is_given_both_of_ours_by_name_while_one_follows_the_other(kestrel):
    made = partner.endpoint(kestrel.harbor)
    secrets = decrypt(bytes(made.secrets))
    made.secrets = encrypt(
        {**secrets, "as2_next_private_key": Secret(pem(keys("kestrel 2"), key=True))}
    )
    made.save()
    soup = page(sign_in(kestrel, "engineer").get("/endpoints/depot/"))
    assert texts(soup, "details h3") == ["Our certificate", "Our next certificate"]
    assert "2 certificates" in soup.select_one("details summary").text
    assert "posts messages here, to " in soup.text


@pytest.mark.parametrize(
    ("days", "state", "said"),
    [(29, "risk", "ends in"), (5, "bad", "ends in"), (-2, "bad", "expired on")],
)
def test_a_certificate_that_ends_is_warned_of_until_the_next_one_is_there(shown, days, state, said):
    ending = pem(keys("north", days=days))
    soup = shown(as2_certificate=ending)
    [notice] = soup.select(NOTICE)
    assert notice["data-state"] == state and said in notice.text
    assert notice.text.startswith("The partner's certificate")
    assert (
        texts(shown(as2_certificate=ending, as2_next_certificate=pem(keys("north 2"))), NOTICE)
        == []
    )


def test_what_cannot_be_used_is_said(shown):
    soup = shown(as2_certificate="nonsense")
    [notice] = texts(soup, NOTICE)
    assert "can be neither sent nor taken" in notice and "no certificate in PEM form" in notice


def test_refusals_with_their_words_and_receipts_that_were_lost(kestrel):
    made = partner.endpoint(kestrel.harbor)
    DoorRefusal.objects.create(
        endpoint=made,
        hour=clock.now(),
        reason="decryption-failed",
        count=2,
        said="For another key.",
    )
    As2Came.objects.create(
        endpoint=made, message_id="<1@x>", mic="x", mic_algorithm="sha256", deliver_to="https://n.example",
        said="answered 404",
    )  # fmt: skip
    soup = page(sign_in(kestrel, "engineer").get("/endpoints/depot/"))
    assert texts(soup, "th.main:has(.id)") == ["decryption-failed For another key."]
    [said] = soup.select("th.main:has(.id) .second")
    assert said.find_parent(class_="id") is None  # words are no id, and may wrap
    assert (
        "1 receipt of ours could not be posted. The last one: answered 404. Ask the partner"
        in soup.text
    )


def test_receipts_that_wait_say_why(kestrel):
    made = partner.endpoint(kestrel.harbor)
    for number, said in enumerate(("", "nothing answers there", "")):
        As2Came.objects.create(
            endpoint=made, message_id=f"<{number}@x>", mic="x", mic_algorithm="sha256", said=said,
            deliver_to="https://n.example", due_at=clock.now(),
        )  # fmt: skip
    soup = page(sign_in(kestrel, "engineer").get("/endpoints/depot/"))
    assert "3 receipts of ours to be posted. The last try: nothing answers there" in soup.text
