from integrations.connectors.connection import Connection
from integrations.connectors.sql import CONNECTOR

WITHOUT = "order: {look_up: 'SELECT 1', call: 'CALL import_order(:document)'}"
WITH = "order: {look_up: 'SELECT 1', call: 'CALL import_order(:document)', cancel: ['SELECT 2']}"


def takes_cancels(**settings: str) -> bool:
    address = {"url": "postgresql://user@db.example.com/erp"}
    return CONNECTOR.takes_cancels(Connection(1, "erp", {**address, **settings}, {}))


def test_an_erp_takes_cancels_where_it_has_a_statement_for_them() -> None:
    assert takes_cancels(writes=WITH)
    assert not takes_cancels(writes=WITHOUT)


def test_the_usual_layout_takes_cancels() -> None:
    assert takes_cancels(writes="")


def test_settings_nobody_can_read_take_none() -> None:
    assert not takes_cancels(writes="order: [")
    assert not takes_cancels(url="no address")
