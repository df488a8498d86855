"""Accesses and their states as pages of staff say them."""

from typing import Any

from integrations.views import spoken
from portal.core import clock
from portal.pages.support_forms import length
from portal.support.domain.states import GOOD_FOR
from portal.support.models import SupportAccess

State = SupportAccess.State


def row(
    access: SupportAccess, *, by: int | None, platform_key: str = "", manages: bool = False
) -> dict[str, Any]:
    """One line of the list. `by`: whoever looks, one of the partner's people; or the platform's by key.
    `manages`: whether they look after the others."""
    mine = (by is not None and access.staff_id == by) or (
        bool(platform_key) and access.staff_key == platform_key
    )
    return {
        "pk": access.pk,
        "who": access.staff_name,
        "from_platform": access.house == SupportAccess.House.PLATFORM,
        "as_whom": access.person_name,
        "customer": access.customer.name,
        "why": access.reason,
        "case": access.case,
        "length": length(access.minutes),
        "asked": spoken.moment(access.asked_at),
        "state": state(access),
        "may_begin": mine and access.state == State.GRANTED,
        "may_end": access.state != State.OVER and mine,
        "may_stop": access.state != State.OVER and manages and not mine,
    }


def state(access: SupportAccess) -> dict[str, str]:
    if access.state == State.ASKED:
        return {"shape": "waiting", "word": f"waits for {access.customer.name}"}
    if access.state == State.GRANTED and access.granted_at:
        until = spoken.moment(access.granted_at + GOOD_FOR)
        return {"shape": "good", "word": f"may begin until {until}, by {access.granted_by}"}
    if access.state == State.RUNNING and access.ends_at and access.ends_at > clock.now():
        return {"shape": "work", "word": f"runs until {spoken.moment(access.ends_at)}"}
    return {"shape": "", "word": f"over: {access.ended_how or 'its time was over'}"}
