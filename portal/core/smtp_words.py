"""Why a mail server did not take a mail: in words, with what it said itself."""

import socket
import ssl
from email.utils import parseaddr
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from typing import Final, NamedTuple

from portal.core.errors import CrossdockError
from portal.core.smtp import Server, words

_CHECK_PORT: Final = "Look at the port and at whether it speaks TLS"


class Failure(NamedTuple):
    """`why`: a clause to stand after "not sent:", with the remedy. `said`: the server's own words, or blank.
    `is_servers`: it would take no mail at all; else it is about one address."""

    why: str
    said: str = ""
    is_servers: bool = True


def failure(error: Exception, server: Server) -> Failure:
    """What became of a mail that `server` did not take."""
    if isinstance(error, SMTPRecipientsRefused):
        return _recipients(error, server.host)
    if isinstance(error, SMTPResponseException):
        return Failure(_refused(error, server), words(error.smtp_code, error.smtp_error))
    return Failure(_broken(error, server))


def _recipients(error: SMTPRecipientsRefused, host: str) -> Failure:
    code, text = next(iter(error.recipients.values()))
    return Failure(f"{host} does not take this address", words(code, text), is_servers=False)


def _refused(error: SMTPResponseException, server: Server) -> str:
    if isinstance(error, SMTPAuthenticationError):
        return f"{server.host} does not take the user and password. Enter them again"
    if isinstance(error, SMTPSenderRefused):
        _, address = parseaddr(error.sender)
        return f"{server.host} does not let this user send as {address}. Allow it there"
    if isinstance(error, SMTPDataError):
        return f"{server.host} refused the mail itself"
    if isinstance(error, SMTPConnectError | SMTPHeloError):
        return f"{server.host} does not talk to us"
    return f"{server.host} refused"


def _broken(error: Exception, server: Server) -> str:
    host, place = server.host, f"{server.host} at port {server.port}"
    if isinstance(error, CrossdockError):  # of the guard
        return str(error).rstrip(".")
    if isinstance(error, SMTPNotSupportedError):
        what = "a user and password" if "AUTH" in str(error) else "STARTTLS"
        return f"{place} offers no {what}. {_CHECK_PORT}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of {host} does not hold: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"{place} does not speak TLS this way. {_CHECK_PORT}"
    if isinstance(error, ConnectionRefusedError):
        return f"nobody answers for {place}. {_CHECK_PORT}"
    if isinstance(error, SMTPServerDisconnected | ConnectionError):
        return f"{place} hung up. {_CHECK_PORT}"
    if isinstance(error, TimeoutError | socket.timeout):
        return f"{place} did not answer in time. {_CHECK_PORT}"
    return f"{place} could not be reached"
