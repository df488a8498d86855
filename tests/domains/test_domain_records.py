"""Every wrong record is shown as such, with what to change."""

import pytest

from portal.core.dns_answer import Answer, Question
from portal.tenants.hosts.records import Edge, Judged, proof, questions, way

pytestmark = pytest.mark.pure

OTHER = (
    "The TXT record _site-check.portal.a.test has another value. Replace it with the expected one,"
    " without quotes."
)
HOST, CHECK, TOKEN = "portal.a.test", "_site-check.portal.a.test", "t0k3n"
EDGE = Edge("edge.sites.test", frozenset({"192.0.2.7", "2001:db8::7"}))


def answers(host=HOST, **values):
    """By type; None stands for a server that did not answer."""
    said = {question: Answer() for question in questions(host)}
    for kind, found in values.items():
        name = f"_site-check.{host}" if kind == "TXT" else host
        said[Question(name, kind)] = Answer(silent=True) if found is None else Answer(tuple(found))
    return said


def test_the_check_record_is_good_with_its_value_among_others():
    found = proof(HOST, TOKEN, answers(TXT=["other", TOKEN]))
    assert found == Judged(CHECK, "TXT", TOKEN, ("other", TOKEN), "good", "")


@pytest.mark.parametrize(
    ("values", "state", "advice"),
    [
        ([], "missing", f"Add a TXT record {CHECK} with the expected value."),
        (["else"], "wrong", OTHER),
        ([f'"{TOKEN}"'], "wrong", OTHER),
        ([TOKEN.upper()], "wrong", OTHER),
        (None, "unknown", "The name servers did not answer. This is looked at again by itself."),
    ],
)  # fmt: skip
def test_a_check_record_that_is_not_so_says_what_to_do(values, state, advice):
    found = proof(HOST, TOKEN, answers(TXT=values))
    assert (found.state, found.advice) == (state, advice)


@pytest.mark.parametrize("values", [[], ["else"], None])
def test_a_proven_domain_needs_its_check_record_no_more(values):
    found = proof(HOST, TOKEN, answers(TXT=values), proven="3 March 2026")
    assert (found.state, found.advice) == (
        "good", "Seen on 3 March 2026. It is not needed any more.",
    )  # fmt: skip


@pytest.mark.parametrize(
    "found",
    [
        {"CNAME": ["edge.sites.test"]},
        {"CNAME": ["edge.sites.test"], "A": ["192.0.2.7"]},
        {"CNAME": ["www.a.test"], "A": ["192.0.2.7"]},  # an alias of an alias that ends here
        {"A": ["192.0.2.7"]},
        {"A": ["192.0.2.7"], "AAAA": ["2001:db8::7"]},
        {"AAAA": ["2001:db8::7"]},
    ],
)
def test_a_host_leads_here_by_alias_or_by_address(found):
    assert way(HOST, EDGE, answers(**found)).state == "good"


@pytest.mark.parametrize(
    ("host", "found", "state", "advice"),
    [
        (HOST, {}, "missing", "Add a CNAME record portal.a.test with the value edge.sites.test."),
        ("a.test", {}, "missing",
         "A domain’s own name takes no CNAME at most providers: add A and AAAA records with 192.0.2.7 and"
         " 2001:db8::7, or an ALIAS to edge.sites.test where there is one."),
        (HOST, {"CNAME": ["shops.other.test"], "A": ["198.51.100.1"]}, "wrong",
         "portal.a.test leads elsewhere. Change the value of its CNAME to edge.sites.test."),
        (HOST, {"CNAME": ["edge.sites.test.a.test"]}, "wrong",
         "Your provider put your domain behind the value. Write it with a dot at the end."),
        (HOST, {"A": ["198.51.100.1"]}, "wrong",
         "portal.a.test leads to 198.51.100.1, which is not here. Replace the addresses by a CNAME to"
         " edge.sites.test."),
        ("a.test", {"A": ["198.51.100.1"]}, "wrong",
         "a.test leads to 198.51.100.1, which is not here. Replace the addresses by 192.0.2.7 and"
         " 2001:db8::7."),
        (HOST, {"A": ["192.0.2.7", "198.51.100.1"]}, "wrong",
         "Some visitors end up elsewhere. Remove 198.51.100.1 from the record."),
        (HOST, {"A": ["192.0.2.7"], "AAAA": ["2001:db8::1"]}, "wrong",
         "Some visitors end up elsewhere. Remove 2001:db8::1 from the record."),
        (HOST, {"CNAME": None}, "unknown",
         "The name servers did not answer. This is looked at again by itself."),
        (HOST, {"A": None}, "unknown",
         "The name servers did not answer. This is looked at again by itself."),
    ],
)  # fmt: skip
def test_a_host_that_does_not_lead_here_says_what_to_change(host, found, state, advice):
    judged = way(host, EDGE, answers(host, **found))
    assert (judged.state, judged.advice) == (state, advice)


def test_addresses_are_not_judged_while_ours_are_unknown():
    judged = way(HOST, Edge("edge.sites.test", frozenset()), answers(A=["192.0.2.7"]))
    assert judged.state == "unknown"
    assert "could not be looked up" in judged.advice


def test_an_alias_to_us_is_good_although_our_addresses_are_unknown():
    edge = Edge("edge.sites.test", frozenset())
    assert way(HOST, edge, answers(CNAME=["edge.sites.test"])).state == "good"
    assert way(HOST, edge, answers(CNAME=["else.test"])).state == "wrong"
