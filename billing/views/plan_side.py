"""Who has plans: a partner's customers, or on the platform's side partners."""

from integrations.views import spoken
from portal.tenants.current import is_platform


def one() -> str:
    return "partner" if is_platform() else "customer"


def many() -> str:
    return "partners" if is_platform() else "customers"


def counted(number: int) -> str:
    """no customers, 1 customer, 6 customers"""
    return spoken.counted(number, one()) if number else f"no {many()}"
