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


@pytest.mark.parametrize(
    "text",
    [
        "{&#x27;url&#x27;: &#x27;C:/cross-dock/Müller&#x27;}",
        "<td>{'url': 'C:/cross-dock/Müller'}</td>",
        """{"said": "{'url': 'C:/cross-dock/M\\u00fcller'}"}""",
        """7,"{'url': 'C:/cross-dock/Müller'}",changed""",
    ],
)
def test_data_are_known_however_a_page_or_a_file_writes_them(text):
    read = words.read(text, data=["{'url': 'C:/cross-dock/Müller'}"])
    assert (read.found, read.in_data) == ((), 1)


def test_data_that_hold_quotes_are_known_in_json_and_csv():
    value = 'the "cross-dock" at Reno'
    for text in (f'{{"a": "{value}"}}'.replace(' "c', r" \"c").replace('k" ', r'k\" '),
                 '1,"the ""cross-dock"" at Reno"', "the &quot;cross-dock&quot; at Reno"):  # fmt: skip
        assert words.read(text, data=[value]) == words.Read((), 1)
        assert words.read(text, data=["another cross-dock"]).found


def test_data_that_are_nothing_but_the_name_excuse_only_what_stands_alone():
    page = '<td>Crossdock</td><p>by Crossdock</p>{"site": "Crossdock"}'
    read = words.read(page, data=["Crossdock"])
    assert (len(read.found), read.in_data) == (1, 2)
    assert "by Crossdock" in read.found[0].excerpt
