"""A provider that we did not write, as a process of its own on this machine."""

import os
import subprocess
import sys
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from portal.demo import ports
from tests.live import until

CLIENT = "portal"


class LocalProvider:
    """oidc-provider-mock. It has an RSA key of its own for as long as it runs: a new start is new keys."""

    def __init__(self) -> None:
        self.port = ports.find_free()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.http = requests.Session()
        self.http.trust_env = False
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(self.port),
             "--require-nonce", "true"],
            env={**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until(self._answers, seconds=60)

    def _answers(self) -> bool:
        try:
            return self.http.get(self.issuer, timeout=5).status_code == 200
        except requests.ConnectionError:
            return False

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait(10)
        self.process = None

    def knows(self, subject: str, **claims: Any) -> None:
        """Somebody who can sign in there, with what it says of them."""
        self.http.put(f"{self.issuer}/users/{subject}", json=claims, timeout=10).raise_for_status()

    def signs_in(self, address: str, subject: str) -> dict[str, str]:
        """Somebody who was sent there signs in: what the browser comes back with."""
        return self._posted(address, {"sub": subject})

    def says_no(self, address: str) -> dict[str, str]:
        return self._posted(address, {"action": "deny"})

    def _posted(self, address: str, form: dict[str, str]) -> dict[str, str]:
        answer = self.http.post(address, data=form, allow_redirects=False, timeout=10)
        assert answer.status_code == 302, answer.text
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
