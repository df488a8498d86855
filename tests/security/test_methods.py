"""A page that is looked at changes nothing, whoever looks; and no other verb gets around that."""

import pytest

from portal.pages import matrix
from tests.people import sign_in
from tests.security import filling
from tests.security.conftest import writes
from tests.security.visiting import ask

pytestmark = [pytest.mark.db, pytest.mark.long]

ODD = ("TRACE", "OPTIONS", "PUT", "PATCH", "DELETE", "PROPFIND")
# What looking writes, with the reason: a session notes that it is in use.
WRITTEN_BY_LOOKING = {"accounts_session"}
# What only the first look at a thing writes, and writes as the second would: the version of a configuration that
# whoever uses it keeps (ADR 7), and the rows that hold a house's own terms, empty.
WRITTEN_ONCE = {"integrations_version", "billing_account", "billing_legalentity"}


def test_looking_at_pages_writes_nothing(looked):
    assert set(looked.written) <= WRITTEN_BY_LOOKING | WRITTEN_ONCE, looked.written


def test_no_address_writes_when_it_is_only_asked_for(site, planted):
    """Also those that no link leads to: verbs, that people reach by a form."""
    admin, wrong = sign_in(site, "admin"), []
    before = writes()
    for method, once in (("GET", WRITTEN_ONCE), ("HEAD", set())):
        for address in filling.addresses("portal.urls", planted):
            if address.method not in ("", "GET"):
                continue
            answer = ask(admin, address.path, method)
            now = writes()
            changed = {t for t in now if now[t] != before.get(t, 0)} - WRITTEN_BY_LOOKING - once
            before = now
            if changed:
                wrong.append((method, address.path, answer.status, sorted(changed)))
            if method == "HEAD" and answer.body:
                wrong.append((address.path, "a body"))
    assert wrong == []


@pytest.mark.parametrize("method", ODD)
def test_other_verbs_are_not_taken_and_change_nothing(kestrel, method):
    admin, wrong = sign_in(kestrel, "admin"), []
    known = {(a.pattern, a.method) for a in matrix.addresses("portal.urls")}
    before = writes()
    for address in matrix.addresses("portal.urls"):
        if (address.pattern, method) in known or address.pattern == "/logout/":
            continue
        answer = ask(admin, filling.filled(address.pattern, {}), method)
        if answer.status not in (
            {405} if not address.pattern.startswith("/api/") else {401, 403, 404, 405}
        ):
            wrong.append((address.pattern, answer.status))
        if answer.status == 405:
            assert answer.headers["Allow"], address.pattern
        assert b"Cookie" not in answer.body
    now = writes()
    assert {t for t in now if now[t] != before.get(t, 0)} <= WRITTEN_BY_LOOKING
    assert wrong == []


def test_a_verb_in_a_header_or_a_field_is_not_believed(kestrel):
    admin = sign_in(kestrel, "admin")
    for given in ({"HTTP_X_HTTP_METHOD_OVERRIDE": "POST"}, {"HTTP_X_METHOD_OVERRIDE": "DELETE"}):
        assert admin.get("/mail/test/", **given).status_code == 405
    assert admin.get("/mail/test/?_method=POST").status_code == 405
