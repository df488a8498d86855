"""How fast is EDIFACT read in full: segments, counts, issues and documents, on one core?

Each message's document is made and handed over, as the pipeline takes them; keeping all documents
of a file at once costs memory on top, and that rate is printed too. The physical limit beside it
is a bare split of the same bytes into segments, elements and components.

Run with `python -m benchmarks.edifact`; the last line is one JSON object.
"""

import random
import statistics
import time
from collections.abc import Callable

from benchmarks import report
from integrations.formats.edifact import Group, Interchange, Message, read

SIZE = 5_000_000
ROUNDS = 5
_WORDS = ("HARBOR", "NORTH", "LAKE", "SUMMIT", "CEDAR", "RIDGE", "OUTDOOR", "SUPPLY", "TRADING")


def interchange(size: int, seed: int = 7) -> bytes:
    """A clean interchange of about `size` bytes, half DESADVs and half ORDERS, no two alike.

    One name in a hundred has a released character.
    """
    rng = random.Random(seed)
    messages: list[str] = []
    written = 0
    while written < size:
        make = _order if len(messages) % 2 else _despatch
        messages.append(_enveloped(make(rng), len(messages) + 1))
        written += len(messages[-1])
    head = "UNA:+.? 'UNB+UNOC:3+4012345000009:14+5412345000013:14+260303:1605+771++++1'"
    return f"{head}{''.join(messages)}UNZ+{len(messages)}+771'".encode()


def _enveloped(segments: list[str], control: int) -> str:
    head = f"UNH+ME{control:06d}+{segments[0]}:D:96A:UN:EAN008"
    return "'".join([head, *segments[1:], f"UNT+{len(segments) + 1}+ME{control:06d}", ""])


def _party(rng: random.Random, role: str) -> str:
    name = " ".join(rng.sample(_WORDS, 3)) + ("?'S" if rng.random() < 0.01 else "")
    street = f"{rng.randrange(1, 9999)} {rng.choice(_WORDS)} STREET"
    postal = rng.randrange(10_000, 99_999)
    return f"NAD+{role}+{rng.randrange(10**12):013d}::9++{name}+{street}+RENO++{postal}+US"


def _despatch(rng: random.Random) -> list[str]:
    order, lines = rng.randrange(10**6), []
    for line in range(1, rng.randrange(2, 12)):
        lines += [
            f"CPS+{line + 1}+1",
            "PAC+1++201",
            "PCI+33E",
            f"GIN+BJ+{rng.randrange(10**17):018d}",
            f"LIN+{line}++{rng.randrange(10**12):013d}:EN",
            f"PIA+1+{rng.choice(_WORDS)}-{rng.randrange(9999)}:SA",
            f"QTY+12:{rng.randrange(1, 99)}:PCE",
            f"RFF+ON:PO-{order}:{line}",
        ]
    return [
        "DESADV",
        f"BGM+351+SH-{order}+9",
        "DTM+137:20260303:102",
        "DTM+11:202603031405:203",
        f"RFF+ON:PO-{order}",
        _party(rng, "BY"),
        _party(rng, "DP"),
        f"TDT+20+{rng.randrange(10**9)}+30++UPSN:172",
        "CPS+1",
        *lines,
        f"CNT+2:{len(lines) // 8}",
    ]


def _order(rng: random.Random) -> list[str]:
    lines: list[str] = []
    count = rng.randrange(1, 15)
    for line in range(1, count + 1):
        quantity, price = rng.randrange(1, 500), rng.randrange(100, 99_999) / 100
        lines += [
            f"LIN+{line}++{rng.randrange(10**12):013d}:EN",
            f"PIA+1+{rng.choice(_WORDS)}-{rng.randrange(9999)}:SA",
            f"IMD+F++:::{rng.choice(_WORDS)} {rng.choice(_WORDS)} {rng.randrange(99)} PACK",
            f"QTY+21:{quantity}:PCE",
            f"MOA+203:{quantity * price:.2f}",
            f"PRI+AAA:{price:.2f}",
        ]
    return [
        "ORDERS",
        f"BGM+220+PO-{rng.randrange(10**7)}+9",
        "DTM+137:20260301:102",
        "DTM+2:20260305:102",
        f"RFF+CT:{rng.randrange(999):03d}",
        _party(rng, "BY"),
        _party(rng, "SU"),
        "CUX+2:EUR:9",
        *lines,
        "UNS+S",
        f"CNT+2:{count}",
    ]


def split_only(data: bytes) -> None:
    for segment in data.decode().split("'"):
        for element in segment.split("+"):
            element.split(":")


def read_in_full(data: bytes) -> None:
    lines = 0

    def take(interchange: Interchange, group: Group, found: Message) -> None:
        nonlocal lines
        lines += len(found.document.get("lines", found.document.get("levels", ())))

    reading = read(data, on_set=take)
    if reading.issues or not lines:
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
    segments = data.count(b"'")
    print(f"{len(data):,} bytes, about {segments:,} segments")
    limit, value, kept = (rate(run, data) for run in (split_only, read_in_full, read))
    print(f"keeping every document: {kept:.2f} MB/s")
    limit_is = "a bare str.split of the same bytes into segments, elements and components"
    report.show(report.row("edifact_read", value, "MB/s", limit=limit, limit_is=limit_is))


if __name__ == "__main__":
    main()
