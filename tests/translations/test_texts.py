"""Every text that is marked has its German one, and what is compiled is what is written."""

import ast
import re

import pytest

from monitoring.domain import own_titles
from monitoring.slo.sli import SLIS
from monitoring.taxonomy import KINDS
from portal.tenants.mail_kinds import MAIL_KINDS
from tests.translations import texts

pytestmark = pytest.mark.pure

ENTRIES = texts.entries()
KNOWN = {(one.context, one.one) for one in ENTRIES}
STAFF_ONLY = {"alert", "mail_test"}  # mails that no customer gets
_CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext"}
_TAG = re.compile(r"""{%\s*translate\s+"([^"]*)"(?:\s+context\s+"([^"]*)")?""")
_UNDERSCORE = re.compile(r"""\b_\("([^"]*)"\)""")


def marked_in_templates() -> set[tuple[str, str]]:
    text = texts.sources(".html", ".txt")
    found = {(context, one) for one, context in _TAG.findall(text)}
    return found | {("", one) for one in _UNDERSCORE.findall(text)}


def trees():
    for name in ("portal", "integrations", "monitoring", "billing"):
        for path in (texts.ROOT / name).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            if "gettext" in source:
                yield path, ast.parse(source)


def marked_in_code() -> set[tuple[str, str]]:
    found = set()
    for _path, tree in trees():
        for call in ast.walk(tree):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Name)
                and call.func.id in _CALLS
            ):
                words = [
                    one.value
                    for one in call.args
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                ]
                if call.func.id == "pgettext":
                    found.add((words[0], words[1]))
                elif words:
                    found.add(("", words[0]))
    return found


def test_the_file_is_not_empty():
    assert len(ENTRIES) > 1000


@pytest.mark.parametrize("marked", [marked_in_templates, marked_in_code])
def test_every_text_that_is_marked_is_in_the_file(marked):
    found = marked()
    assert len(found) > 300
    assert sorted(found - KNOWN) == []


def test_every_text_has_a_german_one_that_somebody_has_looked_at():
    assert [one.one for one in ENTRIES if not all(one.said) or one.is_fuzzy] == []
    assert [one.one for one in ENTRIES if len(one.said) != (2 if one.many else 1)] == []


def test_german_texts_fill_in_what_the_english_ones_do():
    wrong = [
        (english, said)
        for one in ENTRIES
        for english, said in zip((one.one, one.many), one.said, strict=False)
        if texts.places(said) != texts.places(english)
    ]
    assert wrong == []


def test_code_fills_in_what_its_texts_ask_for():
    wrong = []
    for path, tree in trees():
        for one in ast.walk(tree):
            if not (
                isinstance(one, ast.BinOp)
                and isinstance(one.op, ast.Mod)
                and isinstance(one.right, ast.Dict)
            ):
                continue
            if not all(isinstance(key, ast.Constant) for key in one.right.keys):
                continue
            asked = set(re.findall(r"%\((\w+)\)", ast.unparse(one.left)))
            given = {key.value for key in one.right.keys}
            if asked and asked - given:
                wrong.append((str(path), one.lineno, asked - given))
    assert wrong == []


def test_german_texts_begin_and_end_with_the_same_blanks():
    """Parts of sentences are put together."""
    assert [
        one.one for one in ENTRIES for said in one.said
        if (one.one[0].isspace(), one.one[-1].isspace()) != (said[0].isspace(), said[-1].isspace())
    ] == []  # fmt: skip


def test_links_lead_where_they_lead_in_english():
    for one in ENTRIES:
        for said in one.said:
            assert re.findall(r"<[^>]+>", said) == re.findall(r"<[^>]+>", one.one), one.one


def test_what_is_compiled_is_what_is_written():
    """`make messages` compiles; whoever edits the file by hand runs it, too."""
    catalogue = texts.compiled()
    for one in ENTRIES:
        if one.many:
            assert catalogue.ngettext(one.one, one.many, 1) == one.said[0]
            assert catalogue.ngettext(one.one, one.many, 2) == one.said[1]
        elif one.context:
            assert catalogue.pgettext(one.context, one.one) == one.said[0]
        else:
            assert catalogue.gettext(one.one) == one.said[0]
    singles = {key for key in catalogue._catalog if isinstance(key, str) and key}
    plurals = {key[0] for key in catalogue._catalog if isinstance(key, tuple)}
    assert len(singles | plurals) == len(ENTRIES)


def test_no_text_is_in_the_file_that_nothing_says():
    """Blocks of templates are compared by the sources that hold their words."""
    marked = marked_in_templates() | marked_in_code()
    blocks = texts.sources(".html", ".txt")
    unused = [
        one.one for one in ENTRIES
        if (one.context, one.one) not in marked and not _is_block(one.one, blocks)
    ]  # fmt: skip
    assert unused == []


def _is_block(text: str, blocks: str) -> bool:
    pattern = re.sub(r"%\\\((\w+)\\\)s", r"{{ \1 }}", re.escape(text).replace("%%", "%"))
    return re.search(r"blocktranslate[^%]*%}" + pattern + r"{%", blocks) is not None


def test_every_title_of_a_case_is_known_in_every_language():
    assert {kind.customer_title for kind in KINDS.values()} == set(own_titles.TITLES)


def test_every_promise_and_every_mail_to_customers_has_its_words():
    assert {("", one.title) for one in SLIS.values()} <= KNOWN
    assert {("", one.unit) for one in SLIS.values()} <= KNOWN
    subjects = {one.subject for kind, one in MAIL_KINDS.items() if kind not in STAFF_ONLY}
    assert {("", one) for one in subjects - {"{headline}"}} <= KNOWN


def test_customers_are_spoken_to_formally():
    said = [text for one in ENTRIES for text in one.said]
    assert [
        text for text in said if re.search(r"\b(du|dein\w*|dich|dir|euch|euer)\b", text, re.I)
    ] == []
