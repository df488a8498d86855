"""A REST system as its description says it is. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Place = tuple[str, ...]  # the steps to a value inside an answer; none: the answer itself
Template = tuple[str, ...]  # fixed texts and names of values, in turn

AuthKind = Literal["none", "header", "bearer", "basic", "query", "oauth", "oauth1"]
PagingKind = Literal["none", "page", "offset", "cursor", "link"]
Unit = Literal["seconds", "milliseconds", "time", "time_ms"]
Means = Literal["retryable", "person", "credentials", "permanent", "confirmed", "nothing"]
Params = Mapping[str, str]


@dataclass(frozen=True)
class Auth:
    """How a call shows who we are. `secret` and `user` are names of secrets; `name` is that of the
    header or parameter, `prefix` stands before the secret in it.

    oauth: a token that is asked for, with what is entered for it; it goes in the header `name`, by itself, or
    without one as a bearer token; `secret` is a refresh token that was entered; `identifies` is how the
    client shows itself where no setting says it; with `same_headers` the token server gets the headers
    that every call has. oauth1: every call is signed; `signs` names the consumer's key and secret and of
    the token's secret; `secret` is the token.
    """

    kind: AuthKind = "none"
    name: str = ""
    prefix: str = ""
    secret: str = ""
    user: str = ""
    signs: tuple[str, ...] = ()
    identifies: Literal["basic", "body"] | None = None
    same_headers: bool = False


@dataclass(frozen=True)
class Ask:
    """A GET whose path and parameters are fixed, once settings are filled in."""

    path: str
    params: Params


@dataclass(frozen=True)
class Paging:
    """How a list goes on. `param` carries the page, the offset or the cursor. `next` is where the
    answer says what comes next (a link without one: in its Link header), `more` where it says whether
    anything does. `size` rows are asked for by `size_param`, where there is one; `short_ends`: an answer
    with fewer is the last."""

    kind: PagingKind = "none"
    param: str = ""
    first: int = 1
    size_param: str = ""
    size: int = 0
    next: Place | None = None
    more: Place | None = None
    short_ends: bool = False


@dataclass(frozen=True)
class Details:
    """A call of its own for one row, or for one document that is to be written: what it answers is put
    `into` that under a name. `rows` None: the whole answer, else the list that stands there."""

    path: Template
    params: Mapping[str, Template]
    rows: Place | None
    paging: Paging
    into: str


@dataclass(frozen=True)
class Incremental:
    """How a list is asked for what changed. `form` writes times, and reads them where no `row_form` does;
    `updated` is where a row says when it changed. `floor` is a parameter that must reach further back, by
    `floor_days`, where a system leaves out what is older. `start` None: everything, `a_day` at the first
    poll: since a day before it. `ascending`: rows come oldest change first."""

    param: str
    form: str
    updated: Place
    overlap: int
    ascending: bool
    start: datetime | None
    a_day: bool
    row_form: str = ""
    floor: str = ""
    floor_days: int = 0


@dataclass(frozen=True)
class Stream:
    """One list that is polled. `rows` is where it stands in the answer, `id` where a row's id does."""

    name: str
    object_type: str
    ask: Ask
    rows: Place
    id: Place
    updated: Place | None
    paging: Paging
    incremental: Incremental | None
    details: tuple[Details, ...] = ()


@dataclass(frozen=True)
class Call:
    method: str
    path: Template
    params: Mapping[str, Template] = field(default_factory=dict)


@dataclass(frozen=True)
class LookUp:
    """Asked before a delivery that may have arrived is repeated. It did where the answer is good and,
    if `found` is given, something stands there; with `match`, where an entry of the list at `found` has
    these values, and then `id` stands in that entry."""

    path: Template
    params: Mapping[str, Template]
    found: Place | None
    id: Place | None
    match: tuple[tuple[Place, Template], ...] = ()


@dataclass(frozen=True)
class Batch:
    """Up to `size` documents in one call, as a list `under` a name, or as the body itself."""

    size: int
    under: str


@dataclass(frozen=True)
class Chunks:
    """The list `of` a document goes in calls of up to `size` entries; `alone`: it is the body itself."""

    size: int
    of: str
    alone: bool


@dataclass(frozen=True)
class First:
    """A call before a write, `when` one of the values that stand there, in the document with its details, is
    among `values`."""

    call: Call
    when: Place
    values: frozenset[str]


@dataclass(frozen=True)
class Write:
    """How one object type is written: `update` where the system's id of it is known, else `create`."""

    create: Call
    update: Call | None
    wrap: Place
    leave_out: tuple[str, ...]
    id: Place | None
    key_header: str
    look_up: LookUp | None
    details: tuple[Details, ...] = ()
    batch: Batch | None = None
    chunks: Chunks | None = None
    first: First | None = None


@dataclass(frozen=True)
class Rule:
    """What an answer means (`nothing`: a list without rows): by its status, by a value in it, or by both.
    Without `values` any value will do that is neither missing nor empty, false or zero."""

    means: Means
    statuses: frozenset[int]
    where: Place | None
    values: frozenset[str]


@dataclass(frozen=True)
class Rate:
    """How many calls a system takes. `per_second` 0: as many as there are; `burst` of them at once.
    `remaining` is the header that says how many are left, `reset` the one that says when there are more,
    in `unit`; `limit` is the header that says how many per second this account may make."""

    per_second: float = 0.0
    burst: int = 1
    remaining: str = ""
    reset: str = ""
    unit: Unit = "seconds"
    limit: str = ""


@dataclass(frozen=True)
class Operation:
    """Calls that have a pace of their own: those of `method`, to paths of which each * stands for one
    segment."""

    method: str
    path: str
    rate: Rate

    def fits(self, method: str, path: str) -> bool:
        wanted, found = self.path.split("/"), path.partition("?")[0].split("/")
        same = len(wanted) == len(found) and method == self.method
        return same and all(a in ("*", b) for a, b in zip(wanted, found, strict=True))


@dataclass(frozen=True)
class System:
    """All of a description. `messages` are where an answer may say in words what is wrong: the first that is
    there counts. `unready` says why an object type cannot be written until a setting is entered.
    `call_id` is a header in which every call carries an id of its own. The first of `rates` that fits a call
    is its pace, else `rate`."""

    auth: Auth
    test: Ask | None
    streams: Mapping[str, Stream]
    writes: Mapping[str, Write]
    rules: tuple[Rule, ...]
    messages: tuple[Place, ...]
    rate: Rate
    most_pages: int
    most_rows: int
    headers: Mapping[str, str] = field(default_factory=dict)
    unready: Mapping[str, str] = field(default_factory=dict)
    call_id: str = ""
    rates: tuple[Operation, ...] = ()
