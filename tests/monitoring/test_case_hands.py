"""Into whose hands a case goes: taken, kept by signs of life, given back, assigned, merged, split."""

from datetime import datetime

import pytest

from integrations.models import Message
from monitoring.domain import states
from monitoring.models import CaseEvent, ExceptionCase, Lease, Team
from portal.accounts.models import Person, Role
from portal.core import clock
from tests.monitoring.conftest import hold
from tests.monitoring.desk import make
from tests.monitoring.hands import follow, page_of, tried, url
from tests.pages.scenery import page, texts
from tests.people import sign_in

pytestmark = [pytest.mark.db, pytest.mark.long]
MONDAY = datetime.fromisoformat("2026-03-02T09:00:00+00:00")


@pytest.fixture
def case(harbor):
    return hold(harbor, "1001", "1002", "1003")


def post(client, case, verb, **given):
    return client.post(f"/cases/{case.pk}/{verb}/", given)


def shown(client, case, query=""):
    return page(client.get(f"/cases/{case.pk}/{query}"))


def test_a_free_case_is_taken_and_given_back(operator, case):
    button = shown(operator, case).select_one("#holder button[data-key=t]")
    assert button.text.strip() == "Take it T"
    post(operator, case, "take")
    mine = shown(operator, case)
    assert texts(mine, "#holder .status") == ["Operator, lease 5 min"]
    assert mine.select_one("#holder")["hx-post"] == f"/cases/{case.pk}/beat/"
    case.refresh_from_db()
    assert case.acknowledged_at is not None
    post(operator, case, "release")
    assert texts(shown(operator, case), "#holder .status") == []


def test_who_comes_second_reads_who_has_it(operator, engineer, case):
    post(operator, case, "take")
    theirs = shown(engineer, case)
    assert texts(theirs, "#holder .status") == ["Operator, lease 5 min"]
    assert theirs.select("#holder button") == []
    refused = follow(engineer, post(engineer, case, "take"))
    assert texts(refused, ".toast")[0].startswith("Operator works on it since ")


def test_a_sign_of_life_prolongs_and_a_lost_lease_is_said_at_once(operator, engineer, case):
    with clock.freeze(MONDAY) as now:
        post(operator, case, "take")
        now.move(120)
        kept = post(operator, case, "beat")
        assert texts(page(kept), "#holder .status") == ["Operator, lease 5 min"]
        assert not kept.has_header("HX-Trigger")
        now.move(301)
        post(engineer, case, "take")
        lost = post(operator, case, "beat")
    told = "The case is Engineer's now: your lease had ended."
    assert lost["HX-Trigger"] == f'{{"lease-lost": "{told}"}}'
    answer = page(lost)
    assert texts(answer, "#urgent[hx-swap-oob=innerHTML]") == [told]
    assert not answer.select_one("#holder").has_attr("hx-post")
    assert Lease.objects.filter(ended_at=None).get().person_name == "Engineer"


def test_a_case_is_assigned_to_a_person_a_team_or_nobody(operator, engineer, case):
    team = Team.objects.create(name="EDI")
    me = Person.objects.get(email="operator@kestrel.test")
    options = texts(shown(operator, case), "#hands-to option")
    assert options == ["nobody", "Operator (me)", "team EDI", "Engineer"]
    for to, name in ((f"person:{me.pk}", "Operator"), (f"team:{team.pk}", "EDI"), ("", "")):
        post(operator, case, "assign", to=to)
        found = dict(
            zip(
                texts(shown(operator, case), ".facts dt"),
                texts(shown(operator, case), ".facts dd"),
                strict=True,
            )
        )
        assert found.get("Assigned to", "") == name


def test_nobody_is_assigned_who_may_not_work_on_cases(kestrel, operator, viewer, case):
    sign_in(kestrel, "finance")
    for person in Person.objects.filter(role__slug__in=("finance", "viewer")):
        refused = follow(operator, post(operator, case, "assign", to=f"person:{person.pk}"))
        assert texts(refused, ".toast") == [
            "There is nobody of that name to give it to. Choose again."
        ]
    case.refresh_from_db()
    assert case.assignee is None


def test_tags_are_short_words_each_once(operator, case):
    post(operator, case, "tags", tags="EDI, brightmart ,edi,, ")
    case.refresh_from_db()
    assert case.tags == ["brightmart", "edi"]
    assert shown(operator, case).select_one("#hands-tags")["value"] == "brightmart, edi"


