from datetime import timedelta

import pytest
from django.core import mail as outbox

from portal.core import clock, guard
from portal.core.mail import NOWHERE
from portal.tenants import mailing
from portal.tenants.models import MailServer, Partner, SentMail
from portal.tenants.site import current_site
from tests.mailing.conftest import GIVEN, PASSWORD
from tests.mailing.test_mail_records import LONG
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def _names(dns):
    """Every save looks at the sender's domain: by the test's own name server."""


def entered(smtp, **changed):
    return {**GIVEN, "port": smtp.port, "password": PASSWORD, **changed}


def said(client, url="/mail/"):
    return texts(page(client.get(url)), ".toast")


def test_a_server_is_entered_tested_and_switched_on(admin, smtp):
    assert texts(page(admin.get("/mail/")), ".domain-next") == [
        "Mails go out through the shared server."
    ]
    assert admin.post("/mail/", entered(smtp)).url == "/mail/"
    own = MailServer.objects.get()
    assert (own.is_on, own.tested_at, own.changed_by) == (False, None, "Admin")
    soup = page(admin.get("/mail/"))
    assert texts(soup, ".page-head .status") == ["not tested yet"]
    assert "Switch on" not in texts(soup, ".page-actions button")

    admin.post("/mail/switch/", {"on": "yes"})
    assert said(admin) == ["Send a test first. It is switched on once one went through."]
    assert not MailServer.objects.get().is_on

    admin.post("/mail/test/")
    assert said(admin) == [
        "Taken for admin@kestrel.test. The server said: 250 2.0.0 queued as 4711"
    ]
    [taken] = smtp.taken
    assert taken.to == ["admin@kestrel.test"]
    assert "Your mail server works" in taken.mail.get_body(("plain",)).get_content()
    assert not MailServer.objects.get().is_on

    admin.post("/mail/switch/", {"on": "yes"})
    assert MailServer.objects.get().is_on
    assert texts(page(admin.get("/mail/")), ".domain-next") == [
        "Mails go out through localhost as post@kestrelpoint.test."
    ]
    admin.post("/mail/switch/", {"on": "no"})
    assert not MailServer.objects.get().is_on


def test_where_the_platform_has_no_mail_server_the_page_says_that_nothing_goes_out(
    admin, kept, smtp, settings
):
    settings.EMAIL_BACKEND = NOWHERE
    nothing = "No mails go out: the platform has no mail server set up"
    assert texts(page(admin.get("/mail/")), ".domain-next") == [
        f"{nothing}, until a test went through and you switch it on."
    ]
    assert nothing in admin.get("/mail/forget/").content.decode()
    admin.post("/mail/forget/")
    assert said(admin) == [f"localhost is forgotten. {nothing}"]
    soup = page(admin.get("/mail/"))
    assert texts(soup, ".domain-next") == [f"{nothing}."]
    assert "shared server" not in soup.get_text()


def test_a_test_that_fails_is_said_with_the_servers_own_words(admin, kept, smtp):
    smtp.answers["MAIL"] = "553 5.7.1 Sender not owned by user"
    admin.post("/mail/test/")
    assert said(admin) == [
        "Not sent to admin@kestrel.test: localhost does not let this user send as"
        " post@kestrelpoint.test. Allow it there. It said: 553 5.7.1 Sender not owned by user"
    ]
    assert MailServer.objects.get().tested_at is None
    assert SentMail.objects.values_list("kind", "was_taken").get() == ("test", False)


@pytest.mark.parametrize(
    ("changed", "stays_on"),
    [
        ({"from_name": "Kestrel"}, True),
        ({"reply_to": "desk@kestrelpoint.test"}, True),
        ({"dkim_selector": "s2"}, True),
        ({"from_address": "else@kestrelpoint.test"}, False),
        ({"password": "another one"}, False),
        ({"user": "else", "password": "another one"}, False),
        ({"tls": "tls"}, False),
    ],
)
def test_what_a_test_proved_has_to_be_tested_again_when_it_changes(
    admin, own, smtp, changed, stays_on
):
    answer = admin.post("/mail/", entered(smtp, **{"password": "", **changed}))
    assert answer.status_code == 302
    kept = MailServer.objects.get()
    assert (kept.is_on, kept.tested_at is not None) == (stays_on, stays_on)


