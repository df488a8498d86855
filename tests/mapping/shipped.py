"""The rows of the shipped connectors' own mappings."""

from integrations.connectors.businesscentral import mapper as businesscentral
from integrations.connectors.http import mapper as http
from integrations.connectors.sap import mapper as sap
from integrations.connectors.sql import mapper as sql
from integrations.connectors.woocommerce import mapper as woocommerce
from integrations.connectors.x12 import mapper as x12
from integrations.mapping import Row

CONNECTORS = {
    "businesscentral": businesscentral,
    "http": http,
    "sap": sap,
    "sql": sql,
    "woocommerce": woocommerce,
    "x12": x12,
}


def shipped_rows(*names: str) -> list[Row]:
    return [
        row
        for name in names or CONNECTORS
        for rows in CONNECTORS[name].MAPPINGS.values()
        for row in rows
    ]
