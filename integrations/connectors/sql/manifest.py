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
        "MySQL and MariaDB": "done, tried on MariaDB 10.11: documents and resources",
        "SQL Server and Oracle": "todo: documents only, with drivers that are installed besides; statements"
        " and errors are tried by SQLAlchemy's dialects, nothing against a real server",
        "deleted rows": "exempt: a poll by change time cannot see them",
    },
)
