"""OpenSSH's server, which most partners' SFTP is."""

from tests.counterparts.installing import DebianPackages

SERVER = "usr/sbin/sshd"
COUNTERPART = DebianPackages(
    name="openssh",
    version="9.2",
    packages=("openssh-server", "libwrap0"),
    told=(SERVER, "-V"),
)
