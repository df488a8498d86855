"""The X12 connector against an SFTP server over a real socket."""

from pathlib import Path
from typing import Any

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound
from integrations.transports import sftp
from portal.core.errors import CrossdockError, NeedsCredentials, Retryable
from tests.connectors.conformance import SECRET_MARK, Sample, connection
from tests.connectors.x12.server import Server

GOLDEN = Path(__file__).parent / "golden"
PASSWORD = f"pw {SECRET_MARK}"
# Delimiters that no text holds, so that hostile names travel as they are.
RARE = str.maketrans({"*": "\x1d", "~": "\x1e", ">": "\x1f", "\n": ""})


class Harness:
    slug = "x12"
    faults: dict[str, type[CrossdockError] | str] = {
        "401": NeedsCredentials,
        "403": NeedsCredentials,
        "404": NeedsCredentials,
        "409": "a file that stands there already is the same file, or a defect: see test_files",
        "429": "SFTP has no word for coming back later",
        "500": Retryable,
        "no answer": Retryable,
        "cut off": Retryable,
    }
    streams = {"files": 3}

    def __init__(self) -> None:
        self.server = Server(PASSWORD)
        self.failing = Server(PASSWORD)
        self.connector = registry.get("x12")

    def close(self) -> None:
        self.server.close()
        self.failing.close()

    def connection(self) -> Connection:
        """The server as new: three files wait."""
        sftp.IDLE_SECONDS = 60.0
        for path in self.server.root.rglob("*.edi*"):
            path.unlink()
        for kind in ("945", "846", "944"):
            self.server.put(f"{kind}.edi", interchange(kind))
        return self.connection_to(self.server)

    def connection_to(
        self, server: Server, *, password: str = PASSWORD, **settings: Any
    ) -> Connection:
        entered = {
            **server.address,
            "own_id": "PORTAL",
            "partner_id": "NWIND3PL",
            "usage": "T",
            "site": "RNO1",
        }
        return connection(
            self.connector, settings={**entered, **settings}, secrets={"password": password}
        )

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
        return [self.sample(kind, interchange(kind)) for kind in ("945", "846", "944", "947")]

    def sample(self, kind: str, body: bytes) -> Sample:
        [part] = self.parts(body)
        return Sample(part.object_type, part.topic, part.body)

    def parts(self, body: bytes):
        split = self.connector.mapper.split(body, self.connection_to(self.server), received=None)
        return split.parts

    def minimal(self) -> list[Sample]:
        sets = {
            "945": "W06*F*SO-1*20260303~LX*1~W12*CC**5**EA**VN*TENT-2P~",
            "846": "BIA*00*SI*R1*20260302~LIN**VN*TENT-2P~QTY*33*5~",
            "944": "W17*F*20260304*R1~W07*5*EA**VN*TENT-2P~",
            "947": "W15*20260304*A1~W19*06*-5*EA**VN*TENT-2P~",
        }
        return [self.sample(kind, wrap(kind, segments)) for kind, segments in sets.items()]

    def with_unknown_fields(self) -> list[Sample]:
        """A segment no table knows, behind the header of each set."""
        return [
            self.sample(kind, wrap(kind, _with_stranger(kind)))
            for kind in ("945", "846", "944", "947")
        ]

    def order_like(self, *, name: str, lines: int) -> Sample:
        items = "".join(f"LX*{n}~W12*CC*1*1**EA**VN*TENT-2P~" for n in range(1, lines + 1))
        head = "W06*F*SO-1*20260303*SH-1~N1*ST*@NAME@~N3*1 PIER~N4*RENO*NV*89502*US~"
        plain = wrap("945", head + items).decode().translate(RARE)
        return self.sample("945", plain.replace("@NAME@", name).encode())

    def outbound(self, *, key: str, retried: bool = False) -> Outbound | None:
        return None

    def effects(self) -> int:
        return 0


_GROUPS = {"945": "SW", "846": "IB", "944": "RE", "947": "AW", "997": "FA"}


def body_of(kind: str) -> str:
    """The segments between ST and SE of a golden set."""
    return (GOLDEN / f"{kind}.in.txt").read_text().replace("\n", "")


def interchange(kind: str) -> bytes:
    return wrap(kind, body_of(kind))


def wrap(kind: str, segments: str, *, control: int = 771, usage: str = "T") -> bytes:
    """Segments as the only set of a file from the warehouse."""
    count = segments.count("~") + 2
    return (
        "ISA*00*          *00*          *ZZ*NWIND3PL       *ZZ*PORTAL         *260303*1605"
        f"*U*00401*{control:09d}*0*{usage}*>~\n"
        f"GS*{_GROUPS[kind]}*NWIND3PL*PORTAL*20260303*1605*{control}*X*004010~\n"
        f"ST*{kind}*0001~\n{segments}SE*{count}*0001~\nGE*1*{control}~\nIEA*1*{control:09d}~\n"
    ).encode()


def _with_stranger(kind: str) -> str:
    head, _, rest = body_of(kind).partition("~")
    return f"{head}~ZZZ*NEW*5~{rest}"
