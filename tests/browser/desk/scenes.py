"""Every page of the desk and its neighbours, in each state somebody may find it in."""

import re

from playwright.sync_api import Page, expect

from tests.browser.scenery import hold, number
from tests.live import Installation

SLOWLY = 90_000
_POST = """([path, fields]) => fetch(path, {method: "POST", body: new URLSearchParams(fields),
    headers: JSON.parse(document.body.getAttribute("hx-headers"))}).then(answer => answer.url)"""
Paths = dict[str, str]


class Scenes:
    """Makes the cases and what is done about them; `paths` has the address of each scene."""

    def __init__(self, installation: Installation, page: Page, base: str) -> None:
        self.installation, self.page, self.base = installation, page, base
        self.paths: Paths = {
            "desk": "/desk/", "desk-empty": "/desk/?q=nothing-like-it", "rules": "/rules/",
            "settings": "/desk/settings/", "team": "/desk/settings/teams/new/",
            "assignment": "/desk/settings/rules/new/", "customers": "/customers/",
            "calendar": "/customers/harbor/calendar/",
        }  # fmt: skip

    def build(self) -> None:
        hold(self.installation, "CANOE-OLD", count=11, quantity=24)
        hold(self.installation, "CANOE-OLD", count=2, also="DINGHY-OLD", quantity=6)
        hold(self.installation, "YAWL-OLD", count=7, quantity=9)
        for code in ("KETCH-OLD", "SLOOP-OLD", "FERRY-OLD", "TUG-OLD"):
            hold(self.installation, code, count=2, quantity=len(code))
        self.paths["case"] = f"/cases/{self._case('DINGHY-OLD')}/"
        self._fixes()
        self._waiting()
        self._question()
        self._rule()
        self._settings()
        self._bulk()

    def _case(self, code: str) -> int:
        return number(self.installation, code)

    def _open(self, path: str) -> None:
        self.page.goto(self.base + path)

    def _fixes(self) -> None:
        begun = {
            "checked": "CANOE-OLD", "canary": "YAWL-OLD", "done": "KETCH-OLD", "undone": "SLOOP-OLD"
        }  # fmt: skip
        for name, code in begun.items():
            self._open(f"/cases/{self._case(code)}/?remedy=lookup&value=TENT-4P")
            self.page.locator("#flow-end .primary").click()
            self.page.wait_for_url("**/fixes/*/")
            self.paths[name] = self.page.url.removeprefix(self.base)
        self._say("checked", "would still fail")
        self._go("canary", "The canary of 5 is done")
        self._go("done", "Replayed 2 of 2")
        self._go("undone", "Replayed 2 of 2")
        self.page.locator("form[data-until] button").click()
        expect(self.page.locator("#said")).to_contain_text("Undone at", timeout=SLOWLY)

    def _say(self, name: str, text: str) -> None:
        self._open(self.paths[name])
        expect(self.page.locator("#said")).to_contain_text(text, timeout=SLOWLY)

    def _go(self, name: str, text: str) -> None:
        self._say(name, "will pass")
        self.page.locator("#flow-end .primary").click()
        expect(self.page.locator("#said")).to_contain_text(text, timeout=SLOWLY)

    def _waiting(self) -> None:
        self._open(f"/cases/{self._case('FERRY-OLD')}/?remedy=wait")
        self.page.locator("#remedy input[name=reason]").fill("asked the shop")
        self.page.locator("#flow-end .primary").click()
        expect(self.page.locator("#activity")).to_contain_text("asked the shop")

    def _question(self) -> None:
        self.paths["ask"] = f"{self.paths['case']}ask/"
        self._open(self.paths["ask"])
        self.page.get_by_role("button", name=re.compile("^Ask ")).click()
        link = self.page.locator(".asked-link [data-copy]").first.get_attribute("data-copy")
        assert link is not None
        self.paths["question"] = "/ask/" + link.rpartition("/ask/")[2]

    def _rule(self) -> None:
        fix = self.paths["done"].rstrip("/").rpartition("/")[2]
        made = self.page.evaluate(_POST, ["/rules/propose/", {"fix": fix, "scope": "customer"}])
        self.paths["rule"] = made.removeprefix(self.base)

    def _settings(self) -> None:
        self._open(self.paths["team"])
        self.page.fill("[name=name]", "Master data")
        self.page.locator("[name=members]").first.check()
        self.page.get_by_role("button", name="Save").click()
        self.page.wait_for_url("**/desk/settings/")
        self._open(self.paths["assignment"])
        self.page.select_option("[name=customer]", label="Maris Foods")
        self.page.select_option("[name=to]", label="Master data")
        self.page.get_by_role("button", name="Save").click()
        self.page.wait_for_url("**/desk/settings/")

    def _bulk(self) -> None:
        self._open("/desk/")
        self.page.locator("[data-pick-all]").check()
        self.page.locator("#bulk button[value=wait]").click()
        self.page.wait_for_url("**/desk/bulk/**")
        self.paths["bulk"] = self.page.url.removeprefix(self.base)
