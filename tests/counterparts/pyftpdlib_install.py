"""pyftpdlib, an FTP server that speaks TLS."""

from tests.counterparts.installing import PythonPackages

COUNTERPART = PythonPackages(
    name="pyftpdlib",
    version="2.2.0",
    packages=("pyftpdlib==2.2.0", "pyOpenSSL==26.4.0"),
    imports=("pyftpdlib.servers", "OpenSSL"),
)
