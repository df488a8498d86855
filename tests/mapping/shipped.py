"""The rows of the shipped connectors' own mappings."""

from integrations.connectors.edi import mapper as edi
from integrations.connectors.http import mapper as http
from integrations.connectors.sql import mapper as sql
from integrations.connectors.woocommerce import mapper as woocommerce
from integrations.connectors.x12 import mapper as x12
from integrations.mapping import Row

CONNECTORS = {"edi": edi, "http": http, "sql": sql, "woocommerce": woocommerce, "x12": x12}


def shipped_rows(*names: str) -> list[Row]:
    return [
        row
        for name in names or CONNECTORS
        for rows in CONNECTORS[name].MAPPINGS.values()
        for row in rows
    ]
