"""Settings of the tests: a server tuned for speed, keys and files of their own, a fast hasher."""

import os
import tempfile

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
if os.environ.get("CROSSDOCK_TEST_WORKER", "") != WORKER:  # it inherits what its controller chose
    for name in ("CROSSDOCK_DATABASE_NAME", "CROSSDOCK_DATA"):
        os.environ.pop(name, None)
    os.environ["CROSSDOCK_TEST_WORKER"] = WORKER
os.environ.setdefault("CROSSDOCK_EMBEDDED", "test")
os.environ.setdefault("CROSSDOCK_DATABASE_NAME", f"crossdock_test_{os.getpid()}")
os.environ.setdefault("CROSSDOCK_DATA", tempfile.mkdtemp(prefix="crossdock-test-"))
os.environ.setdefault("CROSSDOCK_ALLOWED_NETWORKS", "127.0.0.0/8,::1/128")
# Databases that tests make: files of theirs, and sockets of the embedded server.
os.environ.setdefault("CROSSDOCK_ALLOWED_FILES", "/")

from portal.settings import *  # noqa: E402, F403
from portal.settings import Q_CLUSTER  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
Q_CLUSTER["sync"] = True
