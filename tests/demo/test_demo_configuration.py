import pytest

from integrations import configfile
from integrations.canonical.validation import validate
from portal.core import clock
from portal.demo.configuration import configuration, secrets_of
from portal.demo.memory import Memory, recall
from portal.demo.orders import UNKNOWN_SHARE, _share, maris_order
from portal.demo.ports import find_free, is_free
from portal.demo.seeding import Seeding
from sandbox.catalog import PRODUCTS

ERP = "postgresql://demo_erp@/demo_erp?host=/tmp/run"


@pytest.mark.db
def test_the_demos_configuration_is_taken_whole_and_only_once(kestrel):
    memory = Memory()
    text = configuration(memory, erp_url=ERP).encode()

    first = configfile.apply(text, environment=secrets_of(memory))
    second = configfile.apply(text, environment=secrets_of(memory))

    assert "created flow harbor-orders-to-warehouse" in first
    assert second == []


@pytest.mark.pure
def test_no_secret_is_in_the_configuration_file():
    memory = Memory()
    text = configuration(memory, erp_url=ERP)
    assert [name for name, value in secrets_of(memory).items() if value in text] == []


@pytest.mark.pure
def test_the_demo_knows_every_item_of_the_erp_by_the_stores_name():
    text = configuration(Memory(), erp_url=ERP)
    missing = [p.sku for p in PRODUCTS if f'"{p.erp_item}": {p.sku}\n' not in text]
    assert missing == []


@pytest.mark.pure
def test_twelve_of_five_hundred_orders_have_an_unknown_sku():
    assert (
        sum(_share(UNKNOWN_SHARE, placed, 8) for placed in range(0, 496, 8))
        + _share(UNKNOWN_SHARE, 496, 4)
        == 12
    )


@pytest.mark.pure
def test_the_order_desks_orders_are_canonical():
    order = maris_order("MF-00001-0", at=clock.now())

    assert validate("order", order) == []
    cents = sum(
        int(line["quantity"]) * round(float(line["unit_price"]) * 100) for line in order["lines"]
    )
    assert order["totals"]["total"] == f"{cents / 100:.2f}"


@pytest.mark.pure
def test_an_installation_remembers_its_ports_and_keys_in_a_private_file(tmp_path):
    first = recall(tmp_path / "demo.json")
    second = recall(tmp_path / "demo.json")

    assert second == first
    assert (tmp_path / "demo.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.pure
def test_a_port_that_somebody_took_meanwhile_is_replaced(tmp_path):
    import socket

    first = recall(tmp_path / "demo.json")
    with socket.create_server(("127.0.0.1", first.ports["store"])):
        second = recall(tmp_path / "demo.json")

    assert second.ports["store"] != first.ports["store"]
    assert second.ports["sftp"] == first.ports["sftp"]
    assert second.password == first.password


@pytest.mark.pure
def test_a_port_is_taken_while_somebody_listens_on_it():
    import socket

    port = find_free()
    assert is_free(port)
    with socket.create_server(("127.0.0.1", port)):
        assert not is_free(port)


@pytest.mark.pure
def test_seeding_is_done_again_when_the_configuration_changes(tmp_path):
    before = Seeding(tmp_path, configuration="a", secrets={"KEY": "1"})
    assert not before.is_done()
    before.done()

    assert Seeding(tmp_path, configuration="a", secrets={"KEY": "1"}).is_done()
    assert not Seeding(tmp_path, configuration="b", secrets={"KEY": "1"}).is_done()
    assert not Seeding(tmp_path, configuration="a", secrets={"KEY": "2"}).is_done()
