"""What a 940, 943 and 997 must look like: segments in order, and each element's type and size.

Sources: the 004010 dictionary as the domain's guides use it. An element is
(dictionary number, type, shortest, longest, mandatory, codes).
"""

from typing import NamedTuple


class Element(NamedTuple):
    number: str
    type: str
    shortest: int
    longest: int
    mandatory: bool = False
    codes: frozenset[str] = frozenset()


def _e(spec: str) -> Element | None:
    """ "330 R 1-15 M" or "355 ID 2-2 M EA,CA"; "-" is an element that is not used here."""
    if spec == "-":
        return None
    number, kind, size, *rest = spec.split()
    shortest, longest = size.split("-")
    mandatory = rest[:1] == ["M"]
    codes = rest[1:] if mandatory else rest
    allowed = frozenset(codes[0].split(",")) if codes else frozenset()
    return Element(number, kind, int(shortest), int(longest), mandatory, allowed)


def _segment(spec: str) -> tuple[Element | None, ...]:
    return tuple(_e(part.strip()) for part in spec.split("|"))


UNITS = "EA,CA,CT,PC,PK,DZ,BX,PL,LB,KG,OZ,GA,LT,FT,YD,IN"
ITEM_IDS = "UP,UI,UA,UK,EN,VN,VP,VC,VA,BP,IN,SK,MG,CB,PI,LT,UD"
PARTIES = "ST,BT,BY,SF,SE,VN,SU,WH,DE,CN,MA,RE,RI,CA,Z7"
ID_KINDS = "1,9,91,92,93,94,UL,21,ZZ"
MODES = "M,U,A,H,R,S,J,LT,SR,ZZ"
PAYERS = "PP,CC,TP,PC,PB,PU,DF"