def test_the_password_is_written_and_never_read(admin, own, smtp):
    answer = admin.get("/mail/")
    field = page(answer).select_one("[name=password]")
    assert ("value" in field.attrs, field["type"]) == (False, "password")
    assert PASSWORD not in answer.content.decode()
    assert b"It is set and not shown" in answer.content
    admin.post("/mail/", entered(smtp, password=""))
    assert MailServer.objects.get().as_server().password.reveal() == PASSWORD
    refused = admin.post("/mail/", entered(smtp, port="0"))
    assert PASSWORD not in refused.content.decode()


def test_a_kept_password_is_handed_to_no_other_server_or_user(admin, own, smtp):
    for changed in ({"host": "127.0.0.1"}, {"user": "else"}):
        answer = admin.post("/mail/", entered(smtp, password="", **changed))
        assert answer.status_code == 422
        assert "Enter the password of this user at this server." in answer.content.decode()
    assert MailServer.objects.get().host == "localhost"


def test_without_a_user_there_is_no_password(admin, own, smtp):
    admin.post("/mail/", entered(smtp, user="", password=""))
    assert (MailServer.objects.get().sealed, MailServer.objects.get().is_on) == (None, False)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"host": ""}, "This field is required"),
        ({"host": "10.9.9.9"}, "10.9.9.9 is not on the internet"),
        ({"host": "169.254.169.254"}, "is not on the internet"),
        ({"port": "0"}, "A port is from 1 to 65535"),
        ({"port": "70000"}, "A port is from 1 to 65535"),
        ({"from_address": "kestrel"}, "Enter a valid email address"),
        ({"from_address": "a@b.test\r\nBcc: x@y.test"}, "Enter a valid email address"),
        ({"from_name": ""}, "This field is required"),
        ({"reply_to": "nobody"}, "Enter a valid email address"),
        ({"dkim_selector": "s1 and more"}, "Enter the selector alone"),
        ({"tls": "none"}, "A password is not sent without TLS"),
        ({"tls": "maybe"}, "Select a valid choice"),
        ({"user": ""}, "Enter the user this password is of"),
        ({"password": ""}, "Enter the password of this user"),
    ],
)
def test_what_cannot_be_is_refused_with_the_remedy(admin, smtp, changed, why):
    guard.forget()
    answer = admin.post("/mail/", entered(smtp, **changed))
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not MailServer.objects.exists()


def test_the_senders_domain_is_looked_up_and_judged(admin, smtp, dns):
    dns.text("kestrelpoint.test", "v=spf1 include:far.test ~all")
    dns.text("far.test", "v=spf1 ip4:198.51.100.0/24 -all")
    dns.text("s1._domainkey.kestrelpoint.test", f"v=DKIM1; k=rsa; p={LONG}")
    dns.text("_dmarc.kestrelpoint.test", "v=DMARC1; p=none")
    admin.post("/mail/", entered(smtp, dkim_selector="s1"))
    soup = page(admin.get("/mail/"))
    assert texts(soup, "#mail-dns .status") == ["not as expected", "as expected", "could be better"]
    assert texts(soup, "#mail-dns td[data-label=Found]")[0] == "v=spf1 include:far.test ~all"

    dns.text("kestrelpoint.test", "v=spf1 ip4:127.0.0.1 -all")
    dns.put("localhost", "A", "127.0.0.1")
    admin.post("/mail/look/")
    assert texts(page(admin.get("/mail/")), "#mail-dns .status")[0] == "as expected"


def test_a_name_server_that_says_nothing_is_no_missing_record(admin, smtp, dns):
    dns.refuses = True
    admin.post("/mail/", entered(smtp, dkim_selector="s1"))
    assert texts(page(admin.get("/mail/")), "#mail-dns .status") == ["no answer"] * 3


