"""Where a partner says by which providers its people sign in."""

import pytest
from auditlog.models import LogEntry
from bs4 import BeautifulSoup

from portal.accounts.models import Identity, Person, Provider, ProviderRule, Role, Session
from portal.core import clock, secrets
from tests.accounts.walking import person_of, with_app
from tests.openid.conftest import rule
from tests.pages.scenery import page, texts
from tests.people import sign_in

pytestmark = pytest.mark.db
ENTERED = {
    "name": "Kestrel ID", "client_id": "portal", "secret": "s3cret-of-ours",
    "scopes": "openid email", "button": "", "email_domains": "kestrel.test, @Kestrel-Group.Test",
}  # fmt: skip


def said(answer) -> str:
    return BeautifulSoup(answer.content, "html.parser").select_one("#work").text


def entered(local, **changes):
    return {**ENTERED, "issuer": local.issuer, **changes}


def test_a_provider_is_entered_tried_and_switched_on(admin, local):
    answer = admin.post("/sign-in/new/", entered(local))
    made = Provider.objects.get()
    assert answer.url == f"/sign-in/{made.pk}/"
    assert not made.is_on
    assert made.email_domains == ["kestrel.test", "kestrel-group.test"]
    assert secrets.decrypt(bytes(made.sealed))["secret"].reveal() == "s3cret-of-ours"

    tried = page(admin.post(f"/sign-in/{made.pk}/try/"))
    assert f"{local.issuer}/oauth2/token" in tried.select_one(".notice[data-state=good]").text
    assert "1 key" in tried.select_one(".notice").text

    admin.post(f"/sign-in/{made.pk}/switch/", {"on": "yes"})
    assert Provider.objects.get().is_on
    assert "Kestrel ID" in texts(page(admin.get("/sign-in/")), "tbody th a")


def test_its_page_says_which_address_to_register(admin, kestrel_id):
    shown = page(admin.get(f"/sign-in/{kestrel_id.pk}/"))
    assert texts(shown, ".sign-in-backs li")[0] == (
        "http://kestrel.localhost/login/with/kestrel-id/back/"
    )


def test_the_secret_is_shown_nowhere_and_stays_where_none_is_entered(admin, local):
    admin.post("/sign-in/new/", entered(local))
    made = Provider.objects.get()
    for path in ("", "edit/"):
        assert b"s3cret-of-ours" not in admin.get(f"/sign-in/{made.pk}/{path}").content
    admin.post(f"/sign-in/{made.pk}/edit/", entered(local, secret="", name="Our ID"))
    kept = Provider.objects.get()
    assert (kept.name, bytes(kept.sealed)) == ("Our ID", bytes(made.sealed))
    told = [str(one.changes) for one in LogEntry.objects.filter(object_pk=str(made.pk))]
    assert told
    assert not any("s3cret" in one or "sealed" in one for one in told)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"issuer": "http://id.kestrel.test"}, "Enter the https address"),
        ({"issuer": "ftp://127.0.0.1"}, "Enter the https address"),
        ({"issuer": "https://u:p@id.test"}, "Enter the https address"),
        ({"issuer": "https://id.test/?x=1"}, "Enter the https address"),
        ({"issuer": "http://169.254.169.254/"}, "Enter the https address"),
        ({"issuer": "https://["}, "Enter the https address"),
        ({"issuer": "javascript:alert(1)"}, "Enter the https address"),
        ({"scopes": "email"}, "Without openid"),
        ({"email_domains": "kestrel.test, ana@kestrel.test"}, "ana@kestrel.test is no mail domain"),
        ({"makes_people": "on", "email_domains": ""}, "Say whose people it may make"),
        ({"name": ""}, "required"),
    ],
)
def test_what_cannot_be_is_refused_in_words(admin, local, changes, words):
    answer = admin.post("/sign-in/new/", entered(local, **changes))
    assert answer.status_code == 422
    assert words in said(answer)
    assert not Provider.objects.exists()


def test_a_provider_that_is_down_is_not_switched_on(admin, kestrel_id, local):
    Provider.objects.update(is_on=False)
    local.stop()
    answer = admin.post(f"/sign-in/{kestrel_id.pk}/switch/", {"on": "yes"})
    assert answer.status_code == 422
    assert "does not answer" in said(answer)
    assert not Provider.objects.get().is_on
    assert admin.post(f"/sign-in/{kestrel_id.pk}/try/").status_code == 422


