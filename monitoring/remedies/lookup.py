"""Add a row to a crosswalk and replay all."""

from django.db.models import Count, Q

from integrations.models import LookupTable
from integrations.views.spoken import counted
from monitoring import taxonomy
from monitoring.forms import LookupForm
from monitoring.remedies.base import Data, DocumentRemedy, Given, Situation, Terms, Words

_WORDS = {"sku": "SKU", "uom": "Unit", "carrier": "Carrier", "ship_to": "Ship-to"}
_ANY_TABLE = "lookup_missing"


class Lookup(DocumentRemedy):
    slug, label = "lookup", "Add a lookup"
    permissions = ("desk.work", "lookups.edit")
    proposes = ("value", "table")
    carries = True

    def fits(self, situation: Situation) -> bool:
        case = situation.case
        mends = bool(taxonomy.kind(case.code).lookup) or case.code == _ANY_TABLE
        return mends and bool(situation.value) and situation.summary.held_in > 0

    def form(self, situation: Situation, data: Data) -> LookupForm:
        initial = {**self.initial(situation), "code": situation.value}
        word = _WORDS.get(table_name(situation), "Code")
        return LookupForm(data, initial=initial, tables=_tables(situation), word=word)

    def words(self, situation: Situation) -> Words:
        count = situation.summary.held_in
        held = counted(count, "document")
        return Words(
            title="Add a lookup",
            submit=f"Try it on {count:,}",
            note=f"Shows what one new row does to {held}. Nothing is sent yet.",
        )

    def terms(self, situation: Situation, given: Given) -> Terms:
        names = ("table", "code", "value", "insist")
        return {name: given[name] for name in names}

    def said(self, terms: Terms) -> str:
        return f"{terms['code']} → {terms['value']} added to lookup {terms['table']}"


def table_name(situation: Situation) -> str:
    """The crosswalk that misses the code; empty when the person has to say which."""
    return taxonomy.kind(situation.case.code).lookup


def _tables(situation: Situation) -> list[tuple[str, str]]:
    """The crosswalks to choose from, with how many rows the customer has in each."""
    name, case = table_name(situation), situation.case
    mine = Q(customer_id=case.customer_id) | Q(customer=None)
    found = LookupTable.objects.filter(mine, **({"name": name} if name else {}))
    own = Count("rows", filter=Q(customer_id=case.customer_id))
    sizes = dict(found.values_list("name").annotate(size=own).order_by("name"))
    if name:
        sizes.setdefault(name, 0)
    return [
        (name, f"{name} of {case.customer.name}, {counted(size, 'row')}")
        for name, size in sizes.items()
    ]