SEGMENTS: dict[str, tuple[Element | None, ...]] = {
    "ST": _segment("143 ID 3-3 M | 329 AN 4-9 M"),
    "SE": _segment("96 N0 1-10 M | 329 AN 4-9 M"),
    "W05": _segment(
        "473 ID 1-1 M N,R,F,D,G,L,T,C | 285 AN 1-22 M | 324 AN 1-22 | 474 N0 1-6 | 474 AN 1-22"
    ),
    "W06": _segment(
        "514 ID 1-1 M | 285 AN 1-22 M | 373 DT 8-8 M | 145 AN 1-30 | 285 AN 1-22 | 324 AN 1-22"
        " | 474 AN 1-22"
    ),
    "N1": _segment(f"98 ID 2-3 M {PARTIES} | 93 AN 1-60 | 66 ID 1-2 {ID_KINDS} | 67 AN 2-80"),
    "N2": _segment("93 AN 1-60 M | 93 AN 1-60"),
    "N3": _segment("166 AN 1-55 M | 166 AN 1-55"),
    "N4": _segment("19 AN 2-30 | 156 ID 2-2 | 116 ID 3-15 | 26 ID 2-3 | 309 ID 1-2 | 310 AN 1-30"),
    "PER": _segment(
        "366 ID 2-2 M | 93 AN 1-60 | 365 ID 2-2 | 364 AN 1-80 | 365 ID 2-2 | 364 AN 1-80"
    ),
    "N9": _segment("128 ID 2-3 M | 127 AN 1-30 | 369 AN 1-45 | 373 DT 8-8"),
    "G61": _segment("366 ID 2-2 M | 93 AN 1-60 M | 365 ID 2-2 | 364 AN 1-80"),
    "G62": _segment("432 ID 2-2 M | 373 DT 8-8 M | 176 ID 1-2 | 337 TM 4-8 | 623 ID 2-2"),
    "NTE": _segment("363 ID 3-3 | 352 AN 1-80 M"),
    "W09": _segment("40 ID 2-2 M | 408 R 1-4 | 355 ID 2-2"),
    "W66": _segment(
        f"146 ID 2-2 M {PAYERS} | 91 ID 1-2 M {MODES} | 399 ID 1-1 | 462 AN 2-25 | 387 AN 1-35"
        " | 60 ID 1-1 | 147 AN 1-2 | 161 AN 1-25 | 162 ID 1-2 | 140 ID 2-4"
    ),
    "W27": _segment(
        f"91 ID 1-2 M {MODES} | 140 ID 2-4 | 387 AN 1-35 | 146 ID 2-2 {PAYERS} | 40 ID 2-2"
        " | 206 AN 1-4 | 207 AN 1-10"
    ),
    "LX": _segment("554 N0 1-6 M"),
    "MAN": _segment("88 ID 1-2 M | 87 AN 1-48 M"),
    "W01": _segment(
        f"330 R 1-15 M | 355 ID 2-2 M {UNITS} | 438 AN 12-12 | 235 ID 2-2 {ITEM_IDS}"
        f" | 234 AN 1-48 | 235 ID 2-2 {ITEM_IDS} | 234 AN 1-48 | 59 AN 1-2 | 61 ID 2-2"
        " | 62 AN 1-8 | 559 ID 2-2 | 822 AN 1-6 | 561 AN 1-30 | 562 AN 1-30"
        f" | 235 ID 2-2 {ITEM_IDS} | 234 AN 1-48"
    ),
    "W04": _segment(
        f"382 R 1-10 M | 355 ID 2-2 M {UNITS} | 438 AN 12-12 | 235 ID 2-2 {ITEM_IDS}"
        f" | 234 AN 1-48 | 235 ID 2-2 {ITEM_IDS} | 234 AN 1-48 | 59 AN 1-2 | 61 ID 2-2"
        " | 62 AN 1-8 | 559 ID 2-2 | 822 AN 1-6 | 561 AN 1-30"
    ),
    "G69": _segment("369 AN 1-45 M"),
    "W20": _segment("356 N0 1-6 | 357 R 1-8 | 355 ID 2-2 | 81 R 1-10 | 187 ID 1-2 | 188 ID 1-1"),
    "QTY": _segment("673 ID 2-2 M | 380 R 1-15 M | 355 ID 2-2"),
    "AMT": _segment("522 ID 1-3 M | 782 R 1-18 M"),
    "W76": _segment("382 R 1-10 M | 81 R 1-10 | 355 ID 2-2 | 183 R 1-8 | 355 ID 2-2"),
    "W03": _segment("382 R 1-10 M | 81 R 1-10 | 355 ID 2-2 | 183 R 1-8 | 355 ID 2-2"),
    "AK1": _segment("479 ID 2-2 M | 28 N0 1-9 M | 480 AN 1-12"),
    "AK2": _segment("143 ID 3-3 M | 329 AN 4-9 M"),
    "AK3": _segment("721 ID 2-3 M | 719 N0 1-6 M | 447 AN 1-6 | 720 ID 1-3"),
    "AK4": _segment("722 AN 1-5 M | 725 N0 1-4 | 723 ID 1-3 M | 724 AN 1-99"),
    "AK5": _segment("717 ID 1-1 M A,E,R,M,W,X" + " | 718 ID 1-3" * 5),
    "AK9": _segment(
        "715 ID 1-1 M A,E,P,R,M,W,X | 97 N0 1-6 M | 123 N0 1-6 M | 2 N0 1-6 M" + " | 716 ID 1-3" * 5
    ),
}

N1_LOOP = "N1 N2 N3 N4 PER"
ORDER: dict[str, tuple[str, ...]] = {
    "940": (
        *("ST", "W05", N1_LOOP, "N9", "G61", "G62", "NTE", "W09", "W66"),
        *("LX MAN W01 G69 N9 W20 QTY AMT", "W76", "SE"),
    ),
    "943": (
        *("ST", "W06", N1_LOOP, "N9", "G61", "G62", "NTE", "W27", "W20"),
        *("LX W04 G69 N9 W20 QTY AMT", "W03", "SE"),
    ),
    "997": ("ST", "AK1", "AK2 AK3 AK4 AK5", "AK9", "SE"),
}
"""Each entry is a place in the set; a place with several names is a loop in any inner order."""

MANDATORY: dict[str, tuple[str, ...]] = {
    "940": ("W05", "N1", "W66", "W01", "W76"),
    "943": ("W06", "N1", "W04", "W03"),
    "997": ("AK1", "AK9"),
}
PAIRS: dict[str, tuple[tuple[int, int], ...]] = {
    "W01": ((4, 5), (6, 7), (15, 16)),
    "W04": ((4, 5), (6, 7)),
    "N1": ((3, 4),),
    "PER": ((3, 4), (5, 6)),
    "G61": ((3, 4),),
    "G62": ((3, 4),),
}
