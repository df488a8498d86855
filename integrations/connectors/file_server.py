"""What connectors whose files lie on a server share: what is entered for it, and the session with it."""

from typing import Final

from integrations.connectors.connection import Connection, Setting
from integrations.transports import ftp, ssh
from integrations.transports.file_session import FileSession
from integrations.transports.ftps import Ftps
from integrations.transports.sftp import Sftp

SFTP, FTPS = "sftp", "ftps"

SETTINGS: Final = (
    Setting(
        "protocol",
        "Protocol",
        "SFTP, or FTP under TLS (explicit FTPS).",
        required=False,
        default=SFTP,
        kind="choice",
        choices=(SFTP, FTPS),
        words=("SFTP", "FTPS"),
        place=True,
    ),
    Setting("host", "Host", "Such as sftp.example.com.", place=True),
    Setting(
        "port",
        "Port",
        "Usually 22, and 21 for FTPS.",
        required=False,
        default=22,
        kind="number",
        place=True,
    ),
    Setting("user", "User", "The name of the login."),
    Setting(
        "private_key",
        "Private key",
        "An OpenSSH or PEM key without a pass phrase. It goes before the password.",
        secret=True,
        required=False,
        kind="lines",
        check=ssh.private_key_fault,
        when=("protocol", SFTP),
    ),
    Setting("password", "Password", "Used without a key.", secret=True, required=False),
    Setting(
        "host_key",
        "Host key",
        "The server's public key as one OpenSSH line, such as ssh-ed25519 AAAA….",
        check=ssh.host_key_fault,
        place=True,
        when=("protocol", SFTP),
    ),
    Setting(
        "fingerprint",
        "Certificate's fingerprint",
        "SHA-256 of the one certificate that is trusted. Empty: any that an authority signed for"
        " the host.",
        required=False,
        check=ftp.fingerprint_fault,
        place=True,
        when=("protocol", FTPS),
    ),
    Setting(
        "authority",
        "Own authority",
        "The certificate of the authority that signs theirs, in PEM form, if it is not a"
        " public one.",
        required=False,
        kind="lines",
        check=ftp.authority_fault,
        place=True,
        when=("protocol", FTPS),
        seldom=True,
    ),
    Setting(
        "plain_because",
        "Why without encryption",
        "FTP without TLS: why that is good enough here. Password and files can then be read on the"
        " way. Empty: TLS is a must.",
        required=False,
        place=True,
        when=("protocol", FTPS),
        seldom=True,
    ),
)


def session_of(connection: Connection) -> FileSession:
    """The session with the server that was entered; nothing is opened yet."""
    settings, secrets = connection.settings, connection.secrets

    def entered(name: str) -> str:
        return str(settings.get(name) or "").strip()

    host, port, user = entered("host"), int(settings["port"]), entered("user")
    password = secrets.get("password")
    if entered("protocol") != FTPS:
        login = ssh.Login(
            host=host,
            port=port,
            user=user,
            host_key=entered("host_key"),
            password=password,
            private_key=secrets.get("private_key"),
        )
        return Sftp(login)
    return Ftps(
        ftp.Login(
            host=host,
            port=port,
            user=user,
            password=password,
            authority="\n".join(connection.lines("authority")),
            fingerprint=entered("fingerprint"),
            plain_because=entered("plain_because"),
        )
    )
