import requests

AFTER_START = "2020-01-01T00:00:00"


def _place(store, count: int, **wanted) -> dict:
    body = {"count": count, "webhooks": False, **wanted}
    return requests.post(f"{store.control}/_sandbox/orders", json=body, timeout=10).json()


def test_a_key_that_nobody_knows_may_not_view(store) -> None:
    answer = store.api("GET", "/orders", auth=("ck_wrong", "cs_test"))
    assert answer.status_code == 401
    assert answer.json()["code"] == "woocommerce_rest_cannot_view"
    assert answer.json()["data"] == {"status": 401}


def test_the_right_key_with_a_wrong_secret_is_an_authentication_error(store) -> None:
    answer = store.api("GET", "/orders", auth=("ck_test", "cs_wrong"))
    assert answer.status_code == 401
    assert answer.json()["code"] == "woocommerce_rest_authentication_error"


def test_the_key_may_stand_in_the_query(store) -> None:
    query = {"consumer_key": "ck_test", "consumer_secret": "cs_test"}
    assert store.api("GET", "/orders", auth=None, params=query).status_code == 200


def test_an_order_that_does_not_exist_is_404(store) -> None:
    answer = store.api("GET", "/orders/999999")
    assert answer.status_code == 404
    assert answer.json()["code"] == "woocommerce_rest_shop_order_invalid_id"


def test_pages_walk_through_all_orders_without_gap_or_repeat(store) -> None:
    placed = _place(store, 25)["ids"]
    seen: list[int] = []
    query = {"per_page": 10, "orderby": "modified", "order": "asc", "modified_after": AFTER_START}
    for page in (1, 2, 3):
        answer = store.api("GET", "/orders", params={**query, "page": page})
        assert answer.headers["X-WP-Total"] == "25"
        assert answer.headers["X-WP-TotalPages"] == "3"
        assert ('rel="next"' in answer.headers["Link"]) == (page < 3)
        seen += [order["id"] for order in answer.json()]
    assert seen == placed


def test_following_the_link_header_reaches_the_last_page(store) -> None:
    _place(store, 5)
    answer = store.api("GET", "/orders", params={"per_page": 2})
    pages = 1
    while "next" in answer.links:
        answer = requests.get(answer.links["next"]["url"], auth=("ck_test", "cs_test"), timeout=5)
        pages += 1
    assert (pages, len(answer.json())) == (3, 1)


def test_modified_after_without_a_zone_is_the_shops_own_time(store) -> None:
    order_id = _place(store, 1)["ids"][0]
    order = store.api("GET", f"/orders/{order_id}").json()
    local = {"modified_after": order["date_modified"]}
    assert store.api("GET", "/orders", params=local).json() == []
    as_utc = {"modified_after": order["date_modified"], "dates_are_gmt": "true"}
    assert [o["id"] for o in store.api("GET", "/orders", params=as_utc).json()] == [order_id]


def test_more_than_a_hundred_a_page_is_refused(store) -> None:
    answer = store.api("GET", "/orders", params={"per_page": 101})
    assert (answer.status_code, answer.json()["code"]) == (400, "rest_invalid_param")


def test_a_status_that_does_not_exist_is_refused_and_changes_nothing(store) -> None:
    order_id = _place(store, 1)["ids"][0]
    assert store.api("PUT", f"/orders/{order_id}", json={"status": "sent"}).status_code == 400
    assert store.api("GET", f"/orders/{order_id}").json()["status"] == "processing"


def test_a_tracking_number_set_twice_takes_effect_once_and_repeats_once(store) -> None:
    order_id = _place(store, 1)["ids"][0]
    change = {
        "status": "completed",
        "meta_data": [{"key": "_tracking_number", "value": "1Z0000000001"}],
    }
    for _ in range(2):
        assert store.api("PUT", f"/orders/{order_id}", json=change).status_code == 200
    effects = store.effects()
    assert effects["shipments"] == {str(order_id): ["1Z0000000001"]}
    assert (effects["double_effects"], effects["repeats"]) == (0, 1)
    assert effects["status"] == {str(order_id): "completed"}


def test_a_tracking_number_listed_twice_is_a_double_effect(store) -> None:
    order_id = _place(store, 1)["ids"][0]
    item = {"tracking_provider": "ups", "tracking_number": "1Z7", "date_shipped": "2026-03-03"}
    change = {"meta_data": [{"key": "_wc_shipment_tracking_items", "value": [item, item]}]}
    store.api("PUT", f"/orders/{order_id}", json=change)
    assert store.effects()["shipments"] == {str(order_id): ["1Z7"]}
    assert store.effects()["double_effects"] == 1


def test_two_notes_with_one_tracking_number_are_a_double_effect(store) -> None:
    order_id = _place(store, 1)["ids"][0]
    note = {"note": "Shipped 2026-03-03 with UPS 1Z0000000001", "customer_note": True}
    for _ in range(2):
        assert store.api("POST", f"/orders/{order_id}/notes", json=note).status_code == 201
    effects = store.effects()
    assert effects["shipments"] == {str(order_id): ["1Z0000000001"]}
    assert effects["double_effects"] == 1
    assert len(store.api("GET", f"/orders/{order_id}/notes").json()) == 2


def test_meta_data_is_merged_by_key_and_removed_by_null(store) -> None:
    order_id = _place(store, 1)["ids"][0]
    for value in ("a", "b"):
        change = {"meta_data": [{"key": "erp_no", "value": value}]}
        order = store.api("PUT", f"/orders/{order_id}", json=change).json()
    assert [(meta["key"], meta["value"]) for meta in order["meta_data"]] == [("erp_no", "b")]
    gone = {"meta_data": [{"key": "erp_no", "value": None}]}
    assert store.api("PUT", f"/orders/{order_id}", json=gone).json()["meta_data"] == []


