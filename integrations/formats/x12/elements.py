"""The data dictionary: element number → type, shortest and longest value, known codes.

Types are X12's: AN text, ID code, N0/N2 whole number with 0 or 2 implied decimals, R decimal,
DT date, TM time, C composite. Lengths of numbers count digits only. Lengths are those of 004010;
`LONGER_IN_5010` holds what 005010 lets grow, as far as distribution documents use it.
"""

from typing import NamedTuple

from integrations.formats.x12.codes import BY_ELEMENT

NUMERIC = frozenset({"N0", "N2", "R"})


class Element(NamedTuple):
    """One dictionary entry; `number` is what AK4-02 quotes, empty when we do not know it."""

    number: str
    type: str
    shortest: int
    longest: int
    longest_5010: int
    codes: frozenset[str]


_DICTIONARY = """
2 N0 1 6        3 AN 1 60       19 AN 2 30      22 AN 1 30      23 ID 1 1       24 ID 4 4
26 ID 2 3       28 N0 1 9       40 ID 2 2       54 ID 2 2       59 AN 2 5       61 AN 1 30
65 R 1 8        66 ID 1 2       67 AN 2 80      76 AN 1 22      79 AN 1 50      80 N0 1 7
81 R 1 10       82 R 1 8        86 AN 1 3       87 AN 1 48      88 ID 1 2       91 ID 1 2
92 ID 2 2       93 AN 1 60      97 N0 1 6       98 ID 2 3       100 ID 3 3      102 ID 1 1
103 AN 3 5      107 ID 1 2      110 ID 1 2      116 ID 3 15     118 R 1 9       123 N0 1 6
127 AN 1 30     128 ID 2 3      133 ID 1 2      140 ID 2 4      143 ID 3 3      145 AN 1 30
146 ID 2 2      156 ID 2 2      166 AN 1 55     176 ID 1 2      183 R 1 8       187 ID 1 2
188 ID 1 1      189 R 1 8       206 AN 1 4      207 AN 1 10     212 R 1 17      225 AN 2 15
234 AN 1 48     235 ID 2 2      236 ID 3 3      248 ID 1 1      280 R 4 10      284 ID 2 2
285 AN 1 22     289 N0 1 2      292 ID 2 2      305 ID 1 2      306 ID 1 2      309 ID 1 2
310 AN 1 30     324 AN 1 22     325 AN 1 20     326 AN 1 45     327 AN 1 8      328 AN 1 30
329 AN 4 9      330 R 1 15      331 ID 2 2      332 R 1 6       333 ID 1 2      334 ID 2 2
335 ID 3 3      336 ID 2 2      337 TM 4 8      338 R 1 6       340 AN 1 3      341 AN 1 16
342 AN 1 16     347 R 1 10      349 ID 1 1      350 AN 1 20     351 N0 1 3      352 AN 1 80
353 ID 2 2      354 N0 1 6      355 ID 2 2      356 N0 1 6      357 R 1 8       358 R 1 10
359 R 1 15      362 N2 1 10     363 ID 3 3      364 AN 1 80     365 ID 2 2      366 ID 2 2
367 AN 1 30     368 ID 2 2      369 AN 1 45     370 DT 8 8      373 DT 8 8      374 ID 3 3
378 ID 1 1      380 R 1 15      382 R 1 10      383 R 1 9       384 R 1 9       385 R 1 9
386 N0 1 3      387 AN 1 35     394 AN 1 12     396 AN 2 30     398 ID 2 2      399 ID 1 1
400 ID 2 2      407 ID 2 2      408 R 1 4       412 ID 2 2      413 R 1 7       414 R 1 10
426 ID 2 2      432 ID 2 2      438 AN 12 12    441 ID 1 1      443 AN 1 20     446 DT 8 8
447 AN 1 6      451 AN 1 12     473 ID 1 1      474 N0 6 6      478 ID 1 1      479 ID 2 2
480 AN 1 12     481 ID 1 2      482 ID 2 2      499 R 1 10      506 ID 2 2      507 AN 3 12
508 AN 1 35     509 AN 10 10    510 AN 9 9      514 ID 1 1      522 ID 1 3      531 AN 1 22
554 N0 1 6      559 ID 2 2      569 ID 1 3      587 ID 2 2      591 ID 3 3      610 N2 1 15
623 ID 2 2      628 AN 1 12     639 ID 2 2      640 ID 2 2      641 ID 3 3      646 R 1 15
647 ID 1 3      648 ID 3 3      649 R 1 10      662 ID 1 1      668 ID 2 2      670 ID 2 2
671 R 1 9       673 ID 2 2      687 ID 2 2      706 ID 2 2      715 ID 1 1      716 ID 1 3
717 ID 1 1      718 ID 1 3      719 N0 1 6      720 ID 1 3      721 ID 2 3      722 N0 1 2
723 ID 1 3      724 AN 1 99     725 N0 1 4      728 ID 1 2      732 ID 2 2      734 AN 1 12
735 ID 1 2      736 ID 1 1      737 ID 2 2      738 ID 1 3      739 R 1 20      740 R 1 20
741 R 1 20      750 ID 2 3      751 AN 1 12     752 ID 2 2      755 ID 2 2      782 R 1 18
810 R 1 6       812 AN 1 10     819 ID 2 3      822 AN 1 15     828 R 1 9       893 ID 1 2
933 AN 1 264    934 ID 2 2      954 R 1 10      955 ID 2 2      956 AN 1 10     963 ID 2 2
1005 ID 4 4     1019 ID 3 3     1048 ID 1 3     1073 ID 1 1     1166 ID 2 2     1232 ID 1 2
1250 ID 2 3     1251 AN 1 35    1300 ID 4 4     1301 AN 1 10    1470 N0 1 9     C001 C 1 99
C030 C 1 9      C040 C 1 99     C998 C 1 99     C999 C 1 99     I08 DT 6 6      I09 TM 4 4
I12 N0 9 9      I17 ID 1 1      I18 ID 3 3
"""

LONGER_IN_5010 = {"127": 50, "234": 80, "364": 256, "719": 10}


def _parse() -> dict[str, Element]:
    words = _DICTIONARY.split()
    entries = {}
    for number, kind, low, high in zip(*[iter(words)] * 4, strict=True):
        longest = max(int(high), LONGER_IN_5010.get(number, 0))
        codes = frozenset(BY_ELEMENT.get(number, ()))
        entries[number] = Element(number, kind, int(low), int(high), longest, codes)
    return entries


ELEMENTS = _parse()

# A position the standard defines and we have no use for: kept, and checked for nothing.
UNCHECKED = Element("", "AN", 1, 999, 999, frozenset())
