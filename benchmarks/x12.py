"""How fast is X12 read in full: segments, counts, issues and documents, on one core?

Each set's document is made and handed over, as the pipeline takes them; keeping all documents of
a file at once costs memory on top, and that rate is printed too. The physical limit beside it is
a bare split of the same bytes into segments and elements.

Run with `python -m benchmarks.x12`; the last line is one JSON object.
"""

import random
import statistics
import time
from collections.abc import Callable

from benchmarks import report
from integrations.formats.x12 import Group, Interchange, TransactionSet, read

SIZE = 5_000_000
ROUNDS = 5
_WORDS = ("HARBOR", "NORTH", "LAKE", "SUMMIT", "CEDAR", "RIDGE", "OUTDOOR", "SUPPLY", "TRADING")


def interchange(size: int, seed: int = 7) -> bytes:
    """A clean interchange of about `size` bytes, half 945s and half 850s, no two alike."""
    rng = random.Random(seed)
    groups = [_group(rng, "SW", _advice, size // 2, 1), _group(rng, "PO", _order, size // 2, 2)]
    isa = "ISA*00*          *00*          *ZZ*NWIND3PL       *ZZ*PORTAL         *260303*1605*U"
    return (f"{isa}*00401*000000771*0*P*>~" + "".join(groups) + "IEA*2*000000771~").encode()


def _group(rng: random.Random, functional_id: str, make: Callable, size: int, control: int) -> str:
    sets: list[str] = []
    written = 0
    while written < size:
        sets.append(_enveloped(make(rng), len(sets) + 1))
        written += len(sets[-1])
    head = f"GS*{functional_id}*NWIND3PL*PORTAL*20260303*1605*{control}*X*004010~"
    return f"{head}{''.join(sets)}GE*{len(sets)}*{control}~"


def _enveloped(segments: list[str], control: int) -> str:
    head = f"ST*{segments[0]}*{control:04d}"
    return "~".join([head, *segments[1:], f"SE*{len(segments) + 1}*{control:04d}", ""])


def _party(rng: random.Random, role: str) -> list[str]:
    name = " ".join(rng.sample(_WORDS, 3))
    return [
        f"N1*{role}*{name}*92*DC{rng.randrange(10_000):04d}",
        f"N3*{rng.randrange(1, 9999)} {rng.choice(_WORDS)} STREET",
        f"N4*RENO*NV*{rng.randrange(10_000, 99_999)}*US",
    ]


def _advice(rng: random.Random) -> list[str]:
    order, lines, units = rng.randrange(10**6), [], 0
    for line in range(1, rng.randrange(2, 12)):
        ordered = rng.randrange(1, 99)
        units += ordered
        carton = f"{rng.randrange(10**17):020d}"
        item = f"{rng.choice(_WORDS)}-{rng.randrange(9999)}"
        upc = f"{rng.randrange(10**12):012d}"
        lines += [
            f"LX*{line}",
            f"MAN*GM*{carton}",
            f"W12*CC*{ordered}*{ordered}**EA*{upc}*VN*{item}",
            f"N9*LT*L{rng.randrange(999)}A",
        ]
    return [
        "945",
        f"W06*F*SO-{order}*20260303*SH-{order}**PO-{order}",
        *_party(rng, "ST"),
        "N1*WH*NORTHWIND 3PL RENO*92*RNO1",
        f"N9*BM*BOL{order}",
        f"N9*CN*1Z{rng.randrange(10**16):016d}",
        "G62*11*20260303",
        "W27*M*UPSN*GROUND*PP",
        *lines,
        f"W03*{units}*{rng.randrange(1, 999)}*LB",
    ]


def _order(rng: random.Random) -> list[str]:
    lines: list[str] = []
    count = rng.randrange(1, 15)
    for line in range(1, count + 1):
        price = f"{rng.randrange(100, 99_999) / 100:.2f}"
        upc = f"{rng.randrange(10**12):012d}"
        item = f"{rng.choice(_WORDS)}-{rng.randrange(9999)}"
        lines += [
            f"PO1*{line}*{rng.randrange(1, 500)}*EA*{price}**UP*{upc}*VN*{item}",
            f"PID*F****{rng.choice(_WORDS)} {rng.choice(_WORDS)} {rng.randrange(99)} PACK",
        ]
    return [
        "850",
        f"BEG*00*SA*PO-{rng.randrange(10**7)}**20260301",
        f"REF*DP*{rng.randrange(999):03d}",
        "DTM*010*20260305",
        f"TD5**2*{rng.choice(('UPSN', 'FDEG', 'ODFL'))}*M*GROUND",
        *_party(rng, "ST"),
        *lines,
        f"CTT*{count}",
    ]


def split_only(data: bytes) -> None:
    for segment in data.decode().split("~"):
        segment.split("*")


def read_in_full(data: bytes) -> None:
    lines = 0

    def take(interchange: Interchange, group: Group, found: TransactionSet) -> None:
        nonlocal lines
        lines += len(found.document["lines"])

    reading = read(data, on_set=take)
    if reading.verdict != "accept" or not lines:
        raise SystemExit(f"the generated file is not clean: {reading.issues[:1]}")


def rate(run: Callable[[bytes], object], data: bytes) -> float:
    """MB/s of processor time, the median of the rounds: other processes do not count."""
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        run(data)
        seconds.append(time.process_time() - start)
    return len(data) / 1e6 / statistics.median(seconds)


def main() -> None:
    data = interchange(SIZE)
    print(f"{len(data):,} bytes, {data.count(b'~'):,} segments")
    limit, value, kept = (rate(run, data) for run in (split_only, read_in_full, read))
    print(f"keeping every document: {kept:.2f} MB/s")
    limit_is = "a bare str.split of the same bytes into segments and elements"
    report.show(report.row("x12_read", value, "MB/s", limit=limit, limit_is=limit_is))


if __name__ == "__main__":
    main()
