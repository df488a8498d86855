"""What one run is about: its definition, and the endpoints that are its sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final, NamedTuple

from integrations.domain import configuration
from integrations.domain.configuration import Configuration, EndpointConfig
from monitoring.domain import reconcile_names, reconcile_store
from monitoring.domain.reconcile_names import Names
from monitoring.domain.reconcile_store import Said
from monitoring.models import Reconciliation, ReconRun, ReconVersion
from monitoring.reconcile import Definition, Side
from monitoring.reconcile.definition_json import read
from portal.customers.models import Customer

ERP: Final = "the ERP"
WAREHOUSE: Final = "the warehouse"
PUBLISHED: Final = "the hub"
CHANNEL: Final = "the channel"


class Party(NamedTuple):
    """One side of a run as it was when the run began, whatever it is called later."""

    role: str
    source: str
    slug: str
    id: int
    label: str
    site: str


class RefusedError(Exception):
    """A sentence why a run cannot be made from what the systems said, and what to do."""


@dataclass(frozen=True)
class Scope:
    """A run with everything that decides what it compares."""

    run: ReconRun
    reconciliation: Reconciliation
    customer: Customer
    definition: Definition
    config: Configuration
    at: datetime

    @property
    def customer_id(self) -> int:
        return self.customer.pk

    def sides(self, role: str) -> list[Side]:
        return [side for side in self.definition.sides if side.role == role]

    def endpoints(self, role: str) -> list[EndpointConfig]:
        """The endpoints of a role, in the order of the definition."""
        return [self.endpoint(side) for side in self.sides(role)]

    def endpoint(self, side: Side) -> EndpointConfig:
        """RefusedError when the customer has no such endpoint any more."""
        found = next((e for e in self.config.endpoints.values() if e.slug == side.endpoint), None)
        if found is None:
            text = f"There is no endpoint {side.endpoint} any more. Choose another side."
            raise RefusedError(text)
        return found

    @cached_property
    def sites(self) -> frozenset[str]:
        """The sites of the warehouses that are compared."""
        return frozenset(one.site for one in self.endpoints("warehouse") if one.site)

    def parties(self, role: str) -> list[Party]:
        """The sides of a role."""
        return [party for party in self._parties if party.role == role]

    @cached_property
    def _parties(self) -> list[Party]:
        kept = reconcile_store.of(self.run).get("parties")
        if kept is not None:
            return [Party(*row) for row in reconcile_store.rows(kept)]
        return [self._party(side) for side in self.definition.sides]

    def _party(self, side: Side) -> Party:
        one = self.endpoint(side)
        return Party(side.role, side.source, one.slug, one.id, one.label, one.site)

    def keep_parties(self) -> None:
        """Note who the sides are, so that the run can be made again when they have other names."""
        reconcile_store.keep(self.run, Said("parties", [list(one) for one in self._parties]))

    def warehouse_at(self, site: str) -> Party:
        """Whose site it is; the first warehouse for a site that is none of them."""
        found = self.parties("warehouse") or self._parties
        return next((one for one in found if one.site == site), found[0])

    def sku_of(self, code: str, endpoint: EndpointConfig) -> str:
        """What we call an item that an endpoint names by its own code; the code itself where nothing knows
        it, so that it shows as an item nobody has."""
        return self._names[endpoint.id].codes.get(code, code)

    def item_of(self, sku: str) -> str:
        """The item that a document in the hub names: another one where a crosswalk knows its SKU as a code,
        because the document came before that row."""
        return sku if sku in self._ours else self._aliases.get(sku, sku)

    @cached_property
    def _names(self) -> dict[int, Names]:
        found = (self.endpoint(side) for side in self.definition.sides)
        return {one.id: reconcile_names.of(self.config, one) for one in found}

    @cached_property
    def _ours(self) -> frozenset[str]:
        return frozenset().union(*(one.ours for one in self._names.values()))

    @cached_property
    def _aliases(self) -> dict[str, str]:
        first = reversed(self._names.values())
        return {code: sku for one in first for code, sku in one.aliases.items()}


def of(run: ReconRun) -> Scope:
    """Of a run that began. Raises DefinitionError for a definition that cannot be read."""
    reconciliation = Reconciliation.objects.select_related("customer").get(pk=run.reconciliation_id)
    version = ReconVersion.objects.get(reconciliation=reconciliation, version=run.version)
    if run.at is None:
        raise ValueError(f"{run.label} has not begun")
    return Scope(
        run=run,
        reconciliation=reconciliation,
        customer=reconciliation.customer,
        definition=read(version.content, version=run.version),
        config=configuration.of(reconciliation.customer_id),
        at=run.at,
    )


def named(endpoints: Sequence[EndpointConfig]) -> str:
    """Their labels, for people."""
    return " and ".join(one.label for one in endpoints)
