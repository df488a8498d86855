"""What a remedy is: when it fits a case, what it asks of a person, what it then begins."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.forms import Form

from integrations.models import LookupRow
from integrations.queries import documents
from integrations.queries.documents import Document as Payload
from monitoring import taxonomy
from monitoring.domain import fixing
from monitoring.forms import FrozenForm
from monitoring.models import CaseEvent, ExceptionCase, Fix
from monitoring.queries import held, suggest
from monitoring.queries.held import Document
from portal.accounts.models import Person

Data = Mapping[str, Any] | None
Given = Mapping[str, Any]
Terms = dict[str, Any]


@dataclass
class Situation:
    """A case as somebody sees it: what it holds, the chosen document, and what they may do."""

    case: ExceptionCase
    person: Person
    document: Document | None = None
    wished: Mapping[str, str] = field(default_factory=dict)  # values the address proposes

    @cached_property
    def summary(self) -> held.Summary:
        return held.summary(self.case)

    @cached_property
    def payload(self) -> Payload | None:
        """The bytes of the chosen document, for those who may see them."""
        if self.document is None or not self.person.may("payloads.view"):
            return None
        return documents.payload_of(self.document.message)

    @cached_property
    def meaning(self) -> LookupRow | None:
        """The row that says by now what the code means; it came after the documents."""
        table = taxonomy.kind(self.case.code).lookup
        if not table or not self.value:
            return None
        return suggest.meaning(self.case.customer_id, table=table, code=self.value)

    @cached_property
    def value(self) -> str:
        """The value to mend: the chosen document's, for a case may answer for several."""
        own = held.value_in(self.case, self.document.message) if self.document else None
        return self.case.value if own is None else own

    @property
    def frozen(self) -> dict[str, int]:
        return {"up_to": self.summary.up_to}


class Words(NamedTuple):
    """What stands over the form, on its button and beside it."""

    title: str
    submit: str
    note: str
    disabled: str = ""


class Remedy(ABC):
    """One way to resolve a case. `key`: its own letter; without one its place on the page is its key.
    `wide`: the form stands in rows and not in a sentence. `proposes`: what the address may fill in."""

    slug: str
    label: str
    key: str = ""
    wide = False
    proposes: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ("desk.work",)
    form_class: type[FrozenForm] = FrozenForm

    @abstractmethod
    def fits(self, situation: Situation) -> bool:
        """Whether it could help the case."""

    @abstractmethod
    def words(self, situation: Situation) -> Words:
        """What it says of itself."""

    @abstractmethod
    def apply(self, situation: Situation, given: Given) -> Fix | CaseEvent:
        """Begin it with what the person entered."""

    def page(self, situation: Situation) -> str:
        """The address of its own page; "" for one whose form stands on the page of the case."""
        return ""

    def form(self, situation: Situation, data: Data) -> Form:
        """What it asks of a person."""
        return self.form_class(data, initial=self.initial(situation))

    def initial(self, situation: Situation) -> dict[str, Any]:
        """What its form begins with: the list as it is now, and what the address proposes."""
        wished = {
            name: situation.wished[name] for name in self.proposes if situation.wished.get(name)
        }
        return {**situation.frozen, **wished}

    def suffices(self, situation: Situation) -> bool:
        """Whether it certainly helps, so that it is offered first."""
        return False

    def offered(self, situation: Situation) -> bool:
        """Whether it fits the case and the person may use it."""
        may = all(situation.person.may(permission) for permission in self.permissions)
        return may and situation.case.is_open and self.fits(situation)


class DocumentRemedy(Remedy):
    """A remedy that moves documents: tried on all of them before any goes. `carries`: with the same
    terms it may mend a case of the same cause elsewhere."""

    carries = False

    def terms(self, situation: Situation, given: Given) -> Terms:
        """What its deed is told, see `domain.deeds`."""
        return {}

    @abstractmethod
    def said(self, terms: Terms) -> str:
        """The remedy with its terms in words, as the log and the memory tell it."""

    def ids(self, situation: Situation, given: Given) -> Sequence[UUID]:
        """The frozen list. NothingLeftError when somebody took care of it."""
        return fixing.frozen(situation.case, up_to=given["up_to"])

    def apply(self, situation: Situation, given: Given) -> Fix:
        terms = self.terms(situation, given)
        return fixing.begin(
            situation.case,
            self.slug,
            terms,
            words=self.said(terms),
            ids=self.ids(situation, given),
            person=situation.person,
        )