def test_a_batch_answers_each_order_and_each_error(store) -> None:
    order_id = _place(store, 1)["ids"][0]
    body = {"update": [{"id": order_id, "status": "completed"}, {"id": 77, "status": "completed"}]}
    good, bad = store.api("POST", "/orders/batch", json=body).json()["update"]
    assert good["status"] == "completed"
    assert bad["error"]["code"] == "woocommerce_rest_shop_order_invalid_id"


def test_a_batch_of_more_than_a_hundred_is_refused(store) -> None:
    body = {"update": [{"id": n} for n in range(101)]}
    assert store.api("POST", "/orders/batch", json=body).status_code == 413


def test_an_order_takes_its_quantities_off_the_shelf(store) -> None:
    before = store.effects()["stock"]
    order_id = _place(store, 1)["ids"][0]
    lines = store.api("GET", f"/orders/{order_id}").json()["line_items"]
    after = store.effects()["stock"]
    taken = {sku: before[sku] - after[sku] for sku in before if before[sku] != after[sku]}
    assert taken == {line["sku"]: line["quantity"] for line in lines}


def test_stock_and_price_are_set_by_product_and_in_batches(store) -> None:
    product = store.api("GET", "/products", params={"sku": "MUG-12"}).json()[0]
    changed = store.api("PUT", f"/products/{product['id']}", json={"stock_quantity": 0}).json()
    assert (changed["stock_quantity"], changed["stock_status"]) == (0, "outofstock")
    body = {"update": [{"id": product["id"], "regular_price": "10.45", "stock_quantity": 7}]}
    assert store.api("POST", "/products/batch", json=body).status_code == 200
    effects = store.effects()
    assert (effects["stock"]["MUG-12"], effects["prices"]["MUG-12"]) == (7, "10.45")
    assert (effects["updates"]["stock"], effects["updates"]["price"]) == (2, 1)


def test_a_refund_larger_than_the_order_is_refused(store) -> None:
    order_id = _place(store, 1)["ids"][0]
    path = f"/orders/{order_id}/refunds"
    assert store.api("POST", path, json={"amount": "1.00", "reason": "late"}).status_code == 201
    answer = store.api("POST", path, json={"amount": "99999.00"})
    assert answer.json()["code"] == "woocommerce_rest_invalid_order_refund"
    assert [refund["amount"] for refund in store.api("GET", path).json()] == ["1.00"]


def test_a_partial_order_is_filled_up_to_a_whole_one(store) -> None:
    lines = [{"sku": "MUG-12", "price": 9.95, "quantity": 3}]
    body = {"line_items": lines, "shipping": {"first_name": "Zoë 🏕"}}
    order = requests.post(f"{store.control}/_sandbox/order", json=body, timeout=5).json()
    assert order["line_items"][0]["total"] == "29.85"
    assert order["shipping"]["first_name"] == "Zoë 🏕"
    assert order["shipping"]["country"] == "US"


def test_twelve_of_five_hundred_orders_carry_the_legacy_sku(store) -> None:
    placed = _place(store, 500, unknown_sku=12)
    strangers = []
    for page in range(1, 6):
        orders = store.api("GET", "/orders", params={"per_page": 100, "page": page}).json()
        strangers += [o["id"] for o in orders if o["line_items"][0]["sku"] == "TENT2P-OLD"]
    assert sorted(strangers) == sorted(placed["unknown_sku_ids"])
    assert len(strangers) == 12


def test_what_was_answered_survives_kill_9(start_store) -> None:
    store = start_store()
    order_id = _place(store, 3)["ids"][0]
    change = {"meta_data": [{"key": "_tracking_number", "value": "1Z9"}]}
    assert store.api("PUT", f"/orders/{order_id}", json=change).status_code == 200
    store.kill()
    again = start_store()
    assert again.effects()["shipments"] == {str(order_id): ["1Z9"]}
    assert again.api("GET", "/orders").headers["X-WP-Total"] == "3"
    assert _place(again, 1)["ids"][0] == order_id + 3


def test_asked_for_failures_come_so_many_times_and_no_more(store) -> None:
    store.misbehave(http_500=2, http_429={"n": 1, "retry_after": 7})
    answers = [store.api("GET", "/orders") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [500, 500, 429, 200]
    assert answers[2].headers["Retry-After"] == "7"


def test_a_timeout_after_commit_has_taken_effect(store) -> None:
    order_id = _place(store, 1)["ids"][0]
    store.misbehave(timeout_after_commit=1)
    try:
        store.api("PUT", f"/orders/{order_id}", json={"status": "completed"}, timeout=0.4)
        raise AssertionError("it was answered")
    except requests.Timeout:
        pass
    assert store.effects()["status"] == {str(order_id): "completed"}


def test_an_outage_refuses_connections_until_it_is_over(store, eventually) -> None:
    store.misbehave(outage=60)

    def refused() -> bool:
        try:
            store.api("GET", "/orders")
        except requests.ConnectionError:
            return True
        return False

    eventually(refused)
    store.misbehave(outage=0)
    eventually(lambda: not refused())


def test_a_fault_that_does_not_exist_is_named(store) -> None:
    url = f"{store.control}/_sandbox/misbehave"
    answer = requests.post(url, json={"explode": 1}, timeout=5)
    assert answer.status_code == 400
    assert "explode" in answer.json()["error"]
