"""How many of our unit of an item one of a partner's unit is.

What they call a unit is told by the lookup tables; what is in a pack, by the product as the hub knows it.
"""

from fractions import Fraction

from integrations.canonical.problem import Problem
from integrations.canonical.units import Unit, convert
from integrations.domain.translate import Translator
from integrations.mapping import MISSING
from integrations.models import Record


class UnitsTold:
    """The units of one customer's items; remembers what it looked up."""

    def __init__(self, customer_id: int, translator: Translator) -> None:
        self._customer_id, self.translator = customer_id, translator
        self._packs: dict[str, list[Unit]] = {}

    def rate(self, sku: str, theirs: str, ours: str) -> Fraction | None:
        """How many of `ours` one of `theirs`, the partner's word, is. None where that is not known."""
        return self.between(sku, self._meaning(theirs, ours), ours)

    def between(self, sku: str, source: str, target: str) -> Fraction | None:
        """The same of two units that are both called as here."""
        if source == target:
            return Fraction(1)
        found = convert("1", source=source, target=target, units=self._of(sku), path="")
        return None if isinstance(found, Problem) else found

    def _meaning(self, theirs: str, ours: str) -> str:
        """Our word for theirs: first of all the one that was sent to them so."""
        sent = self.translator.lookup("uom_partner", ours)
        if theirs.upper() == str(ours if sent is MISSING else sent).upper():
            return ours
        found = self.translator.lookup("uom", theirs)
        meant = theirs if found is MISSING else str(found)
        return ours if meant.upper() == ours.upper() else meant

    def _of(self, sku: str) -> list[Unit]:
        if sku not in self._packs:
            product = Record.objects.filter(
                customer_id=self._customer_id, object_type="product", business_key=sku
            ).first()
            body = product.body if product else {}
            base = body.get("base_uom")
            known = [Unit(uom=base, factor="1")] if base else []
            self._packs[sku] = [*known, *body.get("units", [])]
        return self._packs[sku]
