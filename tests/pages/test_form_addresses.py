"""Where forms post to: a page that says why a verb was refused stands at the address of that verb."""

import re
from pathlib import Path

from portal.env import ROOT

ACTION = re.compile(r'<form[^>]*\baction="([^"]*)"')

CHANGE = ROOT / "templates/integrations/change.html"


def _pages(app: str) -> list[Path]:
    return sorted((ROOT / "templates" / app).rglob("*.html"))


def test_no_form_posts_to_an_address_that_depends_on_where_its_page_stands():
    relative = [
        f"{path.relative_to(ROOT)}: {action}"
        for path in [*_pages("monitoring"), *_pages("billing"), CHANGE]
        for action in ACTION.findall(path.read_text())
        if not action.startswith(("/", "?", "{% url", "{{"))
        or re.match(r"\{\{ \w+\.(pk|id)", action)
    ]
    assert relative == []
