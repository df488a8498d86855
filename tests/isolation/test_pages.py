"""Nobody sees a word of another partner's, and no customer a word of another customer's."""

import re

import pytest

from portal.pages import matrix
from tests.isolation import planting
from tests.isolation.crawl import crawl
from tests.isolation.marks import house
from tests.people import Site, sign_in

pytestmark = [pytest.mark.db, pytest.mark.long]

STAFF = [("kestrel", "admin"), ("kestrel", "operator"), ("kestrel", "finance"), ("aurora", "admin")]
OTHER = {"kestrel": "aurora", "aurora": "kestrel"}


def site(planted, partner) -> Site:
    ids = [planted[partner, customer].customer_id for customer in planting.CUSTOMERS]
    return Site(partner, f"{partner}.localhost", *ids)


def viewer(planted, partner, customer):
    return sign_in(
        site(planted, partner), "viewer", customer_id=planted[partner, customer].customer_id
    )


def leaks(pages, foreign) -> list[tuple[str, str]]:
    """(address, mark) of every foreign mark on a page. What was asked for may stand in the answer's
    own search field, so addresses are left out of the comparison by asking for none with marks."""
    return [
        (address, one.mark)
        for address, content in pages.items()
        for one in foreign
        if one.mark.encode() in content.lower()
    ]


@pytest.mark.parametrize(("partner", "role"), STAFF)
def test_a_partners_people_find_everything_of_theirs_and_nothing_of_the_others(
    planted, partner, role
):
    pages = crawl(sign_in(site(planted, partner), role), starts=["/", "/orders/"])
    own = [planted[partner, customer] for customer in planting.CUSTOMERS]
    foreign = [planted[OTHER[partner], customer] for customer in planting.CUSTOMERS]
    foreign += [one._replace(mark=house(one.mark)) for one in foreign]
    for one in own:
        assert sum(one.mark.encode() in content.lower() for content in pages.values()) >= 3
    assert len(pages) >= (10 if role == "finance" else 30)
    assert leaks(pages, foreign) == []


@pytest.mark.parametrize("customer", planting.CUSTOMERS)
@pytest.mark.parametrize("partner", planting.PARTNERS)
def test_a_customers_people_find_their_own_and_nothing_of_anybody_elses(planted, partner, customer):
    pages = crawl(
        viewer(planted, partner, customer), starts=["/", "/orders/", "/questions/", "/privacy/"]
    )
    own = planted[partner, customer]
    foreign = [one for one in planted.values() if one is not own]
    assert sum(own.mark.encode() in content.lower() for content in pages.values()) >= 2
    assert leaks(pages, foreign) == []


def guesses(one) -> list[str]:
    """Addresses of somebody else's things, for every pattern of the site."""
    values = {
        "uuid": [str(one.order_id), str(one.message_id)],
        "int": [str(one.case), str(one.table_id), str(one.row_id), str(one.customer_id)],
        "slug": ["(slug)"],
        "sha256": [one.digest],
        "str": ["(str)", "2026-04"],
        "day": ["2026-04-08"],
    }
    found = []
    for address in matrix.addresses("portal.urls"):
        kinds = re.findall(r"<(?:(\w+):)?\w+>", address.pattern)
        for n in range(4 if kinds else 0):
            picks = iter([values[k or "str"][n % len(values[k or "str"])] for k in kinds])
            found.append(re.sub(r"<[^>]+>", lambda _, p=picks: next(p), address.pattern))
    return sorted(set(found))


def test_guessing_the_addresses_of_another_partners_things_shows_nothing(planted):
    client = sign_in(site(planted, "aurora"), "admin")
    for one in (planted["kestrel", customer] for customer in planting.CUSTOMERS):
        addresses = guesses(one)
        assert len(addresses) > 10
        pages = {a: client.get(a).content for a in addresses}
        pages |= {f"POST {a}": client.post(a).content for a in addresses}
        assert leaks(pages, [one]) == []
        assert client.get(f"/endpoints/{one.endpoint}/").status_code == 404


@pytest.mark.parametrize("other", [("kestrel", "maris"), ("aurora", "harbor"), ("aurora", "maris")])
def test_guessing_the_addresses_of_another_customers_things_shows_nothing(planted, other):
    client = viewer(planted, "kestrel", "harbor")
    one = planted[other]
    pages = {a: client.get(a).content for a in guesses(one)}
    pages |= {f"POST {a}": client.post(a).content for a in guesses(one)}
    assert leaks(pages, [one]) == []


@pytest.mark.parametrize(
    "page", ["/orders/", "/desk/", "/endpoints/", "/questions/", "/flows/", "/find/", "/stock/"]
)
@pytest.mark.parametrize("who", ["viewer", "stranger"])
def test_searching_for_another_ones_numbers_finds_nothing(planted, who, page):
    if who == "viewer":
        client, foreign = viewer(planted, "kestrel", "harbor"), planted["kestrel", "maris"]
    else:
        client, foreign = sign_in(site(planted, "aurora"), "admin"), planted["kestrel", "harbor"]
    text = foreign.mark
    for query in (f"q={text}", f"q=1Z{text}", f"q={text[:8]}", f"customer={text}"):
        content = client.get(f"{page}?{query}").content.lower()
        # The answer repeats what was asked; what it found would stand in a row.
        assert f"{text} ltd".encode() not in content
        assert f"po-{text}".encode() not in content
        assert str(foreign.order_id).encode() not in content


def test_a_session_of_one_site_is_nobody_at_the_other(planted):
    client = sign_in(site(planted, "kestrel"), "admin")
    for address in ("/orders/", "/desk/", "/endpoints/"):
        answer = client.get(address, headers={"host": "aurora.localhost"})
        assert answer.status_code in (302, 404)
        assert b"zqaurora" not in answer.content


def test_a_viewer_is_told_nothing_of_the_systems_behind_their_orders(planted):
    pages = crawl(
        viewer(planted, "kestrel", "harbor"), starts=["/", "/orders/", "/questions/", "/privacy/"]
    )
    own = planted["kestrel", "harbor"].mark
    for inside in (
        f"{own} shop",
        f"{own} said no",
        f"{own} answered",
        f"{own}.example",
        f"sku {own}",
    ):
        assert not [a for a, content in pages.items() if inside.encode() in content.lower()], inside
