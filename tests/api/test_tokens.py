from datetime import timedelta

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from portal.accounts.domain import tokens
from portal.accounts.models import ApiToken, Person, Role
from portal.core import clock
from portal.core.redact import redact_text
from tests.api.asking import PROBLEM, Program, maker, program, token

pytestmark = pytest.mark.db


def refused(answer, sentence: str) -> bool:
    assert (answer.status_code, answer["Content-Type"]) == (401, PROBLEM)
    assert answer["WWW-Authenticate"] == "Bearer"
    return sentence in answer.json()["detail"]


def test_a_token_says_who_it_is_and_what_it_may(kestrel):
    said = program(kestrel, "orders.view", "desk.view").get("me/").json()
    assert said["name"] == "Ana Ruiz"
    assert said["scopes"] == ["desk.view", "orders.view"]
    assert said["customer"] is None
    assert said["token"]["name"] == "Nightly sync"
    assert said["limits"] == {"burst": 200, "per_second": 10.0}


def test_of_a_token_only_the_hash_is_kept(kestrel):
    found, text = token(kestrel)
    assert text.startswith(f"{found.prefix}_")
    assert len(found.prefix) == 12
    assert found.prefix.startswith("pat_")
    stored = str(ApiToken.objects.filter(pk=found.pk).values().get())
    assert text not in stored
    assert text.removeprefix(found.prefix) not in stored


def test_a_scope_opens_its_operations_and_no_other(kestrel):
    app = program(kestrel, "orders.view")
    assert app.get("records/").status_code == 200
    answer = app.get("cases/")
    assert (answer.status_code, answer["Content-Type"]) == (403, PROBLEM)


def test_nobody_gives_what_they_do_not_hold(kestrel):
    with pytest.raises(tokens.TokenRefusedError, match=r"You cannot give money\.bill"):
        token(kestrel, "money.bill", role="engineer")


def test_a_token_never_does_more_than_its_maker_still_may(kestrel):
    app = program(kestrel, "orders.view", "desk.view")
    role = Role.objects.get(slug="admin")
    role.permissions = [one for one in role.permissions if one != "orders.view"]
    role.save()
    assert app.get("records/").status_code == 403
    assert app.get("cases/").status_code == 200
    assert app.get("me/").json()["scopes"] == ["desk.view"]


def test_a_token_dies_with_its_maker(kestrel):
    app = program(kestrel)
    Person.objects.filter(email="admin.maker@kestrel.test").update(is_active=False)
    assert refused(app.get("me/"), "Whoever made this token has left")
    Person.objects.filter(email="admin.maker@kestrel.test").delete()
    assert refused(app.get("me/"), "not known here")


def test_a_revoked_token_opens_nothing(kestrel):
    found, text = token(kestrel)
    tokens.revoke(found, actor="L. Holt")
    assert refused(Program(kestrel, text).get("me/"), "This token was revoked.")


def test_an_expired_token_opens_nothing(kestrel):
    text = token(kestrel, days=1)[1]
    app = Program(kestrel, text)
    assert app.get("me/").status_code == 200
    with clock.freeze(clock.now() + timedelta(days=1, seconds=1)):
        assert refused(app.get("me/"), "This token has expired.")


def test_another_partners_token_is_not_known_here(kestrel, aurora):
    text = token(aurora)[1]
    assert Program(aurora, text).get("me/").status_code == 200
    assert refused(Program(kestrel, text).get("me/"), "works only on the site that made it")


def other_at_the_end(text: str) -> str:
    return text[:-1] + ("y" if text.endswith("x") else "x")


@pytest.mark.parametrize("change", [other_at_the_end, lambda t: t[:12], lambda t: "pat_"])
def test_a_changed_token_is_not_known(kestrel, change):
    text = token(kestrel)[1]
    assert refused(Program(kestrel, change(text)).get("me/"), "not known here")


def test_another_scheme_is_told_what_to_send(kestrel):
    client = Client(HTTP_HOST=kestrel.host, headers={"Authorization": "Basic YTpi"})
    assert refused(client.get("/api/v1/me/"), "Send a token of this site")


def test_without_anything_it_is_refused_and_not_sent_to_a_login(kestrel):
    assert refused(Program(kestrel).get("me/"), "Authorization: Bearer")


def test_a_token_lasts_a_year_at_most_and_ends_after_it_begins(kestrel):
    for days in (0, -1, 367):
        with pytest.raises(tokens.TokenRefusedError, match="up to a year from today"):
            token(kestrel, days=days)


def test_the_last_use_is_noted_once_a_minute(kestrel):
    found, text = token(kestrel)
    app, begun = Program(kestrel, text), clock.now()

    def used_at(after: int):
        with clock.freeze(begun + timedelta(seconds=after)):
            app.get("me/")
        return ApiToken.objects.get(pk=found.pk).last_used_at

    assert used_at(0) == begun
    assert used_at(59) == begun
    assert used_at(60) == begun + timedelta(seconds=60)


def test_a_token_for_a_customer_sees_that_customer_alone(kestrel):
    own = program(kestrel, customer_id=kestrel.harbor)
    said = own.get("me/").json()
    assert said["customer"] == "harbor"
    assert said["scopes"] == [
        "own.bills", "own.orders", "own.questions", "own.service", "own.statements",
        "resources.create", "resources.read",
    ]  # fmt: skip
    assert own.get("own/orders/").status_code == 200
    assert own.get("records/").status_code == 403


def test_a_token_for_a_customer_cannot_be_given_what_concerns_all(kestrel):
    with pytest.raises(tokens.TokenRefusedError, match=r"You cannot give orders\.view"):
        token(kestrel, "orders.view", customer_id=kestrel.harbor)
    with pytest.raises(tokens.TokenRefusedError, match=r"You cannot give own\.bills"):
        token(kestrel, "own.bills", role="engineer", customer_id=kestrel.harbor)


def test_whoever_asks_by_a_token_cannot_be_saved_with_its_limits(kestrel):
    found, _ = token(kestrel, customer_id=kestrel.harbor)
    person = tokens.bearer(tokens.ApiToken.objects.select_related("maker__role").get(pk=found.pk))
    with pytest.raises(RuntimeError, match="not whole"):
        person.save()
    assert Person.objects.get(pk=person.pk).customer_id is None


def test_a_session_may_ask_and_needs_the_csrf_token_to_change_anything(kestrel):
    with schema_context(kestrel.schema):
        person = maker(kestrel)
    browser = Client(HTTP_HOST=kestrel.host, enforce_csrf_checks=True)
    browser.force_login(person, backend="portal.accounts.backends.EmailBackend")
    assert browser.get("/api/v1/me/").json()["token"] is None
    answer = browser.post("/api/v1/endpoints/none/pause/", content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (403, PROBLEM)
    assert answer.json()["type"] == "/api/problems/forged"
    browser.get("/tokens/")
    headers = {"X-CSRFToken": browser.cookies["csrftoken"].value}
    answer = browser.post(
        "/api/v1/endpoints/none/pause/", content_type="application/json", headers=headers
    )
    assert answer.status_code == 404


def test_no_log_line_and_no_error_holds_a_token(kestrel, capsys):
    text = token(kestrel)[1]
    assert text[13:] not in redact_text(f"asked with {text} and failed")
    answer = Program(kestrel, text[:-1] + "!").get("me/")
    assert text[13:-1] not in answer.content.decode()
    out = capsys.readouterr()
    assert text[13:-1] not in out.out + out.err