def test_an_issuer_that_calls_itself_otherwise_is_not_switched_on(admin, kestrel_id, local):
    Provider.objects.update(is_on=False, issuer=f"{local.issuer}/")
    answer = admin.post(f"/sign-in/{kestrel_id.pk}/switch/", {"on": "yes"})
    assert f"calls itself {local.issuer}, and not" in said(answer)


def test_another_issuer_or_client_forgets_whom_it_knows_and_is_off(
    admin, kestrel, kestrel_id, local
):
    ana = person_of(kestrel)
    Identity.objects.create(provider=kestrel_id, subject="u-1", person=ana, made_at=clock.now())
    path = f"/sign-in/{kestrel_id.pk}/edit/"
    admin.post(path, entered(local, button="Come in"))
    assert Identity.objects.exists()
    assert Provider.objects.get().is_on
    admin.post(path, entered(local, client_id="another", secret=""))
    assert not Identity.objects.exists()
    changed = Provider.objects.get()
    assert (changed.is_on, changed.sealed) == (False, None)  # the secret goes to nobody else


def test_rules_are_added_ordered_tried_and_removed(admin, kestrel, kestrel_id):
    base = f"/sign-in/{kestrel_id.pk}/"
    pk = {one.slug: one.pk for one in Role.objects.all()}
    admin.post(f"{base}rules/add/", {"claim": "groups", "value": "ops", "role": pk["operator"]})
    admin.post(f"{base}rules/add/", {"claim": "groups", "value": "eng", "role": pk["engineer"]})
    customers = {
        "claim": "org",
        "value": "harbor",
        "role": pk["viewer"],
        "customer": kestrel.harbor,
    }
    admin.post(f"{base}rules/add/", customers)
    assert [one.value for one in kestrel_id.rules.all()] == ["ops", "eng", "harbor"]

    def outcome(claims):
        shown = page(admin.post(f"{base}preview/", {"claims": claims}))
        return shown.select_one("#preview .notice").text

    both = '{"groups": ["eng", "ops"]}'
    assert "Operator" in outcome(both)
    admin.post(f"{base}rules/{ProviderRule.objects.get(value='eng').pk}/up/")
    assert "Integration engineer" in outcome(both)
    assert "Harbor Outfitters" in outcome('{"org": "harbor"}')
    assert "No rule fits" in outcome('{"groups": "cooks"}')
    admin.post(f"{base}rules/{ProviderRule.objects.get(value='eng').pk}/remove/")
    assert "Operator" in outcome(both)
    assert Person.objects.count() == 1  # a preview makes nobody


@pytest.mark.parametrize("claims", ["", "{", "[]", "7", "[" * 5000])
def test_a_preview_of_what_is_no_object_says_so(admin, kestrel_id, claims):
    answer = admin.post(f"/sign-in/{kestrel_id.pk}/preview/", {"claims": claims})
    assert answer.status_code == 422


def test_a_rule_that_cannot_be_is_refused_in_words(admin, kestrel, kestrel_id):
    path = f"/sign-in/{kestrel_id.pk}/rules/add/"
    pk = {one.slug: one.pk for one in Role.objects.all()}
    wrong = [
        ({"role": pk["viewer"]}, "Say which customer’s"),
        ({"role": 999_999}, "That is not offered"),
        ({"role": pk["operator"], "customer": 999_999}, "That is not offered"),
        ({"role": pk["operator"], "claim": ""}, "required"),
    ]
    for changes, words in wrong:
        answer = admin.post(path, {"claim": "groups", "value": "x", **changes})
        assert answer.status_code == 422
        assert words in said(answer), words
    rule(kestrel_id, "groups", "x", "operator")
    again = admin.post(path, {"claim": "groups", "value": "x", "role": pk["operator"]})
    assert "Remove that one first" in said(again)


def test_a_role_that_a_rule_gives_is_not_deleted(admin, kestrel_id):
    role = Role.objects.create(slug="night", label="Night desk", permissions=["desk.view"])
    rule(kestrel_id, "groups", "night", "night")
    answer = admin.post(f"/roles/{role.pk}/delete/")
    assert answer.status_code == 422
    assert Role.objects.filter(slug="night").exists()


