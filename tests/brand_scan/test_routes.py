import pytest

from portal.pages.brand_scan.routes import Route, Values, every, filled, nothing_at, route_of

pytestmark = pytest.mark.db


def test_every_page_is_a_route_and_what_is_only_posted_to_in_the_api_is_none() -> None:
    patterns = {route.pattern for route in every()}
    assert {"/", "/orders/<uuid:pk>/", "/api/v1/cases/", "/webhooks/"} <= patterns
    assert "/api/v1/changes/<int:pk>/ask/" not in patterns
    assert len(patterns) > 250


def test_an_address_tells_its_route_and_the_values_in_it() -> None:
    assert route_of("/cases/7/fixes/3/?x=1") == (
        "/cases/<int:number>/fixes/<int:pk>/",
        {"number": 7, "pk": 3},
    )
    assert route_of("/no-such-page/") == ("", {})


def test_what_was_seen_at_the_same_place_fills_other_routes() -> None:
    values = Values()
    values.note("/cases/<int:number>/fixes/<int:pk>/", {"number": 7, "pk": 3})
    route = Route("/cases/<int:number>/take/")
    assert list(values.addresses(route, most=2)) == ["/cases/7/take/"]
    assert list(values.addresses(Route("/rules/<int:pk>/on/"), most=2)) == []


def test_where_nothing_was_seen_an_id_is_asked_for_that_nothing_has() -> None:
    assert nothing_at(Route("/rules/<int:pk>/on/")) == "/rules/999999999/on/"


def test_entries_of_a_list_fill_the_address_of_one() -> None:
    items = [{"title": "x"}, {"number": 7}, {"endpoint": "shop", "direction": "in"}]
    assert list(filled("/cases/<int:number>/", items)) == ["/cases/7/", "/cases/shop/"]
    (one,) = filled("/mappings/<slug:slug>/<slug:direction>/", items[2:])
    assert one == "/mappings/shop/in/"


def test_a_page_is_for_whoever_holds_one_of_its_permissions() -> None:
    assert Route("/x/", ("own.orders", "orders.view")).is_for(["own.orders"])
    assert Route("/x/", ("signed-in",)).is_for([])
    assert not Route("/x/", ("orders.view",)).is_for(["own.orders"])
