"""The forms in which a person reads and writes a row. None is stored: each is a JSONata source."""

from dataclasses import dataclass

READINGS = ("text", "string", "decimal", "number", "uppercase", "lowercase", "trim", "boolean")
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=", "in")
UNIT_TABLES = frozenset({"uom", "uom_out"})


@dataclass(frozen=True, slots=True)
class Field:
    """A value of the document. `reading` is "", or the function of READINGS it is read with."""

    path: str
    reading: str = ""


@dataclass(frozen=True, slots=True)
class Constant:
    """The same value for every document. None is JSONata's null."""

    value: str | int | bool | None


@dataclass(frozen=True, slots=True)
class Concat:
    """Two parts or more as one text. With a separator, parts that are missing are left out."""

    parts: "tuple[Form, ...]"
    separator: str = ""
    trim: bool = False


@dataclass(frozen=True, slots=True)
class Several:
    """Several values as a list, only those that are not empty text if `filled`."""

    parts: "tuple[Form, ...]"
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Date:
    """`format` is "date" for a day as written, "time" for a moment in UTC. `zone`, only for a
    moment, is the time zone of a time that has none."""

    of: Field
    format: str = "date"
    zone: "Field | Constant | None" = None


@dataclass(frozen=True, slots=True)
class Currency:
    """An amount, in the minor unit of `currency`."""

    amount: "Form"
    currency: "Form"


@dataclass(frozen=True, slots=True)
class Lookup:
    """A code translated by a lookup table that is not one of units. Without `default`, a code
    without a row is a problem."""

    table: str
    of: Field
    default: "Form | None" = None

    def __post_init__(self) -> None:
        if self.table in UNIT_TABLES:
            raise ValueError(f"A lookup in {self.table} is the form Unit.")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure, translated by one of UNIT_TABLES."""

    of: Field
    table: str = "uom"
    default: "Form | None" = None


@dataclass(frozen=True, slots=True)
class Link:
    """The id under which the hub's record of `kind` is known at the other endpoint."""

    kind: str
    of: Field
    default: "Form | None" = None


@dataclass(frozen=True, slots=True)
class When:
    """`operator` is one of COMPARISONS, or "filled", which has no `value`. "in" has several."""

    field: Field
    operator: str
    value: "Field | Constant | Several | None" = None


@dataclass(frozen=True, slots=True)
class Condition:
    when: When
    then: "Form"
    otherwise: "Form | None" = None


@dataclass(frozen=True, slots=True)
class Loop:
    """The entries of a list in the document, each one an entry of the target list."""

    path: str


@dataclass(frozen=True, slots=True)
class Formula:
    """JSONata that none of the other forms says."""

    source: str


Form = (
    Field
    | Constant
    | Concat
    | Several
    | Date
    | Currency
    | Lookup
    | Unit
    | Link
    | Condition
    | Loop
    | Formula
)
