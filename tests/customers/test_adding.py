import pytest

from portal.customers import adding
from portal.customers.models import Customer, usual_calendar

pytestmark = pytest.mark.db


def test_a_customer_is_as_the_model_says_where_nothing_is_said(kestrel):
    made = adding.add("cedar", name="Cedar Goods")
    made.refresh_from_db()
    assert (made.time_zone, made.language, made.currency) == ("UTC", "", "USD")
    assert made.calendar == usual_calendar()


def test_everything_that_is_wrong_is_said_at_once(kestrel):
    with pytest.raises(adding.NotAddedError) as refused:
        adding.add(
            "Cedar!", name="Cedar", time_zone="Mars/Olympus", language="xx", currency="ZZZ",
            calendar={"hours": {"mon": "25:00-26:00"}},
        )  # fmt: skip
    places = [path for path, _ in refused.value.problems]
    assert places[:4] == [("slug",), ("time_zone",), ("currency",), ("language",)]
    assert places[4][:3] == ("calendar", "hours", "mon")
    assert Customer.objects.count() == 2


@pytest.mark.parametrize("field", ["time_zone", "currency"])
def test_a_blank_is_no_time_zone_and_no_currency(kestrel, field):
    with pytest.raises(adding.NotAddedError):
        adding.add("cedar", name="Cedar", **{field: ""})


def test_a_slug_that_is_taken_is_refused_with_one_that_is_free(kestrel):
    with pytest.raises(adding.SlugTakenError, match="harbor2 is free"):
        adding.add("harbor", name="Another Harbor")
    assert Customer.objects.get(slug="harbor").name == "Harbor Outfitters"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Harbor", "harbor2"), ("Åse & Søn, Ltd.", "asesnltd"), ("3M", "m1"), ("Groups", "groups2"),
        ("日本", ""), ("x" * 80, "x" * 37),
    ],
)  # fmt: skip
def test_a_slug_is_made_of_a_name(kestrel, name, slug):
    assert adding.suggest(name) == slug
    if slug:
        assert adding.add(slug, name=name).slug == slug


def test_what_is_an_address_is_no_slug(kestrel):
    with pytest.raises(adding.NotAddedError, match="address of these pages"):
        adding.add("groups", name="Groups")
