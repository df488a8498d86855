"""An operator who works with the desk's pages as a browser without JavaScript would."""

import re
import time
from typing import Any, NamedTuple

import requests
from bs4 import BeautifulSoup, Tag

PASSWORD = "correct horse battery staple"
PATIENCE = 180.0


class Prediction(NamedTuple):
    """What a dry run foretold, and what the same page said afterwards."""

    documents: int
    right: int


class Operator:
    """`actions`: keys and clicks of a person: pages opened, fields filled in, buttons pressed.

    Looking again whether something has come to its end is none.
    """

    def __init__(self, port: int, host: str, email: str) -> None:
        self.site = f"http://127.0.0.1:{port}"
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers["Host"] = f"{host}:{port}"
        self.actions = 0
        self._sign_in(email)

    def _sign_in(self, email: str) -> None:
        page = self._get("/login/")
        form = page.select_one("form")
        self._send(form, {"username": email, "password": PASSWORD})
        self.actions = 0

    def open(self, path: str) -> BeautifulSoup:
        """Follow a link."""
        self.actions += 1
        return self._get(path)

    def press(self, form: Tag, **filled: str) -> BeautifulSoup:
        """Fill in some fields of a form and send it."""
        self.actions += 1 + len(filled)
        return self._send(form, filled)

    def wait_for(self, path: str, selector: str) -> BeautifulSoup:
        """The page once it has what a person waits for."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            page = self._get(path)
            if page.select_one(selector):
                return page
            if trouble := page.select_one("#said [role=alert]"):
                raise SystemExit(f"{path}: {trouble.get_text(' ', strip=True)}")
            time.sleep(0.3)
        raise SystemExit(f"{path} never had {selector}: {page.get_text(' ', strip=True)[:2000]}")

    def _get(self, path: str) -> BeautifulSoup:
        return self._page(self.http.get(self.site + path, timeout=60, allow_redirects=False))

    def _send(self, form: Tag | None, filled: dict[str, str]) -> BeautifulSoup:
        if form is None:
            raise SystemExit("There is no such form on the page.")
        values = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
        for select in form.select("select[name]"):
            chosen = select.select_one("option[selected]") or select.select_one("option")
            values[select["name"]] = chosen["value"] if chosen else ""
        data: dict[str, Any] = {**values, **filled}
        data.pop("insist", None)
        answer = self.http.post(
            self.site + str(form.get("action") or self.path),
            data=data,
            timeout=60,
            allow_redirects=False,
        )
        return self._page(answer)

    def _page(self, answer: requests.Response) -> BeautifulSoup:
        """The page, after any redirects within the site: its name resolves nowhere here."""
        while answer.is_redirect:
            to = re.sub(r"^https?://[^/]+", "", answer.headers["Location"])
            answer = self.http.get(self.site + to, timeout=60, allow_redirects=False)
        if answer.status_code >= 400:
            raise SystemExit(f"{answer.url}: {answer.status_code} {answer.text[:1500]}")
        self.path = re.sub(r"^https?://[^/]+", "", answer.url)
        return BeautifulSoup(answer.content, "html.parser")
