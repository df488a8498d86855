"""Whether the demo's partner is as this code wants it, so that a second start need not look at all of it."""

import hashlib
from pathlib import Path

from portal.env import ROOT

APPS = ("portal", "integrations", "monitoring", "billing")
DECIDING = (
    "portal/demo/people.py",
    "portal/pages/demo_money.py",
    "portal/pages/demo_watching.py",
    "portal/tenants/rows.py",
    "portal/accounts/roles.py",
)


class Seeding:
    """The mark that the last complete seeding left in the installation's folder."""

    def __init__(self, folder: Path, *, configuration: str, secrets: dict[str, str]) -> None:
        self.mark = folder / "seeded"
        self.wanted = _digest(configuration, secrets)

    def is_done(self) -> bool:
        """Whether nothing that decides over the seeding has changed since."""
        return self.mark.exists() and self.mark.read_text() == self.wanted

    def done(self) -> None:
        """Remember that the seeding is complete."""
        self.mark.write_text(self.wanted)


def _digest(configuration: str, secrets: dict[str, str]) -> str:
    digest = hashlib.sha256(repr((configuration, sorted(secrets.items()))).encode())
    migrations = (path for app in APPS for path in (ROOT / app).rglob("migrations/*.py"))
    for path in sorted([*migrations, *(ROOT / name for name in DECIDING)]):
        digest.update(path.read_bytes())
    return digest.hexdigest()
