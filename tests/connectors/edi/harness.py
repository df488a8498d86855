"""The trading partner connector against an SFTP server over a real socket."""

from collections.abc import Callable
from typing import Any

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound
from integrations.transports import sftp
from portal.core.errors import CrossdockError, NeedsCredentials, Retryable
from tests.connectors.conformance import SECRET_MARK, Sample
from tests.connectors.edi.files import RARE, agreed, agreed_for, body_of, file_of, part_of, x12
from tests.connectors.x12.server import Server

PASSWORD = f"pw {SECRET_MARK}"
KINDS = (
    "850", "860", "ORDERS", "ORDCHG", "856", "846", "DESADV", "INVRPT", "810", "INVOIC", "180", "832",
    "PRICAT",
)  # fmt: skip
MINIMAL = {
    "856": "BSN*00*SH-1*20260303*1610~HL*1**S~N1*ST*A*92*RNO1~HL*2*1*I~LIN**VN*TENT-2P~SN1**5*EA~",
    "DESADV": "BGM+351+SH-1'NAD+DP+RNO1::92'LIN+1++TENT-2P:SA'QTY+12:5'",
    "846": "BIA*00*SI*R1*20260302~N1*WH*A*92*OGD1~LIN**VN*TENT-2P~QTY*33*5~",
    "INVRPT": "BGM+35+R1'DTM+137:20260302:102'NAD+WH+OGD1::92'LIN+1++TENT-2P:SA'QTY+145:5'",
    "180": "BGN*00*R-1*20260302~BLI*VN*TENT-2P*1*EA~",
    "832": "BCT*PC*S~LIN**VN*TENT-2P~CTP**NET*5~",
    "PRICAT": "BGM+9+S'LIN+1++TENT-2P:SA'PRI+AAA:5'",
    "850": "BEG*00*SA*PO-1**20260302~N1*ST*H~N3*1 PIER~N4*RENO~PO1**5*EA*2**VN*TENT-2P~",
    "810": "BIG*20260304*INV-1~IT1**5*EA*2**VN*TENT-2P~TDS*1000~",
    "INVOIC": "BGM+380+INV-1'DTM+137:20260304:102'LIN+1++TENT-2P:SA'QTY+47:5'PRI+AAA:2'UNS+S'MOA+77:10'",
    "ORDERS": "BGM+220+PO-1'DTM+137:20260302:102'NAD+BY+++H+1 PIER+RENO'LIN+1++TENT-2P:SA'"
    "QTY+21:5'PRI+AAA:2'UNS+S'",
}  # fmt: skip
DROP_SHIPPED = "BSN*00*SH-1*20260303*1610~HL*1**S~DTM*011*20260303~HL*2*1*O~PRF*PO-1~HL*3*2*I~LIN**VN*TENT-2P~SN1**5*EA~"


class Harness:
    slug = "edi"
    faults: dict[str, type[CrossdockError] | str] = {
        "401": NeedsCredentials,
        "403": NeedsCredentials,
        "404": NeedsCredentials,
        "409": "a file that stands there already is the same file, or a defect: see x12's tests",
        "429": "SFTP has no word for coming back later",
        "500": Retryable,
        "no answer": Retryable,
        "cut off": Retryable,
    }
    streams = {"files": 3}

    def __init__(self) -> None:
        self.server = Server(PASSWORD)
        self.failing = Server(PASSWORD)
        self.connector = registry.get("edi")

    def close(self) -> None:
        self.server.close()
        self.failing.close()

    def connection(self) -> Connection:
        """The server as new: three files wait."""
        sftp.IDLE_SECONDS = 60.0
        for path in self.server.root.rglob("*.edi*"):
            path.unlink()
        for kind in ("850", "860", "ORDERS"):
            self.server.put(f"{kind}.edi", file_of(kind))
        return self.connection_to(self.server)

    def connection_to(
        self, server: Server, *, password: str = PASSWORD, **settings: Any
    ) -> Connection:
        return agreed(secrets={"password": password}, **{**server.address, **settings})

    def with_wrong_key(self) -> Connection:
        return self.connection_to(self.server, password=f"wrong {SECRET_MARK}")

    def with_nobody_there(self) -> Connection:
        return self.connection_to(self.server, port=1)

    def meeting(self, fault: str) -> Connection:
        if fault == "401":
            return self.with_wrong_key()
        if fault == "404":
            return self.connection_to(self.server, pick_up_folder="nowhere")
        sftp.IDLE_SECONDS = 0.5
        self.failing.fail(fault)
        return self.connection_to(self.failing)

    def samples(self) -> list[Sample]:
        return self._samples(file_of)

    def _samples(self, file_of_kind: Callable[[str], bytes]) -> list[Sample]:
        """A document of each kind; notices once more, as of goods that went to the buyers of our orders, and
        catalogues once more, for their items."""
        found = [self.sample(kind, file_of_kind(kind)) for kind in KINDS]
        again = {"inbound_shipment": "shipment", "price_list": "product"}
        twice = [one for one in found if one.object_type in again]
        return [*found, *(one._replace(object_type=again[one.object_type]) for one in twice)]

    def sample(self, kind: str, body: bytes) -> Sample:
        return Sample(*part_of(body, agreed_for(kind)))

    def minimal(self) -> list[Sample]:
        return [
            *(self.sample(kind, file_of(kind, text)) for kind, text in MINIMAL.items()),
            self.sample("856", file_of("856", DROP_SHIPPED))._replace(object_type="shipment"),
            self.sample("832", file_of("832", MINIMAL["832"]))._replace(object_type="product"),
        ]

    def with_unknown_fields(self) -> list[Sample]:
        """A segment no table knows, behind the header of each document."""
        return self._samples(lambda kind: file_of(kind, _with_stranger(kind)))

    def order_like(self, *, name: str, lines: int) -> Sample:
        items = "".join(f"PO1*{n}*1*EA*1**VN*TENT-2P~" for n in range(1, lines + 1))
        head = "BEG*00*SA*PO-1**20260302~N1*ST*@NAME@~N3*1 PIER~N4*RENO*NV*89502*US~"
        plain = x12("850", head + items).decode().translate(RARE)
        return self.sample("850", plain.replace("@NAME@", name).encode())

    def outbound(self, *, key: str, retried: bool = False) -> Outbound | None:
        return None

    def effects(self) -> int:
        return 0


def _with_stranger(kind: str) -> str:
    mark = "~" if kind.isdigit() else "'"
    stranger = "ZZZ*NEW*5~" if kind.isdigit() else "ZZZ+NEW+5'"
    head, _, rest = body_of(kind).partition(mark)
    return f"{head}{mark}{stranger}{rest}"
