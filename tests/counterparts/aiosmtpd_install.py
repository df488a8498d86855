"""aiosmtpd, a mail server that puts what it takes into a maildir."""

from tests.counterparts.installing import PythonPackages

COUNTERPART = PythonPackages(
    name="aiosmtpd", version="1.4.6", packages=("aiosmtpd==1.4.6",), imports=("aiosmtpd.main",)
)