def test_a_long_tag_is_refused_and_not_cut(operator, case):
    post(operator, case, "tags", tags=f"edi, {'x' * 30}")
    refused = follow(operator, post(operator, case, "tags", tags=f"edi, {'x' * 31}"))
    assert texts(refused, ".toast") == ["A tag has at most 30 characters."]
    case.refresh_from_db()
    assert case.tags == ["edi", "x" * 30]


def test_a_comment_may_be_for_the_customer_and_is_marked(operator, case):
    post(operator, case, "comment", comment="internal <b>")
    post(operator, case, "comment", comment="We are on it.", for_customer="on")
    events = CaseEvent.objects.filter(action="comment").order_by("pk")
    assert [event.for_customer for event in events] == [False, True]
    assert texts(shown(operator, case), ".activity li")[:2] == [
        f"{texts(shown(operator, case), '.activity time')[0]} You: We are on it. the customer reads this",
        f"{texts(shown(operator, case), '.activity time')[1]} You: internal <b>",
    ]


def test_a_comment_is_sent_by_a_button_after_its_box(operator, case):
    form = shown(operator, case).select_one(".comment-form")
    reached = [one for one in form.select("input:not([type=hidden]), button")]
    assert [one.get("name") or one.text for one in reached] == [
        "comment", "for_customer", "Comment",
    ]  # fmt: skip
    assert "without-script" not in reached[-1]["class"]


def test_the_whole_log_is_there_beyond_fifty(operator, case):
    for n in range(60):
        states.comment(case, text=f"note {n}", actor="Operator")
    first = shown(operator, case)
    assert len(first.select(".activity li")) == 50
    more = first.select_one("#activity a")
    assert more.text == "Show all 61"  # and the one of its opening
    everything = page(operator.get(more["href"].partition("#")[0]))
    assert len(everything.select(".activity li")) == 61
    assert everything.select("#activity > p a") == []


def test_a_case_is_merged_into_another_of_the_customer(operator, harbor, case):
    other = hold(harbor, "2001", sku="TENT-OLDER")
    merged = post(operator, case, "merge", into=other.label.lower())
    assert merged["Location"] == f"/cases/{other.pk}/"
    other.refresh_from_db()
    case.refresh_from_db()
    assert (other.documents, case.merged_into_id, case.is_open) == (4, other.pk, False)


def test_cases_of_two_customers_stay_apart(operator, maris, case):
    other = hold(maris, "M-1")
    refused = follow(operator, post(operator, case, "merge", into=str(other.pk)))
    assert texts(refused, ".toast") == ["Cases of two customers stay apart."]
    said = follow(operator, post(operator, case, "merge", into="the other one"))
    assert texts(said, ".toast") == [
        "There is no such case. Say the number of one, such as C-2291."
    ]
    case.refresh_from_db()
    assert case.is_open


def test_chosen_documents_become_a_case_of_their_own(operator, case):
    form = shown(operator, case)
    boxes = form.select("input[name=split]")
    assert form.select_one("#split")["action"] == f"/cases/{case.pk}/split-off/"
    chosen = [boxes[0]["value"], boxes[2]["value"]]
    answer = post(operator, case, "split-off", split=[*chosen, "no-id"], title="Returned tents")
    new = ExceptionCase.objects.order_by("pk").last()
    assert answer["Location"] == f"/cases/{new.pk}/"
    assert (new.title, new.documents) == ("Returned tents", 2)
    case.refresh_from_db()
    assert case.documents == 1
    assert shown(operator, case).select("#split") == []


def test_a_document_of_another_customer_is_not_split_off(operator, maris, case):
    hold(maris, "M-1")
    foreign = Message.objects.get(customer_id=maris.customer_id, state="held")
    refused = follow(operator, post(operator, case, "split-off", split=[str(foreign.pk)]))
    assert texts(refused, ".toast") == ["None of these documents is held in this case any more."]
    assert ExceptionCase.objects.filter(customer_id=maris.customer_id).count() == 1


def test_who_does_not_have_the_case_neither_merges_nor_splits_it(operator, engineer, harbor, case):
    other = hold(harbor, "2001", sku="TENT-OLDER")
    post(operator, case, "take")
    message = Message.objects.filter(state="held").first()
    for verb, given in (("merge", {"into": other.pk}), ("split-off", {"split": [message.pk]})):
        refused = follow(engineer, post(engineer, case, verb, **given))
        assert texts(refused, ".toast")[0].startswith("Operator works on it since ")
    case.refresh_from_db()
    assert (case.is_open, case.documents) == (True, 3)


