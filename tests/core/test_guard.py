from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from ipaddress import ip_address

import pytest

from portal.core import clock, guard
from portal.core.errors import Permanent, Retryable
from portal.core.guard import AllowList, is_public, permitted_addresses


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"],
)
def test_ordinary_addresses_are_public(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.9",
        "224.0.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
    ],
)
def test_special_addresses_are_not_public(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "0177.0.0.1", "::1"],
)
def test_every_spelling_of_this_machine_is_refused(host, allow):
    with pytest.raises(Permanent) as caught:
        permitted_addresses(host)
    assert caught.value.code == "address_refused"


def test_a_refusal_does_not_tell_the_address_inside(allow, resolve):
    resolve(erp_example=[["10.20.30.40"]])
    with pytest.raises(Permanent) as caught:
        permitted_addresses("erp.example")
    assert str(caught.value) == (
        "erp.example is not on the internet, and this installation does not allow calling it"
    )


def test_a_network_on_the_allow_list_may_be_called(allow, resolve):
    resolve(erp_example=[["10.20.30.40"]])
    allow("10.20.0.0/16")
    assert permitted_addresses("erp.example") == ("10.20.30.40",)


def test_a_host_on_the_allow_list_may_be_called_and_its_neighbour_not(allow, resolve):
    resolve(erp_example=[["10.20.30.40"]], crm_example=[["10.20.30.40"]])
    allow("ERP.example.")
    assert permitted_addresses("erp.example") == ("10.20.30.40",)
    with pytest.raises(Permanent):
        permitted_addresses("crm.example")


def test_of_mixed_addresses_only_the_permitted_ones_are_used(allow, resolve):
    resolve(shop_example=[["127.0.0.1", "93.184.216.34", "169.254.169.254"]])
    assert permitted_addresses("shop.example") == ("93.184.216.34",)


def test_a_name_without_an_address_can_be_tried_again(allow, resolve):
    resolve(gone_example=[[]])
    with pytest.raises(Retryable) as caught:
        permitted_addresses("gone.example")
    assert (caught.value.code, caught.value.uncertain) == ("unavailable", False)


def test_a_verdict_stands_for_half_a_minute(allow, resolve):
    asked = resolve(shop_example=[["93.184.216.34"], ["127.0.0.1"]])
    with clock.freeze(datetime(2026, 3, 2, tzinfo=UTC)) as frozen:
        permitted_addresses("shop.example")
        frozen.move(29)
        assert permitted_addresses("shop.example") == ("93.184.216.34",)
        assert asked == ["shop.example"]
        frozen.move(2)
        with pytest.raises(Permanent):
            permitted_addresses("shop.example")


def test_a_refusal_is_not_remembered(allow, resolve):
    resolve(shop_example=[["127.0.0.1"], ["93.184.216.34"]])
    with pytest.raises(Permanent):
        permitted_addresses("shop.example")
    assert permitted_addresses("shop.example") == ("93.184.216.34",)


def test_the_memory_of_verdicts_is_bounded(allow, resolve, monkeypatch):
    resolve(shop_example=[["93.184.216.34"]])
    monkeypatch.setattr(guard, "_MOST_HOSTS", 3)
    for number in range(10):
        permitted_addresses(f"93.184.216.{number}")
    assert len(guard._verdicts) <= 3


def test_a_new_provider_takes_effect_at_once(allow):
    guard.set_allowed_networks(lambda: ["127.0.0.1"])
    assert permitted_addresses("127.0.0.1") == ("127.0.0.1",)
    guard.set_allowed_networks(list)
    with pytest.raises(Permanent):
        permitted_addresses("127.0.0.1")


def test_a_permission_and_its_verdict_are_the_callers(allow):
    lists = {"kestrel": ["10.0.0.1"], "aurora": []}
    now = ["kestrel"]
    guard.set_allowed_networks(lambda: lists[guard.caller()], lambda: now[0])
    assert permitted_addresses("10.0.0.1") == ("10.0.0.1",)
    now[0] = "aurora"
    with pytest.raises(Permanent):
        permitted_addresses("10.0.0.1")


def test_a_caller_is_carried_into_a_thread_and_does_not_stay_there(allow):
    now = ["kestrel"]
    guard.set_allowed_networks(list, lambda: now[0])
    with ThreadPoolExecutor(1) as pool:
        work = guard.carried(guard.caller)
        now[0] = "public"
        assert pool.submit(work).result() == "kestrel"
        assert pool.submit(guard.caller).result() == "public"


@pytest.mark.parametrize("entry", ["10.0.0.0/33", "erp/internal", "http://erp", "", " "])
def test_a_bad_entry_is_named(entry):
    with pytest.raises(ValueError, match="neither a host name nor a network"):
        AllowList.parse([entry])
