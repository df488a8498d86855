"""Role × every address and every operation × own customer, other customer, other partner.

That a role opens what its permissions say is in tests/pages/test_permissions.py; here is whose things it opens.
"""

import json
import re

import pytest
from django.db import connection, transaction
from django_tenants.utils import schema_context

from integrations.models import LookupTable
from monitoring.models import CaseQuestion, ExceptionCase
from portal.accounts.models import Person
from portal.accounts.roles import PARTNER_ROLES
from portal.accounts.rules import OPEN_TO_ALL, SIGNED_IN
from portal.pages import matrix
from tests.api.asking import Program, program, token
from tests.isolation.limited import for_harbor
from tests.isolation.test_limited_pages import rows_of_maris
from tests.people import sign_in
from tests.security import filling

pytestmark = [pytest.mark.db, pytest.mark.long]

ADDRESSES = [
    a for a in matrix.addresses("portal.urls") if "<" in a.pattern and a.pattern != "/logout/"
]
ROLES = [role for role in PARTNER_ROLES]
KNOWN_KINDS = {"uuid", "int", "slug", "sha256", "str", "day"}


def test_every_kind_of_id_in_an_address_can_be_guessed_here():
    """A new converter has to be filled with somebody else's id, or this file would look past it."""
    kinds = {
        kind or "str" for a in ADDRESSES for kind in re.findall(r"<(?:(\w+):)?\w+>", a.pattern)
    }
    assert kinds <= KNOWN_KINDS


def opens(role, address) -> bool:
    return bool(set(address.permissions) & {OPEN_TO_ALL, SIGNED_IN, *role.permissions})


def foreign(planted, *, of_customer: bool):
    found = [planted["aurora", "maris"]]
    return [planted["kestrel", "maris"], *found] if of_customer else found


def path_of(address, one) -> list[str]:
    """The address with their ids: a number may be of a case, a table, a row or a customer."""
    numbers = (one.case, one.table_id, one.row_id, one.customer_id)
    known = filling.of(one)
    found = set()
    for number in numbers if "<int:" in address.pattern else numbers[:1]:
        for uuid in {str(one.order_id), str(one.message_id)}:
            kinds = {**known, "int": str(number), "uuid": uuid}
            found.add(re.sub(r"<(?:(\w+):)?(\w+)>",
                             lambda m, k=kinds: filling.NAMED.get(m[2]) or k[m[1] or "str"], address.pattern))  # fmt: skip
    return sorted(found)


def asked(client, method, path, body=b"{}"):
    """In a savepoint of its own: what one request breaks is over with it."""
    with transaction.atomic():
        found = client.generic(method, path, body, content_type="application/json")
        content = b"".join(found) if found.streaming else found.content
        transaction.set_rollback(connection.needs_rollback)
    # What was asked for may stand in the answer's own address.
    said = (content + str(dict(found.headers)).encode()).lower()
    return found.status_code, said.replace(path.lower().encode(), b"")


def visits(client, role, planted):
    """(address, status) of every answer that holds something of somebody else's."""
    wrong, n = [], 0
    for one in foreign(planted, of_customer=role.for_customers):
        for address in (a for a in ADDRESSES if opens(role, a)):
            for path in path_of(address, one)[:2]:
                for method in (address.method,) if address.method else ("GET", "POST"):
                    status, said = asked(client, method, path)
                    n += 1
                    if one.mark.encode() in said.replace(one.endpoint.encode() + b"/", b"") and (
                        one.schema == "aurora" or role.for_customers
                    ):
                        wrong.append((method, path, status))
                    if status >= 500:
                        wrong.append((method, path, status))
    return wrong, n


def written(schema):
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM"
                       " pg_stat_xact_user_tables WHERE schemaname = %s", [schema])  # fmt: skip
        return cursor.fetchone()[0]


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.slug)
def test_no_role_opens_or_changes_what_is_another_partners_or_another_customers(
    site, planted, role
):
    client = sign_in(site, role.slug, customer_id=site.harbor if role.for_customers else None)
    at_aurora, of_maris = written("aurora"), rows_of_maris(planted)
    wrong, n = visits(client, role, planted)
    assert n > (20 if role.for_customers else 60)
    assert wrong == []
    assert written("aurora") == at_aurora
    if role.for_customers:
        assert rows_of_maris(planted) == of_maris


@pytest.fixture(autouse=True)
def _no_limit(monkeypatch):
    monkeypatch.setattr("portal.api.limits.BURST", 1e6)


def writes_of_the_api():
    for address in matrix.addresses("portal.urls"):
        kind = getattr(address.view, "cls", None)
        if kind and address.method not in ("", "GET", "HEAD") and "<" in address.pattern:
            yield address, getattr(kind, address.method.lower()).operation


def programs(site, planted):
    for_harbor(planted, "admin")
    with schema_context("kestrel"):
        limited = Person.objects.select_related("role").get(email="limited-admin@kestrel.test")
    text = token(site)[1]
    with schema_context("kestrel"):
        from portal.accounts.models import ApiToken

        ApiToken.objects.filter(prefix=text[:12]).update(maker=limited)
    return {
        "a customer's": program(site, customer_id=site.harbor),
        "a limited person's": Program(site, text),
    }


def test_no_program_changes_what_is_another_customers(site, planted):
    """Every writing operation, with a body that it takes and the ids of Maris."""
    other, n = planted["kestrel", "maris"], 0
    before = rows_of_maris(planted)
    with schema_context("kestrel"):
        theirs = {
            str(pk)
            for kind in (ExceptionCase, CaseQuestion, LookupTable)
            for pk in kind.objects.filter(customer_id=site.harbor).values_list("pk", flat=True)
        }
    for whose, app in programs(site, planted).items():
        for address, operation in writes_of_the_api():
            for path in path_of(address, other):
                if theirs & set(re.findall(r"/(\d+)/", path)):
                    continue  # the same number is also one of Harbor's, who may well do it
                body = json.dumps(operation.example or {}).encode()
                status, said = asked(app.client, address.method, path, body)
                n += 1
                assert status in (401, 403, 404, 409, 412, 422, 428), (
                    whose,
                    address.label,
                    path,
                    status,
                    said[:300],
                )
                assert other.mark.encode() not in said, (whose, path)
    assert n > 50
    assert rows_of_maris(planted) == before


def test_the_page_says_whose_things_each_address_opens():
    document = matrix.document()
    for address in matrix.addresses("portal.urls"):
        [line] = [one for one in document.splitlines() if one.startswith(f"| `{address.label}` |")][
            :1
        ]
        assert line.rstrip(" |").rsplit("| ", 1)[1] in matrix.REACHES.values(), line
