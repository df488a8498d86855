"""What a monthly statement says, as plain values: sealed as the canonical bytes of `Content`.

Shares are in percent, durations in seconds, money in the currency that stands beside it. Everything a
page, a mail or a PDF says is read out of here, so that it cannot change after the seal.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal

FORM: Final = "sla-statement/1"  # grows with every change of what a statement holds

Measure = Literal["share", "duration", "count"]
Standing = Literal["kept", "near", "missed", "unknown"]
Party = Literal["us", "customer", "third_party"]


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who sealed it. `accent` is their colour as `#rrggbb`, `brand` the number of the version whose logo and
    foot it carries, 0 for none."""

    name: str
    accent: str
    brand: int = 0


@dataclass(frozen=True, slots=True)
class Recipient:
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Period:
    """A local month: `key` is YYYY-MM, from `begins` up to and without `ends`."""

    key: str
    begins: datetime
    ends: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Whose hours counted: `words` for people, `terms` as it was configured."""

    words: str
    terms: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Version:
    """A rule as it was in force: what, and which version."""

    key: str
    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Point:
    """One month of a trend, or one day: `at` is YYYY-MM or YYYY-MM-DD; `value` None for no data."""

    at: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise against what was delivered.

    `target`, `actual` (everything counts) and `attributable` (only what was ours) are in percent, seconds
    or a count, by `measure`; None where nothing happened. `judged_by` says which of both decides.
    `percentile` is that of a duration, `worst` the longest one. `population` and `misses` are counted in
    `unit` ("orders"), and told instead of a share where there were `few`; `allowed` is the error budget in
    them, `used` the share of it in percent. `rule` is the version that decided.
    """

    key: str
    name: str
    detail: str
    measure: Measure
    unit: str
    standing: Standing
    target: Decimal
    actual: Decimal | None
    attributable: Decimal | None
    population: Decimal
    misses: Decimal
    misses_ours: Decimal
    rule: str
    judged_by: Literal["gross", "attributable"] = "gross"
    few: bool = False
    percentile: Decimal | None = None
    allowed: Decimal | None = None
    used: Decimal | None = None
    worst: Decimal | None = None
    trend: tuple[Point, ...] = ()
    days: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Miss:
    """One thing missed. `subject` is what people call it, `evidence` names the rows that show it.

    `weight`: how many of the promise's unit it stands for; `ours`, `yours` and `theirs` are whose parts
    of it, and `party` has the largest, `party_name` by name. `late`: by how many seconds.
    """

    key: str
    promise: str
    at: datetime
    subject: str
    party: Party
    party_name: str
    reason: str
    weight: Decimal
    ours: Decimal
    yours: Decimal
    theirs: Decimal
    late: Decimal | None = None
    case: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """What part of everything that was missed was whose, in percent."""

    party: Party
    name: str
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Cause:
    """Why, and what was done. `weight` is what it cost, in percent of everything missed."""

    key: str
    on: date
    party: Party
    party_name: str
    text: str
    action: str
    documents: int
    weight: Decimal | None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Agreed time that does not count. `left_out` says what of which promise fell into it."""

    key: str
    begins: datetime
    ends: datetime
    minutes: Decimal
    reason: str
    kind: str
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One comparison of the month: how often it ran, what it compared, and what is open."""

    key: str
    name: str
    runs: int
    compared: int
    matched: int
    settled: int
    open: int
    worth: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Amount:
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Delivered:
    """What people and rules saved: orders mended before their cut-off, their worth, and the middle time from
    the case to the release in minutes. `by_rule` of them were mended by a rule alone."""

    orders: int
    by_rule: int
    worth: tuple[Amount, ...]
    median_minutes: Decimal | None
    cases: int
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Without:
    """A promise as it would have been had nobody mended anything."""

    promise: str
    name: str
    misses: Decimal
    actual: Decimal
    standing: Standing


@dataclass(frozen=True, slots=True)
class Work:
    """A change that was made or is planned."""

    key: str
    at: datetime | None
    text: str
    by: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class Credit:
    """What one broken promise gives back: `percent` of the fee. `dropped` says why it gives nothing."""

    key: str
    name: str
    percent: Decimal
    amount: Decimal | None
    why: str
    cause: str = ""
    dropped: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """More than `over` percent of the allowed misses used, and ours: `percent` of the fee."""

    over: Decimal
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Credits:
    """The credits proposed to billing: of `fee` by the agreed `steps`, capped at `cap` percent. Amounts are
    None without a fee."""

    currency: str
    fee: Decimal | None
    cap: Decimal
    steps: tuple[Step, ...]
    percent: Decimal
    amount: Decimal | None
    lines: tuple[Credit, ...]


@dataclass(frozen=True, slots=True)
class EvidenceSeal:
    """The rows all this was counted from: how many, and their Merkle root."""

    rows: int
    root: str


@dataclass(frozen=True, slots=True)
class Content:
    """One customer's month. `number` counts their statements, `previous` is the hash of the one before."""

    form: str
    number: int
    previous: str
    sealed_at: datetime
    issuer: Issuer
    customer: Recipient
    currency: str
    period: Period
    calendar: Calendar
    rules: tuple[Version, ...]
    promises: tuple[Promise, ...]
    misses: tuple[Miss, ...]
    shares: tuple[Share, ...]
    causes: tuple[Cause, ...]
    exclusions: tuple[Exclusion, ...]
    reconciliation: tuple[Reconciled, ...]
    delivered: Delivered
    without: tuple[Without, ...]
    changes: tuple[Work, ...]
    planned: tuple[Work, ...]
    credits: Credits
    evidence: EvidenceSeal
