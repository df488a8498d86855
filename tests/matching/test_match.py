from time import perf_counter

import pytest

from integrations.matching import Item, match

pytestmark = [pytest.mark.pure, pytest.mark.timed]


def one(kind, remote, *ours, known=None):
    (found,) = match(kind, [remote], ours, known=known or {})
    return found


def code(found):
    return found.ours.code if found.ours else None


TENTS = (Item("TENT-2P", "Trail tent 2P"), Item("TENT-3P", "Trail tent 3P"))


def test_what_is_in_the_lookup_stays_though_the_name_says_otherwise():
    found = one("sku", Item("X1", "Trail tent 3P"), *TENTS, known={"X1": "TENT-2P"})
    assert (code(found), found.certain, found.score) == ("TENT-2P", True, 1.0)
    assert found.reason == "Already in the lookup."


def test_a_lookup_row_to_a_code_we_no_longer_have_is_looked_at_again():
    found = one("sku", Item("tent2p", "Trail tent 2P"), *TENTS, known={"tent2p": "GONE"})
    assert (code(found), found.certain) == ("TENT-2P", True)


def test_an_article_that_is_already_taken_is_only_proposed():
    theirs = [Item("X1", "Trail tent"), Item("TENT-2P", "Trail tent 2P")]
    _, second = match("sku", theirs, TENTS, known={"X1": "TENT-2P"})
    assert (code(second), second.certain) == ("TENT-2P", False)
    assert "already matched" in second.reason


def test_two_of_theirs_with_the_same_claim_are_both_left_to_a_person():
    theirs = [Item("tent2p", "Trail tent 2P"), Item("TENT_2P", "Trail tent 2P")]
    found = match("sku", theirs, TENTS, known={})
    assert [(code(f), f.certain) for f in found] == [("TENT-2P", False), ("TENT-2P", False)]


def test_two_of_ours_with_the_same_gtin_are_both_shown():
    ours = [Item("A", "Mug", {"ean": "4006381333931"}), Item("B", "Mug", {"ean": "4006381333931"})]
    found = one("sku", Item("X", "Mug", {"gtin": "04006381333931"}), *ours)
    assert not found.certain
    assert [other.ours.code for other in found.others] == ["B"]


def test_the_same_gtin_with_another_size_is_not_certain():
    ours = Item("A", "Polo shirt L", {"ean": "4006381333931"})
    found = one("sku", Item("X", "Polo shirt XL", {"ean": "4006381333931"}), ours)
    assert (found.certain, found.score) == (False, 0.5)
    assert found.reason == "Same GTIN. Sizes differ: XL and L."


def test_a_gtin_that_fails_its_check_digit_is_no_evidence():
    ours = Item("A", "Mug", {"ean": "4006381333932"})
    found = one("sku", Item("X", "Kettle", {"ean": "4006381333932"}), ours)
    assert code(found) is None


def test_an_equal_number_with_another_valid_gtin_is_not_certain():
    ours = Item("TENT-2P", "Trail tent", {"ean": "4006381333931"})
    found = one("sku", Item("TENT-2P", "Trail tent", {"ean": "4006381333948"}), ours)
    assert (found.certain, found.reason) == (False, "Same number. The GTINs differ.")


def test_a_gtin_in_a_list_of_barcodes_is_found():
    ours = Item("A", "Mug", {"barcode": ["", None, "4006381333931"]})
    assert one("sku", Item("X", "Becher", {"gtin": "4006381333931"}), ours).certain


def test_a_mark_in_front_needs_three_articles_that_carry_it():
    ours = [Item(f"{w.upper()}-77", f"{w} of oak wood") for w in ("desk", "bench", "shelf")]
    theirs = [Item(f"KX-{item.code}", item.name) for item in ours]
    assert [f.certain for f in match("sku", theirs, ours, known={})] == [True, True, True]
    assert [f.certain for f in match("sku", theirs[:2], ours, known={})] == [False, False]


def test_a_mark_that_only_we_carry_is_seen_too():
    theirs = [Item(f"{w}-77", f"{w} of oak wood") for w in ("DESK", "BENCH", "SHELF")]
    ours = [Item(f"KX-{item.code}", item.name) for item in theirs]
    found = match("sku", theirs, ours, known={})
    assert [(code(f), f.certain) for f in found] == [(item.code, True) for item in ours]


def test_a_size_behind_the_number_is_never_a_mark():
    ours = [Item(w, f"{w} wool") for w in ("HAT77", "CAP77", "SOCK77")]
    theirs = [Item(f"{item.code}-L", item.name) for item in ours]
    assert [f.certain for f in match("sku", theirs, ours, known={})] == [False, False, False]


def test_at_most_three_others_are_shown_best_first():
    ours = [Item(f"T{n}", f"Trail tent {n} person green") for n in range(1, 9)]
    found = one("sku", Item("X", "Trail tent green"), *ours)
    assert len(found.others) == 3
    scores = [found.score, *(other.score for other in found.others)]
    assert scores == sorted(scores, reverse=True)


