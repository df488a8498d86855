"""The installation's key under statements and their corrections."""

from monitoring.seal import SeedSigner
from portal.core import secrets

_PURPOSE = "sla statements"


def signer() -> SeedSigner:
    """Signs with the key that is in use."""
    return SeedSigner(secrets.seeds(_PURPOSE)[0])


def trusted() -> list[str]:
    """The public keys of all that are configured: what an older one signed is ours, too."""
    return [SeedSigner(seed).key for seed in secrets.seeds(_PURPOSE)]
