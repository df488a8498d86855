"""pyas2lib: AS2 by another hand."""

import re
from pathlib import Path

from tests.counterparts.installing import PythonPackages


def mend(folder: Path) -> None:
    """oscrypto 1.3.0, on which it stands, cannot read the version of an OpenSSL 3.0.10 or later."""
    for file in folder.rglob("oscrypto/_openssl/_libcrypto_c*.py"):
        text = file.read_text()
        file.write_text(
            re.sub(re.escape(r"\\d\\.\\d\\.\\d[a-z]*"), lambda _: r"\\d+\\.\\d+\\.\\d+[a-z]*", text)
        )


COUNTERPART = PythonPackages(
    name="pyas2lib",
    version="1.4.3",
    packages=("pyas2lib==1.4.3",),
    imports=("pyas2lib",),
    mend=mend,
)
PYTHON = COUNTERPART.python
