"""The views that people have saved."""

from typing import Any, Final

from django.db.models import F, Q

from monitoring.models import SavedView

MOST: Final = 8


def of(person: Any) -> list[SavedView]:
    """Those a person sees: their own first, then everybody's, at most `MOST`."""
    seen = SavedView.objects.filter(Q(person=None) | Q(person_id=person.pk))
    return list(seen.order_by(F("person_id").asc(nulls_last=True), "name", "id")[:MOST])
