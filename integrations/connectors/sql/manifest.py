"""Who the connector is and what it can do."""

from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="sql",
    label="ERP database (SQL)",
    category="erp",
    summary="Products, customers, prices, stock and invoices read from tables or views;"
    " orders, shipments and stock adjustments written by a procedure or by inserts.",
    capabilities=frozenset({"poll", "deliver", "snapshot", "resources"}),
    auth="A database login, best one that may read the views and call the procedures only.",
    reads=frozenset({"product", "customer", "price_list", "inventory", "invoice"}),
    writes=frozenset({"order", "shipment", "adjustment"}),
    quality={
        "polling by (changed at, key) with overlap": "done",
        "look before create, in the same transaction": "done",
        "one transaction per document": "done",
        "stock and orders as a snapshot, each in one statement": "done",
        "tables, views and procedures as resources": "done",
        "errors by the ERP's own codes": "done",
        "PostgreSQL and SQLite": "done, tried on both",
        "MySQL and MariaDB": "todo: resources are tried on MariaDB 10.11, documents are not",
        "SQL Server and Oracle": "todo",
        "deleted rows": "exempt: a poll by change time cannot see them",
    },
)
