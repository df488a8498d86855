"""Files of the trading partner HARBOR, and connections to it."""

import json
from pathlib import Path
from typing import Any

from integrations.connectors.connection import Connection
from integrations.connectors.edi import CONNECTOR
from integrations.connectors.inbound import Part
from tests.connectors.conformance import connection

GOLDEN = Path(__file__).parent / "golden"
GROUPS = {"850": "PO", "860": "PC", "855": "PR", "865": "CA", "856": "SH", "810": "IN", "846": "IB",
          "997": "FA", "824": "AG", "820": "RA", "180": "AN", "832": "SC"}  # fmt: skip
SUPPLIERS = frozenset({"855", "865", "856", "810", "846", "832", "ORDRSP", "DESADV", "INVOIC", "INVRPT",
                       "PRICAT"})  # fmt: skip
X12 = {"own_id": "ACMEGOODS", "partner_id": "HARBOR", "usage": "T", "own_name": "ACME GOODS",
       "own_code": "778800", "partner_name": "HARBOR OUTFITTERS", "partner_code": "HARBOR"}  # fmt: skip
EDIFACT = {
    **X12, "syntax": "EDIFACT", "own_id": "5412345000013", "partner_id": "4012345000009",
    "own_code": "", "partner_code": "", "currency": "EUR", "characters": "iso-8859-1",
    "associations": ["DESADV EAN005", "INVOIC EAN008"],
}  # fmt: skip
# Delimiters that no text holds, so that hostile names travel as they are.
RARE = str.maketrans({"*": "\x1d", "~": "\x1e", ">": "\x1f", "\n": ""})


def agreed(
    *, edifact: bool = False, secrets: dict[str, str] | None = None, **settings: Any
) -> Connection:
    """A connection to the partner; without an address where none is needed."""
    entered = {**(EDIFACT if edifact else X12), **settings}
    return connection(CONNECTOR, settings=entered, secrets=secrets or {}, slug="harbor-edi")


def agreed_for(kind: str, **settings: Any) -> Connection:
    """A connection to a partner who sends this kind of document."""
    role = {"partner_is": "supplier"} if kind in SUPPLIERS else {}
    return agreed(edifact=not kind.isdigit(), **{**role, **settings})


def golden(name: str) -> Any:
    path = GOLDEN / name
    return json.loads(path.read_text()) if path.suffix == ".json" else path.read_text()


def body_of(kind: str) -> str:
    """The segments between header and trailer of a golden document."""
    return golden(f"{kind}.in.txt").replace("\n", "")


def file_of(kind: str, segments: str | None = None, *, control: int = 771) -> bytes:
    """A document as the only one of a file from the partner."""
    told = body_of(kind) if segments is None else segments
    return (
        x12(kind, told, control=control) if kind.isdigit() else edifact(kind, told, control=control)
    )


def x12(kind: str, segments: str, *, control: int = 771, usage: str = "T") -> bytes:
    count = segments.count("~") + 2
    group = GROUPS[kind]
    return (
        f"ISA*00*          *00*          *ZZ*HARBOR         *ZZ*ACMEGOODS      *260302*1605"
        f"*U*00401*{control:09d}*0*{usage}*>~\n"
        f"GS*{group}*HARBOR*ACMEGOODS*20260302*1605*{control}*X*004010~\n"
        f"ST*{kind}*0001~\n{segments}SE*{count}*0001~\nGE*1*{control}~\nIEA*1*{control:09d}~\n"
    ).encode()


def edifact(kind: str, segments: str, *, control: int = 771, asks: str = "1") -> bytes:
    count = segments.count("'") + 2
    return (
        f"UNA:+.? 'UNB+UNOC:3+4012345000009:14+5412345000013:14+260302:1605+{control}++++{asks}++1'"
        f"UNH+1+{kind}:D:96A:UN:EAN008'{segments}UNT+{count}+1'UNZ+1+{control}'"
    ).encode("iso-8859-1")


def part_of(body: bytes, to: Connection) -> Part:
    """The only document of a file."""
    [part] = CONNECTOR.mapper.split(body, to, received=None).parts
    return part
