"""Where forms post to: a page may stand at the address of the verb that was refused on it."""

import re

from portal.env import ROOT

ACTION = re.compile(r'<form[^>]*\baction="([^"]*)"')


def test_no_form_posts_to_an_address_that_depends_on_where_its_page_stands():
    relative = [
        f"{path.relative_to(ROOT)}: {action}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for action in ACTION.findall(path.read_text())
        if not action.startswith(("/", "?", "{% url", "{{")) or re.match(r"\{\{ \w+\.(pk|id)", action)
    ]
    assert relative == []
