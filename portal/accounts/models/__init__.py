"""People, what they may do, and how they sign in. Lives on both sides."""

from portal.accounts.models.authenticator import Authenticator
from portal.accounts.models.factor_reset import FactorReset
from portal.accounts.models.passkey import Passkey
from portal.accounts.models.person import Person
from portal.accounts.models.recovery_code import RecoveryCode
from portal.accounts.models.role import Role
from portal.accounts.models.session import Session
from portal.accounts.models.tries import Tries

__all__ = [
    "Authenticator", "FactorReset", "Passkey", "Person", "RecoveryCode", "Role", "Session", "Tries",
]  # fmt: skip