def test_whoever_may_do_less_than_somebody_cannot_set_a_provider_up(kestrel, kestrel_id, local):
    """A provider of one's own would let one in as anybody."""
    operator = Role.objects.get(slug="operator")
    Role.objects.create(
        slug="lead",
        label="Lead",
        permissions=[*operator.permissions, "signin.edit", "people.manage"],
    )
    lead = sign_in(kestrel, "lead")
    before = Provider.objects.values().get()
    base = f"/sign-in/{kestrel_id.pk}/"
    asked = [
        ("/sign-in/new/", entered(local, name="Mine")),
        (f"{base}edit/", entered(local, client_id="mine")),
        (f"{base}switch/", {"on": "no"}),
        (f"{base}only-way/", {"only": "yes"}),
        (f"{base}remove/", {}),
        (f"{base}rules/add/", {"claim": "g", "value": "x", "role": operator.pk}),
    ]
    for path, data in asked:
        answer = lead.post(path, data)
        assert answer.status_code == 422, path
        assert "may do more than you" in said(answer), path
    assert Provider.objects.values().get() == before
    assert not ProviderRule.objects.exists()


def test_whoever_works_for_some_customers_only_sees_nothing_of_it(kestrel, kestrel_id):
    limited = sign_in(kestrel, "admin")
    Person.objects.update(is_limited=True)
    assert limited.get("/sign-in/").status_code == 403
    assert limited.get(f"/sign-in/{kestrel_id.pk}/").status_code == 403


def test_the_other_partner_does_not_find_it(aurora, kestrel_id):
    assert sign_in(aurora, "admin").get(f"/sign-in/{kestrel_id.pk}/").status_code == 404


def test_it_becomes_the_only_way_for_whoever_keeps_one_of_their_own(admin, kestrel_id):
    path = f"/sign-in/{kestrel_id.pk}/only-way/"
    answer = admin.post(path, {"only": "yes"})
    assert "Add a second step under your own Security first" in said(answer)
    with clock.freeze(clock.now()):
        with_app(Person.objects.get())
    admin.post(path, {"only": "yes"})
    assert Provider.objects.get().is_only_way
    admin.post(f"/sign-in/{kestrel_id.pk}/switch/", {"on": "no"})
    off = Provider.objects.get()
    assert (off.is_on, off.is_only_way) == (False, False)


def test_forgetting_a_person_asks_first_and_ends_their_sessions(admin, kestrel, kestrel_id):
    other = sign_in(kestrel, "operator")
    known = Identity.objects.create(
        provider=kestrel_id, subject="u-1", person=Person.objects.get(role__slug="operator"),
        made_at=clock.now(),
    )  # fmt: skip
    path = f"/sign-in/{kestrel_id.pk}/people/{known.pk}/forget/"
    assert "forget Operator?" in page(admin.get(path)).text
    assert Identity.objects.exists()
    admin.post(path)
    assert not Identity.objects.exists()
    assert not Session.objects.filter(person=known.person).exists()
    assert other.get("/desk/").status_code == 302
    assert admin.post(path).status_code == 404


def test_removing_asks_first_and_leaves_the_people(admin, kestrel_id):
    path = f"/sign-in/{kestrel_id.pk}/remove/"
    assert "Remove Kestrel ID?" in page(admin.get(path)).text
    assert Provider.objects.exists()
    admin.post(path)
    assert not Provider.objects.exists()


def test_the_list_asks_the_same_for_one_as_for_three(admin, kestrel_id):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        admin.get("/sign-in/")
    for name in ("b", "c"):
        Provider.objects.create(
            ref=name, name=name, issuer="https://id.test", client_id="x",
            changed_at=clock.now(), changed_by="Ada",
        )  # fmt: skip
    with CaptureQueriesContext(connection) as three:
        admin.get("/sign-in/")
    assert len(three) == len(one)


def test_everything_about_it_is_in_the_audit_log(admin, local):
    admin.post("/sign-in/new/", entered(local))
    made = Provider.objects.get()
    pk = Role.objects.get(slug="operator").pk
    admin.post(f"/sign-in/{made.pk}/rules/add/", {"claim": "g", "value": "x", "role": pk})
    kinds = set(LogEntry.objects.values_list("content_type__model", flat=True))
    assert {"provider", "providerrule"} <= kinds
