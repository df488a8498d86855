"""What every template keeps to: a strict content policy, the partner's own name, no colours."""

import re
from pathlib import Path

import pytest

from portal.tenants.mail_kinds import MAIL_KINDS

pytestmark = pytest.mark.pure

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MAILS = [path for path in TEMPLATES if path.parent.name == "emails"]
PAGES = [path for path in TEMPLATES if path not in MAILS]
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
PARTIALS = ROOT / "templates" / "components"


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


def matching(pattern: str, paths: list[Path]) -> list[str]:
    return names([path for path in paths if re.search(pattern, path.read_text(), re.IGNORECASE)])


def test_there_are_templates_and_scripts_to_look_at() -> None:
    assert {"base.html", "desk.html", "case.html", "login.html"} <= set(names(TEMPLATES))
    assert {"keys.js", "clocks.js"} <= set(names(SCRIPTS))


@pytest.mark.parametrize(
    "refused",
    [
        r"<style\b",
        r"\sstyle\s*=",
        r"\son[a-z]+\s*=\s*[\"']",
        r"\shx-on",
        r"javascript:",
        r"hx-(?:vals|headers)\s*=\s*[\"']js:",
        r"<script(?![^>]*\bsrc=)",
        r"https?://",
    ],
)
def test_no_template_needs_what_the_content_policy_refuses(refused: str) -> None:
    assert matching(refused, PAGES) == []


@pytest.mark.parametrize(
    "refused",
    [
        r"<style\b",
        r"<script",
        r"<img(?! src=\"{{ brand.logo }}\")",
        r"\son[a-z]+\s*=",
        r"https?://",
    ],
)
def test_a_mail_has_its_style_in_place_and_loads_nothing(refused: str) -> None:
    assert names(MAILS) == [
        "alert.html",
        "budget.html",
        "frame.html",
        "invitation.html",
        "invoice.html",
        "locked.html",
        "mail_test.html",
        "notices.html",
        "password.html",
        "question.html",
        "statement.html",
        "support_asked.html",
    ]
    assert matching(refused, MAILS) == []


def test_every_mail_stands_in_the_frame_and_its_words_can_be_the_partners() -> None:
    for ending in ("html", "txt"):
        folder = ROOT / "templates" / "emails"
        kinds = {path.stem for path in folder.glob(f"*.{ending}")} - {"frame"}
        assert kinds == set(MAIL_KINDS)
        frame = f'{{% extends "emails/frame.{ending}" %}}'
        bare = [k for k in kinds if not (folder / f"{k}.{ending}").read_text().startswith(frame)]
        assert bare == []


def test_no_partner_page_or_script_names_the_vendor() -> None:
    assert matching("crossdock", TEMPLATES + SCRIPTS) == []


def test_every_form_that_changes_something_carries_its_token() -> None:
    forms = re.compile(r"<form\b[^>]*method=\"post\"[^>]*>(.*?)</form>", re.DOTALL)
    bare = [
        path.name
        for path in TEMPLATES
        for body in forms.findall(path.read_text())
        if "{% csrf_token %}" not in body
    ]
    assert bare == []


def test_every_included_partial_exists() -> None:
    included = {
        name
        for path in TEMPLATES
        for name in re.findall(r"{% include \"([^\"]+)\"", path.read_text())
    }
    assert sorted(name for name in included if not (ROOT / "templates" / name).exists()) == []
    assert len(included) > 20


def test_every_partial_says_what_it_expects() -> None:
    silent = [
        path.name
        for path in PARTIALS.glob("*.html")
        if not path.read_text().startswith(("{#", "{% comment %}"))
    ]
    assert silent == []


def test_no_script_is_longer_than_300_lines() -> None:
    assert [path.name for path in SCRIPTS if len(path.read_text().splitlines()) >= 300] == []
