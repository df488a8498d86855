"""One brand colour becomes the accents of both themes."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.tenants import colour
from portal.tenants.colour import contrast, derive, is_quiet, mix, stylesheet, to_oklch

pytestmark = pytest.mark.pure

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def apart(first: str, second: str) -> int:
    return max(abs(int(first[at : at + 2], 16) - int(second[at : at + 2], 16)) for at in (1, 3, 5))


@pytest.mark.parametrize(
    ("given_colour", "light", "dark", "quiet"),
    [
        ("#ffd400", "#7d6707", "#f4d66c", False),
        ("#1a73e8", "#0262d3", "#70a6f5", False),
        ("#7a2cff", "#6d4bcc", "#a595f0", False),
        ("#111111", "#111111", "#a4a4a4", False),
        ("#f5f5f5", "#696969", "#f5f5f5", False),
        ("#e4002b", "#be222d", "#eb827c", True),
        ("#00a651", "#06793a", "#60bb7a", True),
    ],
)
def test_the_worked_examples_come_out_within_two_per_channel(
    given_colour: str, light: str, dark: str, quiet: bool
) -> None:
    brand = derive(given_colour)
    assert apart(brand.accent_light, light) <= 2
    assert apart(brand.accent_dark, dark) <= 2
    assert brand.quiet is quiet


def test_the_default_colour_passes_unchanged_in_light() -> None:
    brand = derive("#0e5a68")
    assert brand.accent_light == "#0e5a68"
    assert brand.accent_ink_light == "#ffffff"
    assert not brand.quiet


@given(COLOURS)
@example("#000000")
@example("#ffffff")
@example("#0000ff")
@example("#00ff00")
def test_every_colour_reads_on_every_ground_of_both_themes(given_colour: str) -> None:
    brand = derive(given_colour)
    for accent, ink, theme in (
        (brand.accent_light, brand.accent_ink_light, colour.LIGHT),
        (brand.accent_dark, brand.accent_ink_dark, colour.DARK),
    ):
        wash = mix(accent, theme.surface, theme.wash)
        assert all(contrast(accent, ground) >= 4.5 for ground in (*theme.grounds, wash))
        assert contrast(ink, accent) >= 4.5
        assert contrast(theme.second_ink, wash) >= 4.5


@given(COLOURS)
def test_a_vivid_brand_keeps_its_hue(given_colour: str) -> None:
    given_hue, brand = to_oklch(colour._parse(given_colour)), derive(given_colour)
    for accent in (brand.accent_light, brand.accent_dark):
        derived = to_oklch(colour._parse(accent))
        if derived.chroma > 0.08:
            assert abs((derived.hue - given_hue.hue + 180) % 360 - 180) < 4


def test_a_derived_accent_given_back_stays_itself_but_for_rounding() -> None:
    for brand_colour in ("#1a73e8", "#7a2cff", "#e4002b", "#ffd400"):
        once = derive(brand_colour).accent_light
        assert apart(derive(once).accent_light, once) <= 1


def test_a_grey_is_never_quiet_whatever_its_hue_comes_out_as() -> None:
    assert not any(derive(grey).quiet for grey in ("#808080", "#7f8080", "#111111", "#fefefe"))


@pytest.mark.parametrize(
    ("hue", "quiet"), [(52.0, True), (30.0, True), (93.0, False), (200.0, False)]
)
def test_a_hue_within_22_degrees_of_a_state_is_quiet(hue: float, quiet: bool) -> None:
    assert is_quiet(colour.Oklch(0.6, 0.15, hue)) is quiet


def test_contrast_of_black_on_white_is_21_and_of_a_colour_on_itself_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#0e5a68", "#0E5A68") == pytest.approx(1.0)


@pytest.mark.parametrize("wrong", ["", "red", "#fff", "#0e5a6", "#0e5a68;}", "0x0e5a", "#0e5a68\n"])
def test_anything_but_six_hex_digits_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="#rrggbb"):
        derive(wrong)


def test_the_stylesheet_sets_both_themes_and_the_fixed_dark_one() -> None:
    css = stylesheet(derive("#1a73e8"))
    assert css.startswith(":root{--accent:#0262d3;--accent-ink:#ffffff;}")
    assert (
        '@media (prefers-color-scheme:dark){:root:not([data-theme="light"]){--accent:#70a6f5' in css
    )
    assert ':root[data-theme="dark"]{--accent:#70a6f5' in css
    assert "--link" not in css


def test_a_quiet_brand_keeps_its_colour_from_links_and_chosen_rows() -> None:
    css = stylesheet(derive("#e4002b"))
    assert css.count("--link:var(--ink);--link-line:underline;--chosen:var(--ink);") == 3
