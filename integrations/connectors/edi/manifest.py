"""Who the connector is and what it can do."""

from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="edi",
    label="Trading partner (X12 or EDIFACT)",
    category="trading partner",
    summary="Orders and their changes in (850, 860, ORDERS, ORDCHG); answers to them (855, ORDRSP), shipping"
    " notices (856, DESADV), invoices (810, INVOIC), stock (846, INVRPT) and prices (832, PRICAT) out;"
    " returns (180) both ways; what became of our documents (824, APERAK, RECADV, 820); with acknowledgements"
    " (997, TA1, CONTRL) both ways. With suppliers the other way round: orders and changes out; answers (855,"
    " 865, ORDRSP), shipping notices, invoices, stock and catalogues in.",
    capabilities=frozenset({"poll", "envelope", "as2"}),
    auth="An SFTP login with a private key or a password, and the server's pinned host key; or an FTPS"
    " login, and the server's certificate. Or a mailbox's login, by password or OAuth 2.0."
    " Over AS2 our key and the partner's certificate.",
    reads=frozenset(
        {
            "order",
            "shipment",
            "inbound_shipment",
            "inventory",
            "invoice",
            "return",
            "price_list",
            "product",
        }
    ),
    writes=frozenset({"order", "shipment", "invoice", "availability", "return", "price_list"}),
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
        "what we write is read by a foreign reader": "done: pydifact; mock-edi buys from us and sells to"
        " us in both syntaxes",
        "real partners": "todo: tried against golden files written from the standards' tables, not against"
        " a retailer's test system",
        "orders to suppliers: refusals, cut lines, other prices and days": "done",
        "a supplier's invoices beside ours of the same number": "done",
        "advice on our documents (824, APERAK), receipts (RECADV) and remittances (820)": "done",
        "a TA1 where one is asked for or the envelope is refused": "done",
        "returns (180) and catalogues (832, PRICAT) both ways": "done",
        "payments over several remittances": "done: added up, each trace once",
        "a return for EDIFACT partners (RETANN), a remittance of theirs (REMADV)": "todo",
    },
)
