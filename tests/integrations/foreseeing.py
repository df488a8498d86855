"""How tests try a remedy on what is held."""

from uuid import UUID

from integrations.domain import foresee, lookups, replay
from integrations.models import Message
from tests import pipeline


def nothing() -> None:
    """A remedy that changes nothing for all."""


def again(ids: list[UUID]) -> None:
    replay.replay(ids, actor="Ana Ruiz", cause="replayed by Ana Ruiz")


def row(place, code: str, value: str = "TENT-2P"):
    return lambda: lookups.put(place.table, code, value, by="Ana Ruiz", insist=True)


def held(**filters) -> list[UUID]:
    found = Message.objects.filter(state="held", **filters)
    return list(found.order_by("id").values_list("pk", flat=True))


def foreseen(place, *, change=nothing, release=again, ids=None) -> list[foresee.Foreseen]:
    ids = held() if ids is None else ids
    found = foresee.foresee(place.customer_id, ids, change=change, release=release)
    return [one for chunk in found for one in chunk]


def told(found) -> list[tuple[str, str, str]]:
    return [(one.verdict, one.code, one.text) for one in found]


def stock(place, house, on_hand: str, *, as_of: str = "2026-03-02T10:00:00Z") -> None:
    body = {"site": house.site, "sku": "TENT-2P", "on_hand": on_hand, "uom": "EA", "as_of": as_of}
    pipeline.store(house, body, object_type="inventory")
    pipeline.run(place.customer_id)


def without_site(place, *numbers: str) -> None:
    for house in (place.RNO1, place.ATL2):
        stock(place, house, "1")
    pipeline.store(place.shop, *[pipeline.order(number) for number in numbers])
    pipeline.run(place.customer_id)
