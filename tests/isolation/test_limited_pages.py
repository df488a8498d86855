"""Staff who work for Harbor find everything of Harbor's on every page, and nothing of anybody else's."""

import pytest
from django.db import connection, transaction
from django_tenants.utils import schema_context

from portal.tenants.limited import limited_to_customers
from tests.isolation.crawl import crawl
from tests.isolation.limited import for_harbor, site
from tests.isolation.marks import house
from tests.isolation.test_limited_rows import by_table, read
from tests.isolation.test_pages import guesses, leaks
from tests.people import sign_in

pytestmark = [pytest.mark.db, pytest.mark.long]

STARTS = ["/", "/orders/", "/customers/groups/"]
OF_ALL = (
    "/alerts/channels/",
    "/invoices/months/",
)  # pages that are there for everybody, with what is theirs
FOREIGN = [("kestrel", "maris"), ("aurora", "harbor"), ("aurora", "maris")]


def foreign_of(planted):
    found = [planted[one] for one in FOREIGN]
    return found + [one._replace(mark=house(one.mark)) for one in found if one.schema == "aurora"]


@pytest.mark.parametrize(
    ("role", "by"), [("operator", "customer"), ("admin", "group"), ("finance", "customer")]
)
def test_they_find_everything_of_harbor_and_no_mark_of_anybody_else(planted, role, by):
    own, other = planted["kestrel", "harbor"], planted["kestrel", "maris"]
    theirs = crawl(for_harbor(planted, role, by=by), starts=STARTS)
    everything = crawl(sign_in(site(planted), role), starts=STARTS)
    assert leaks(theirs, foreign_of(planted)) == []
    of_harbor = {
        address
        for address, content in everything.items()
        if own.mark.encode() in content.lower()
        and other.mark.encode() not in content.lower()
        and "had=" not in address  # names what the asker saw before
    }
    assert len(of_harbor) >= (5 if role == "finance" else 20)
    lost = {a for a in of_harbor if a not in theirs or own.mark.encode() not in theirs[a].lower()}
    assert lost == set()


REFUSED = (404, 405, 415)


def test_guessing_the_addresses_of_another_customers_things_answers_404_and_changes_nothing(
    planted,
):
    other = planted["kestrel", "maris"]
    client, boss = for_harbor(planted, "admin", by="group"), sign_in(site(planted), "admin")
    addresses = guesses(other)
    shown = {a: boss.get(a) for a in addresses}
    of_maris = [
        a for a, answer in shown.items()
        if answer.status_code == 200 and other.mark.encode() in answer.content.lower()
    ]  # fmt: skip
    assert len(of_maris) > 15
    before = rows_of_maris(planted)
    answers = {a: client.get(a) for a in addresses}
    posted = {a: answer_to_post(client, a) for a in addresses}
    assert leaks({a: one.content for a, one in answers.items()}, [other]) == []
    assert leaks({a: one.content for a, one in posted.items()}, [other]) == []
    alone = [a for a in of_maris if not a.startswith(OF_ALL)]
    assert {a: answers[a].status_code for a in alone if answers[a].status_code != 404} == {}
    # 415: the API says that it takes JSON before it looks whether there is such a thing.
    refused = {a: one.status_code for a, one in posted.items() if one.status_code not in REFUSED}
    assert {a: status for a, status in refused.items() if a in alone} == {}
    assert rows_of_maris(planted) == before


def answer_to_post(client, address):
    """In a savepoint of its own: outside of tests each request has its own transactions, and what one of them
    breaks is over with it."""
    with transaction.atomic():
        answer = client.post(address)
        transaction.set_rollback(connection.needs_rollback)
    return answer


def rows_of_maris(planted):
    with (
        schema_context("kestrel"),
        limited_to_customers((planted["kestrel", "maris"].customer_id,), person_id=1),
    ):
        found = {table: read(table) for table in by_table()}
    return {
        table: [row for row in rows or () if "zqkestrelmarisqz" in row[1]]
        for table, rows in found.items()
    }


@pytest.mark.parametrize(
    "page", ["/orders/", "/desk/", "/endpoints/", "/invoices/", "/service-levels/"]
)
def test_searching_for_another_customers_numbers_finds_nothing(planted, page):
    client, other = for_harbor(planted, "admin"), planted["kestrel", "maris"]
    for query in (
        f"q={other.mark}",
        f"q=PO-{other.mark}",
        f"customer={other.mark}",
        f"group={other.mark}",
    ):
        content = client.get(f"{page}?{query}").content.lower()
        assert f"{other.mark} ltd".encode() not in content
        # What was asked for stands in its own field, address and answer.
        for echo in ('value="', "q=", "invoice has ", "number "):
            content = content.replace(f"{echo}po-{other.mark}".encode(), b"")
        at = content.find(f"po-{other.mark}".encode())
        assert at < 0, content[at - 80 : at + 80]
        assert str(other.order_id).encode() not in content