def test_a_remedy_under_way_keeps_the_case_together(operator, harbor, case):
    other = hold(harbor, "2001", sku="TENT-OLDER")
    fix = tried(operator, case, "lookup", value="TENT-2P")
    operator.post(f"{url(fix)}go/", {"shown": fix.digest})
    refused = follow(operator, post(operator, case, "merge", into=str(other.pk)))
    assert texts(refused, ".toast") == [
        f"A remedy is under way in {case.label}. Operator is at it: TENT-OLD → TENT-2P added to"
        " lookup sku, replaying. First wait for its end."
    ]


@pytest.mark.parametrize(
    "verb", ["take", "release", "beat", "comment", "tags", "assign", "merge", "split-off"]
)
def test_only_those_who_work_on_cases_do_anything(kestrel, operator, viewer, stranger, case, verb):
    role = Role.objects.get(slug="operator")
    role.permissions = ["desk.view"]
    role.save()
    assert post(operator, case, verb).status_code == 403
    assert post(viewer, case, verb).status_code == 403
    assert post(sign_in(kestrel, "finance"), case, verb).status_code == 403
    assert shown(operator, case).select("#holder button, .hands, #split, .comment-form") == []
    assert list(CaseEvent.objects.values_list("action", flat=True)) == ["opened"]
    assert post(stranger, case, verb).status_code == 404


def test_looking_at_the_address_of_a_verb_does_nothing(operator, case):
    for verb in ("take", "release", "beat", "comment", "tags", "assign", "merge", "split-off"):
        assert operator.get(f"/cases/{case.pk}/{verb}/").status_code == 405


def test_both_clocks_say_how_they_stand_and_whose_the_time_was(operator, harbor):
    with clock.freeze(MONDAY) as now:  # Mon–Fri 07:00–19:00 UTC; S2: 1 h and 8 h
        case = hold(harbor, "1001")
        now.move(24 * 60)
        post(operator, case, "take")
        now.move(96 * 60)
        states.wait(case.pk, on="customer", reason="asked Jo", actor="Operator")
        now.move(60 * 60)
        paused = shown(operator, case)
        states.take_up(case.pk, actor="Operator")
        now.move(60)
        seen = shown(operator, case)
        now.move(7 * 3600)
        late = shown(operator, case)
    assert texts(paused, ".clock-words") == ["paused: waiting on the customer"]
    assert texts(seen, ".clock-entry")[0] == "Acknowledge, 1 h kept, 24 min"
    assert texts(seen, ".clock-words") == ["5 h 59 left"]  # 8 h − 2 h 01
    assert "3 h 01 used: 2 h 01 ours, 1 h the customer's." in texts(seen, "aside p.second")[0]
    assert "Mon–Fri 07:00–19:00" in texts(seen, "aside p.second")[0]
    parts = [part["data-part"] for part in seen.select("aside .bar-part")]
    assert parts == ["us", "customer"]
    assert texts(late, ".clock-words") == ["late 1 h"]  # 2 h 01 + 6 h 59 until 19:00


def test_working_time_is_told_in_hours_and_not_in_days(operator, harbor):
    with clock.freeze(MONDAY):
        case = make(harbor.shop, "good to know", severity=3, began_at=MONDAY)
        found = shown(operator, case)
    labels = texts(found, ".clock-entry > span:first-child")
    assert labels == ["Acknowledge, 4 h", "Resolve, 36 h"]
    assert texts(found, ".clock-words")[1] == "36 h left"


def test_the_cause_is_named_as_in_the_list(operator, case):
    found = shown(operator, case)
    assert texts(found, ".facts dd")[0] == "unknown item"


def test_the_kinds_playbook_stands_beside_its_remedies_in_their_order(operator, case):
    from monitoring import taxonomy

    found = shown(operator, case)
    kind = taxonomy.kind("unknown_sku")
    assert texts(found, ".playbook li") == [" ".join(step.split()) for step in kind.playbook]
    assert texts(found, ".bar .tabs a") == [
        "Add a lookup", "Add the item", "Edit and replay", "Retry", "Skip with a reason",
        "Ask the customer", "Wait", "Snooze",
    ]  # fmt: skip
    assert page_of(operator.get(f"/cases/{case.pk}/")).select_one(".playbook").has_attr("open")
