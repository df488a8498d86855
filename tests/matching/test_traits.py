import pytest

from integrations.matching.traits import conflict, traits

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Shirt L", "Shirt large"),
        ("Shirt XXL", "Shirt 2XL"),
        ("Shirt extra large", "Shirt X-Large"),
        ("Coffee 1 kg", "Coffee 1000g"),
        ("Water 1,5 l", "Water 1500 ml"),
        ("Pipe 1/2 in", 'Pipe ½"'),
        ("Board 1 1/2 ft", "Board 18 inches"),
        ("Mug black", "Mug BLK"),
        ("Mug schwarz", "Mug black"),
        ("Water 24 x 500 ml", "Water 500 ml case of 24"),
        ("Eggs dozen", "Eggs 12 pack"),
        ("Sugar 1,000 g", "Sugar 1 kg"),
        ("Men's boot", "Boot mens"),
    ],
)
def test_the_same_said_in_another_way_is_no_conflict(one, other):
    assert conflict(traits(one), traits(other)) is None
    assert traits(one) == traits(other)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("Shirt L", "Shirt XL", "Sizes differ: L and XL."),
        ("Coffee 5 lb", "Coffee 5 kg", "Weights differ."),
        ("Water 500 ml", "Water 500 ml case of 24", "Packs differ: 1 and 24."),
        ("Mug black", "Mug white", "Colours differ: black and white."),
        ("Glove left", "Glove right", "Variants differ: left and right."),
        ("Tent 2P", "Tent 3P", "Numbers differ: 2 and 3."),
        ("Drill 12 V", "Drill 18V", "Voltages differ."),
        ("Cable 2 m", "Cable 2 ft", "Lengths differ."),
    ],
)
def test_another_variant_is_named(one, other, said):
    assert conflict(traits(one), traits(other)) == said


def test_a_size_in_the_number_counts_where_the_name_has_none():
    assert conflict(traits("Shirt", code="SH-L"), traits("Shirt", code="SH-XL")) == (
        "Sizes differ: L and XL."
    )


def test_one_side_that_says_nothing_is_no_conflict_but_not_the_same():
    assert conflict(traits("Shirt"), traits("Shirt L")) is None
    assert traits("Shirt") != traits("Shirt L")
