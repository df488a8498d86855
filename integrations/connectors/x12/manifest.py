"""Who the connector is and what it can do."""

from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="x12",
    label="3PL warehouse (X12)",
    category="warehouse",
    summary="Shipping orders (940) and inbound advices (943) out; shipments (945), receipts (944),"
    " stock (846), adjustments (947), acknowledgements (997) and advices (824) in, each group answered.",
    capabilities=frozenset({"poll", "envelope"}),
    auth="An SFTP login with a private key or a password, and the server's pinned host key; or an FTPS"
    " login, and the server's certificate; or a mailbox's login, by password or OAuth 2.0.",
    reads=frozenset({"shipment", "inventory", "receipt", "adjustment"}),
    writes=frozenset({"order", "inbound_shipment"}),
    quality={
        "pinned host key": "done",
        "FTPS: certificate checked, data protected": "done",
        "hostile file names refused and named": "done",
        "half-written files are left alone": "done",
        "claim by rename, dead workers' claims taken again": "done",
        "temporary name, then rename": "done",
        "duplicate files and interchanges": "done",
        "997 for every group, none for a 997": "done",
        "TA1 read": "done",
        "TA1 written where it is asked for": "done",
        "application advice (824)": "done",
        "files by mail: named senders, vouching, none answered": "done: in only",
        "returns (180)": "todo",
        "one 945 per carton under one shipment number": "todo",
    },
)
