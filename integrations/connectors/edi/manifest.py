"""Who the connector is and what it can do."""

from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="edi",
    label="Trading partner (X12 or EDIFACT)",
    category="trading partner",
    summary="Orders and their changes in (850, 860, ORDERS, ORDCHG); answers to them (855, ORDRSP), shipping"
    " notices (856, DESADV), invoices (810, INVOIC) and stock (846, INVRPT) out, with acknowledgements"
    " (997, CONTRL) both ways. Of suppliers: shipping notices and stock in.",
    capabilities=frozenset({"poll", "envelope", "as2"}),
    auth="An SFTP login with a private key or a password, and the server's pinned host key; or an FTPS"
    " login, and the server's certificate. Or a mailbox's login, by password or OAuth 2.0."
    " Over AS2 our key and the partner's certificate.",
    reads=frozenset({"order", "inbound_shipment", "inventory"}),
    writes=frozenset({"shipment", "invoice", "availability"}),
    quality={
        "both syntaxes, both ways": "done",
        "997 for every group, CONTRL where it is wanted, none for an answer": "done",
        "997, 999, TA1 and CONTRL to our files": "done",
        "orders split over stores (SDQ)": "done",
        "changes that only say what differs are held": "done",
        "SFTP, FTPS and AS2": "done",
        "files by mail: named senders, vouching, none answered": "done: in only",
        "duplicate files and interchanges": "done",
        "half-written files are left alone": "done",
        "what we write is read by a foreign reader": "done: pydifact; mock-edi buys from us in both syntaxes",
        "real partners": "todo: tried against golden files written from the standards' tables, not against"
        " a retailer's test system",
        "a supplier's invoices (810, INVOIC)": "exempt: the portal's invoices are named by their number"
        " alone, and suppliers' numbers would fall together with ours",
        "application advice (824, APERAK) and remittance (820)": "todo",
    },
)
