"""Statements in a chain: whichever is touched is named."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.seal import SeedSigner, digest, link
from monitoring.seal.chain import examine

pytestmark = pytest.mark.pure

OURS, THEIRS = SeedSigner(b"k" * 32), SeedSigner(b"x" * 32)
MONTHS = ("January", "February", "March", "April")


def sealed(signer=OURS):
    links = []
    for month in MONTHS:
        before = links[-1] if links else None
        links.append(link(month, b'{"month":"%s"}' % month.encode(), after=before, signer=signer))
    return links


def flaws(links):
    return [flaw.sentence for flaw in examine(links, trusted=[OURS.key])]


def test_an_untouched_chain_has_no_flaw():
    assert flaws(sealed()) == flaws(sealed()[::-1]) == flaws([]) == []


def test_it_is_the_same_chain_every_time():
    assert sealed() == sealed()


def test_each_names_the_one_before():
    links = sealed()
    assert [one.previous for one in links] == ["", *(one.hash for one in links[:-1])]
    assert links[0].hash == digest(b'{"month":"January"}')


def test_a_changed_content_is_named():
    links = sealed()
    links[1] = replace(links[1], content=b'{"month":"better"}')
    assert flaws(links) == ["The content of February was changed after it was sealed."]


def test_a_changed_content_with_its_hash_breaks_the_signature_and_the_next():
    links = sealed()
    links[1] = replace(links[1], content=b"{}", hash=digest(b"{}"))
    assert flaws(links) == [
        "February: The signature does not fit: what was signed is not what stands here.",
        "March does not follow February as it stands here.",
    ]


def test_a_statement_sealed_anew_breaks_the_next():
    links = sealed()
    links[1] = link("February", b"{}", after=links[0], signer=OURS)
    assert flaws(links) == ["March does not follow February as it stands here."]


def test_a_removed_statement_is_missed():
    links = sealed()
    assert flaws(links[:1] + links[2:]) == ["Between January and March a statement is missing."]
    assert flaws(links[1:]) == ["February is the first here, but others were sealed before it."]


def test_a_foreign_key_is_named():
    links = [*sealed()[:3], link("April", b"{}", after=sealed()[2], signer=THEIRS)]
    assert flaws(links) == [
        f"April: It is signed with the key {THEIRS.key[:16]}…, which is none of this installation."
    ]


def test_two_statements_of_one_number_are_named():
    links = sealed()
    assert flaws([*links, links[3]]) == ["April and April have the same number."]


@pytest.mark.parametrize("key", ["", "zz", "00" * 32, OURS.key[:-2] + "00"])
def test_a_broken_key_or_signature_is_a_flaw_and_no_crash(key):
    links = sealed()
    links[0] = replace(links[0], signature=replace(links[0].signature, key=key))
    assert len(flaws(links)) == 1


def test_a_seed_of_another_length_is_refused():
    with pytest.raises(ValueError, match="32"):
        SeedSigner(b"short")


@given(st.integers(0, 3), st.sampled_from(["content", "hash", "previous", "signature"]), st.data())
def test_any_single_change_is_found_at_its_statement_or_the_next(at, field, data):
    links = sealed()
    broken = data.draw(st.text("0123456789abcdef", min_size=64, max_size=64))
    value = {
        "content": broken.encode(),
        "hash": broken,
        "previous": broken,
        "signature": replace(links[at].signature, value=broken * 2),
    }[field]
    links[at] = replace(links[at], **{field: value})
    found = examine(links, trusted=[OURS.key])
    assert found
    assert {flaw.number for flaw in found} <= {at + 1, at + 2}
