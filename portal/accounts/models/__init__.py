"""People and what they may do. Lives on both sides."""

from portal.accounts.models.invitation import Invitation
from portal.accounts.models.person import Person
from portal.accounts.models.role import Role
from portal.accounts.models.token import ApiToken, KeptAnswer

__all__ = ["ApiToken", "Invitation", "KeptAnswer", "Person", "Role"]
