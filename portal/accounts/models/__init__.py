"""People and what they may do. Lives on both sides."""

from portal.accounts.models.limit import Limit
from portal.accounts.models.person import Person
from portal.accounts.models.role import Role

__all__ = ["Limit", "Person", "Role"]