def test_the_log_has_the_last_two_hundred_of_ninety_days(admin, partner):
    now = clock.now()
    for number in range(201):
        SentMail.objects.create(
            partner=partner, kind="alert", to=f"p{number}@harbor.test", via="shared",
            at=now - timedelta(minutes=number), was_taken=True,
        )  # fmt: skip
    old = SentMail.objects.create(
        partner=partner, kind="alert", to="old@harbor.test", via="shared", was_taken=True,
        at=now - timedelta(days=90, minutes=1),
    )  # fmt: skip
    rows = texts(page(admin.get("/mail/log/")), "tbody th")
    assert (len(rows), rows[0], rows[-1]) == (200, "p0@harbor.test", "p199@harbor.test")
    mailing.send(
        current_site(), kind="alert", to=["x@harbor.test"], subject="A", text="B", html="<p>B</p>"
    )
    assert not SentMail.objects.filter(pk=old.pk).exists()
    assert SentMail.objects.count() == 202  # 201 and the one that was just sent


def test_the_log_says_what_became_of_each_and_not_what_it_said(admin, own, smtp):
    smtp.answers["TAKEN"] = "554 5.7.1 <b>spam</b>"
    with pytest.raises(mailing.sending.NotSentError):
        mailing.send(
            current_site(), kind="question", to=["jo@harbor.test"], subject="A", text="Word",
            html="<p>Word</p>",
        )  # fmt: skip
    answer = admin.get("/mail/log/")
    soup = page(answer)
    assert texts(soup, "tbody td")[0] == "Question"
    assert texts(soup, "tbody .second") == [
        "Localhost refused the mail itself (554 5.7.1 <b>spam</b>)"
    ]
    assert b"Word" not in answer.content


def test_the_log_costs_as_much_with_one_as_with_three(
    admin, partner, django_assert_max_num_queries
):
    def queries():
        with django_assert_max_num_queries(20) as counted:
            page(admin.get("/mail/log/"))
        return len(counted)

    def sent():
        SentMail.objects.create(
            partner=partner, kind="alert", to="a@b.test", at=clock.now(), via="own", was_taken=True
        )

    sent()
    one = queries()
    sent()
    sent()
    assert queries() == one


def test_another_partners_mails_and_server_are_not_seen(admin, own, aurora):
    other = Partner.objects.get(schema_name="aurora")
    MailServer.objects.update(partner=other, host="planted.aurora.test")
    SentMail.objects.create(
        partner=other,
        kind="alert",
        to="planted@aurora.test",
        at=clock.now(),
        via="own",
        was_taken=True,
    )
    for path in ("/mail/", "/mail/log/"):
        assert b"planted" not in admin.get(path).content
    for path in ("test", "switch", "look", "forget"):
        assert admin.post(f"/mail/{path}/").status_code == 404
    assert MailServer.objects.get().is_on


@pytest.mark.parametrize("person", ["operator", "engineer", "viewer", "stranger"])
def test_it_is_the_admins_business_alone(request, kestrel, own, person):
    client = request.getfixturevalue(person)
    expected = 302 if person == "stranger" else 403
    for path in ("/mail/", "/mail/log/", "/mail/forget/"):
        assert client.get(path, headers={"host": kestrel.host}).status_code == expected
    for path in ("test", "switch", "look", "forget"):
        answer = client.post(f"/mail/{path}/", headers={"host": kestrel.host})
        assert answer.status_code == expected
    assert MailServer.objects.get().is_on
    assert outbox.outbox == []


def test_forgetting_asks_first_and_takes_the_password_with_it(admin, own):
    assert texts(page(admin.get("/mail/forget/")), "#work h2") == ["Forget localhost?"]
    assert MailServer.objects.exists()
    assert admin.post("/mail/forget/").url == "/mail/"
    assert not MailServer.objects.exists()


def test_who_changed_it_stands_in_the_audit_trail_without_the_password(admin, smtp):
    from auditlog.models import LogEntry

    admin.post("/mail/", entered(smtp))
    entry = LogEntry.objects.get(content_type__model="mailserver")
    assert (entry.actor.name, entry.changes["host"]) == ("Admin", ["None", "localhost"])
    assert "sealed" not in entry.changes
    assert PASSWORD not in str(entry.changes)
