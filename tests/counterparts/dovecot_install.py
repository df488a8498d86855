"""Dovecot's IMAP server. It looks for its parts below /usr, so it runs where its folder is laid over that, which
nobody else sees (a mount namespace)."""

import subprocess
from dataclasses import dataclass
from typing import Final

from tests.counterparts.installing import DebianPackages

PROGRAM: Final = "/usr/sbin/dovecot"


@dataclass(frozen=True, kw_only=True)
class Dovecot(DebianPackages):
    def works(self) -> bool:
        if not (self.folder / "usr").exists():
            return False
        try:
            told = subprocess.run(command("--version"), capture_output=True, text=True, timeout=20)
        except (OSError, subprocess.TimeoutExpired):
            return False
        return told.returncode == 0 and told.stdout.startswith(self.version)


COUNTERPART = Dovecot(
    name="dovecot",
    version="2.3",
    quick=False,  # it wants a mount namespace, which not every machine lets one have
    packages=("dovecot-core", "dovecot-imapd"),
    told=(PROGRAM,),
)


def command(*arguments: str) -> list[str]:
    """What runs Dovecot with its folder laid over /usr."""
    over = f"lowerdir={COUNTERPART.folder}/usr:/usr"
    laid = f'mount -t overlay overlay -o {over} /usr && exec {PROGRAM} "$@"'
    return ["unshare", "-m", "--propagation", "private", "sh", "-c", laid, "sh", *arguments]
