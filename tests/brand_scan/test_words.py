import base64

import pytest

from portal.pages.brand_scan import words

pytestmark = pytest.mark.pure

ZERO_WIDTH, SOFT_HYPHEN = "\u200b", "\u00ad"


@pytest.mark.parametrize(
    "text",
    [
        "Powered by Crossdock",
        "CROSSDOCK",
        "cross-dock",
        "Cross Dock",
        "cross_dock",
        "Cross  Dock",
        "Cross.Dock",
        "Cross’Dock",
        f"Cross{ZERO_WIDTH}dock",
        f"Cross{SOFT_HYPHEN}dock",
        "Ｃｒｏｓｓｄｏｃｋ",  # wide letters
        "Сrossdоck",  # a Cyrillic C and o
        "Cr\u0301ossdock",  # an accent of its own
        "<body class=crossdock-page>",
        "<!-- crossdock 1.0 -->",
        "<b>Cross</b>dock",
        "&#67;rossdock",
        "cross&#x64;ock",
        "cross&shy;dock",
        "window.myCrossdockMenu = 1",
        "--crossdock-accent: red",
        '{"crossdock_id": 1}',
        '{"by": "\\u0043rossdock"}',
        "'\\x43rossdock'",
        "%43rossdock",
        "cross%2Ddock",
        "X-Crossdock-Event: a",
        f"data:image/svg+xml;base64,{base64.b64encode(b'<svg><title>Crossdock</title></svg>').decode()}",
    ],
)
def test_the_name_is_found_however_it_is_spelled(text):
    assert words.name_in(text)
    assert words.read(text).found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "across dock 3",
        "crossdocking is what warehouses do",
        "cross-docking",
        "a cross and a dock",
        "cross the dock",
        "crossed docks",
        "Crossroads Dockside",
        "cross docks",
    ],
)
def test_other_words_are_not_the_name(text):
    assert not words.name_in(text)
    assert words.read(text) == words.Read()


def test_what_is_found_stands_in_its_surroundings():
    (found,) = words.read("A line before.\n  Powered by Crossdock, with care.").found
    assert found == ("Crossdock", "A line before. Powered by Crossdock, with care.")


def test_each_place_is_found_once():
    assert len(words.read("<b>Crossdock</b> and &#67;rossdock").found) == 2


def test_what_a_customers_data_say_is_no_leak_and_is_counted():
    page = "<td>Reno cross-dock 4</td><footer>made with cross-dock</footer>"
    read = words.read(page, data=["Reno cross-dock 4"])
    assert (len(read.found), read.in_data) == (1, 1)
    assert "made with" in read.found[0].excerpt


def test_data_that_are_nothing_but_the_name_excuse_only_what_stands_alone():
    page = '<td>Crossdock</td><p>by Crossdock</p>{"site": "Crossdock"}'
    read = words.read(page, data=["Crossdock"])
    assert (len(read.found), read.in_data) == (1, 2)
    assert "by Crossdock" in read.found[0].excerpt