def test_several_of_their_units_may_be_one_of_ours():
    theirs = [Item("PCS"), Item("Stk"), Item("each")]
    found = match("uom", theirs, [Item("EA", "Each")], known={})
    assert [(code(f), f.certain) for f in found] == [("EA", True)] * 3


def test_each_and_piece_side_by_side_are_left_to_a_person():
    assert not one("uom", Item("Stk"), Item("EA"), Item("C62")).certain
    found = one("uom", Item("c62"), Item("EA"), Item("C62"))
    assert (code(found), found.certain) == ("C62", True)


def test_kilograms_are_never_pounds():
    assert code(one("uom", Item("KG"), Item("LBR", "Pound"))) is None


def test_a_carton_is_not_a_case():
    assert code(one("uom", Item("CT", "Carton"), Item("CA", "Case"))) is None


def test_pl_is_a_pallet_only_if_its_name_says_so():
    pallet = Item("PX", "Pallet")
    assert not one("uom", Item("PL"), pallet).certain
    assert one("uom", Item("PL", "Pallet"), pallet).certain
    assert code(one("uom", Item("PL", "Pail"), pallet)) is None


def test_a_unit_nobody_knows_is_the_same_if_it_is_called_the_same():
    assert one("uom", Item("spool"), Item("SPOOL")).certain
    found = one("uom", Item("ZX", "Spool"), Item("ZX", "Zebra"))
    assert (found.certain, found.reason) == (False, "Same code, but the names differ.")


def test_home_delivery_is_proposed_for_ground_and_says_why():
    found = one("carrier", Item("fedex_home_delivery"), Item("FDEG", "FedEx Ground"))
    assert (code(found), found.certain) == ("FDEG", False)
    assert found.reason == "Same carrier, another service."


def test_a_store_slug_is_its_scac():
    assert one("carrier", Item("ups_ground"), Item("UPSN")).certain


def test_freight_of_a_parcel_carrier_is_another_company():
    assert not one("carrier", Item("ups_freight"), Item("UPSN", "UPS")).certain


def test_of_a_freight_carrier_freight_is_only_its_name():
    assert one("carrier", Item("old_dominion_freight"), Item("ODFL")).certain


def test_a_carrier_whose_code_and_name_disagree_is_left_to_a_person():
    assert not one("carrier", Item("UPSN", "FedEx Ground"), Item("FDEG", "FedEx Ground")).certain


def test_two_sites_in_one_town_are_told_apart_by_their_numbers():
    place = {"city": "Reno", "postcode": "89502", "country": "US"}
    ours = [Item("RNO1", "Reno DC 1", place), Item("RNO2", "Reno DC 2", place)]
    found = one("site", Item("RNO2", "Reno 2", place), *ours)
    assert (code(found), found.certain) == ("RNO2", True)
    third = one("site", Item("RNO3", "Reno DC 3", place), *ours)
    assert (third.certain, third.reason) == (False, "Same postcode. The numbers differ.")


def test_a_site_in_another_country_is_never_certain():
    ours = Item("BER1", "Berlin", {"country": "Germany"})
    found = one("site", Item("BER1", "Berlin", {"country": "USA"}), ours)
    assert (found.certain, found.reason.endswith("Country differs.")) == (False, True)


@pytest.mark.parametrize("kind", ["sku", "uom", "carrier", "site"])
@pytest.mark.parametrize(
    "hostile",
    [
        Item(""),
        Item(" ", " "),
        Item("---", "***"),
        Item("🏕", "🏕"),
        Item("9" * 6000, "9" * 6000 + " kg"),
        Item("1/0", "0/0 in, 1/0 kg, 1.2.3,4 l"),
        Item("١٢٣", "٣/٠ kg ½ in ²"),
        Item("A" * 5000, "a " * 5000, {"ean": 7, "gtin": [None, {}], "city": 3}),
    ],
)
def test_hostile_text_gets_an_answer_that_is_not_certain(kind, hostile):
    found = one(kind, hostile, Item("TENT-2P", "Trail tent 2P"), Item("EA"))
    assert not found.certain


@pytest.mark.parametrize("kind", ["sku", "uom", "carrier", "site"])
def test_two_that_have_nothing_at_all_are_not_the_same(kind):
    assert not one(kind, Item(""), Item("")).certain


def test_no_items_at_all_are_no_answers():
    assert match("sku", [], [], known={}) == []
    assert code(one("sku", Item("X", "Y"))) is None


def test_an_unknown_kind_is_refused():
    with pytest.raises(KeyError):
        match("colour", [], [], known={})


def test_a_thousand_articles_that_share_every_word_take_no_second_each():
    ours = [Item(f"A{n:05}", f"Trail tent green model {n}") for n in range(1000)]
    theirs = [Item(f"ZZ{n:05}Q", "Trail tent green model") for n in range(200)]
    start = perf_counter()
    found = match("sku", theirs, ours, known={})
    assert perf_counter() - start < 3
    assert not any(f.certain for f in found)
