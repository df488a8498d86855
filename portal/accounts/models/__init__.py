"""People, how they sign in and what they may do. Lives on both sides."""

from portal.accounts.models.authenticator import Authenticator
from portal.accounts.models.factor_reset import FactorReset
from portal.accounts.models.invitation import Invitation
from portal.accounts.models.limit import Limit
from portal.accounts.models.passkey import Passkey
from portal.accounts.models.person import Person
from portal.accounts.models.provider import Identity, Provider, ProviderRule
from portal.accounts.models.recovery_code import RecoveryCode
from portal.accounts.models.role import Role
from portal.accounts.models.session import Session
from portal.accounts.models.token import ApiToken, KeptAnswer
from portal.accounts.models.tries import Tries

__all__ = [
    "ApiToken",
    "Authenticator",
    "FactorReset",
    "Identity",
    "Invitation",
    "KeptAnswer",
    "Limit",
    "Passkey",
    "Person",
    "Provider",
    "ProviderRule",
    "RecoveryCode",
    "Role",
    "Session",
    "Tries",
]
