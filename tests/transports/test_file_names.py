"""File names that come from other people."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.transports import file_names
from portal.core.errors import Permanent

pytestmark = pytest.mark.pure

BIDI = "orders\u202efdp.edi"  # shown as orderside.pdf


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("..", "names a folder"),
        (".", "names a folder"),
        ("", "names a folder"),
        ("../orders.edi", "separator"),
        ("/etc/passwd", "separator"),
        ("a/b.edi", "separator"),
        ("..\\orders.edi", "separator"),
        ("C:\\orders.edi", "separator"),
        ("a\x00.edi", "nobody can see"),
        ("a\r\nDELE b", "nobody can see"),
        ("a\x1b[2J.edi", "nobody can see"),
        (BIDI, "nobody can see"),
        ("a\u200b.edi", "nobody can see"),
        ("a\ufeff.edi", "nobody can see"),
        ("a\u2028.edi", "nobody can see"),
        ("a\udce4.edi", "nobody can see"),
        (" a.edi", "space"),
        ("a.edi ", "space"),
        ("a" * 201, "longer than 200 bytes"),
        ("ä" * 101, "longer than 200 bytes"),
    ],
)
def test_a_hostile_name_is_refused_and_why_is_said(name: str, why: str) -> None:
    assert why in file_names.fault(name)


@pytest.mark.parametrize(
    "name", ["945.edi", "Bestellung Ä 7.csv", "a" * 200, "注文.xml", "..a", "$(id).edi", ".hidden"]
)
def test_an_odd_name_that_harms_nobody_is_taken(name: str) -> None:
    assert file_names.fault(name) == ""


def test_a_path_is_taken_apart() -> None:
    assert file_names.parts_of("out/./archive/a.edi") == ["out", "archive", "a.edi"]
    assert file_names.parts_of(".") == []


@pytest.mark.parametrize(
    "path",
    ["/etc", "../x", "out/../../x", "out//x", "", "out/", "a\\b", "out/\x00", "a/" * 16 + "b"],
)
def test_a_path_that_leads_out_is_refused(path: str) -> None:
    with pytest.raises(Permanent) as caught:
        file_names.parts_of(path)
    assert caught.value.code == "file_name"


def test_a_claim_and_a_temporary_name_of_the_longest_name_are_paths() -> None:
    assert file_names.parts_of("out/" + "a" * 200 + ".20260303T160500Z-0123abcd")


@given(st.text(st.characters(codec=None), max_size=300))
def test_what_is_shown_can_be_seen_and_stored(name: str) -> None:
    shown = file_names.shown(name)
    assert json.loads(json.dumps(shown)) == shown
    assert shown.encode() and "\x00" not in shown if name else shown == ""
    assert not any(0x202A <= ord(c) <= 0x202E for c in shown)


def test_long_names_that_begin_alike_are_shown_apart() -> None:
    assert file_names.shown("a" * 300 + "1") != file_names.shown("a" * 300 + "2")
