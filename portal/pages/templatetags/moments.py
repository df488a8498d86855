"""Days and moments in the reader's zone and manner."""

from datetime import datetime

from django.template import Library
from django.utils.timezone import localtime

from portal.core import manner

register = Library()


@register.filter
def day(at: datetime | None) -> str:
    """3 Mar 2025; blank for none."""
    return manner.day(localtime(at).date(), with_year=True) if at else ""


@register.filter
def moment(at: datetime | None) -> str:
    """3 Mar 2025, 13:58; blank for none."""
    return f"{day(at)}, {manner.time(localtime(at))}" if at else ""


@register.filter
def short_moment(at: datetime | None) -> str:
    """3 Mar, 13:58; blank for none."""
    if not at:
        return ""
    local = localtime(at)
    return f"{manner.day(local.date(), with_year=False)}, {manner.time(local)}"
