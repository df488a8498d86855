"""The contrasts the interface promises, computed from tokens.css itself."""

import re
from pathlib import Path

import pytest

from portal.tenants import colour
from portal.tenants.colour import contrast, mix

pytestmark = pytest.mark.pure

CSS = Path(__file__).parents[2] / "static" / "css"
NAMES = [
    "paper",
    "surface",
    "sunken",
    "line",
    "line-strong",
    "ink",
    "ink-2",
    "accent",
    "accent-ink",
    "bad",
    "warn",
    "good",
]


def blocks() -> list[dict[str, str]]:
    """The colour declarations of tokens.css: light, dark by the system, dark fixed by a person."""
    css = (CSS / "tokens.css").read_text()
    found = [
        dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", body))
        for body in re.findall(r"\{([^{}]*)\}", css)
    ]
    return [block for block in found if block]


LIGHT, DARK_BY_SYSTEM, DARK_FIXED = blocks()


def worst(theme: dict[str, str], name: str, share: float) -> float:
    wash = mix(theme["accent"], theme["surface"], share)
    grounds = [theme["paper"], theme["surface"], theme["sunken"], wash]
    return min(contrast(theme[name], ground) for ground in grounds)


def test_each_theme_has_the_twelve_colours_and_no_other() -> None:
    assert [list(block) for block in blocks()] == [NAMES, NAMES, NAMES]


def test_the_dark_of_the_system_and_the_dark_a_person_fixed_are_one() -> None:
    assert DARK_BY_SYSTEM == DARK_FIXED


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("ink", 13.9),
        ("ink-2", 5.5),
        ("accent", 6.5),
        ("bad", 6.0),
        ("warn", 5.4),
        ("good", 5.6),
        ("line-strong", 3.2),
    ],
)
def test_light_reads_on_its_worst_ground(name: str, least: float) -> None:
    assert worst(LIGHT, name, 0.09) == pytest.approx(least, abs=0.06)


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("ink", 10.6),
        ("ink-2", 5.7),
        ("accent", 6.1),
        ("bad", 5.6),
        ("warn", 6.5),
        ("good", 6.4),
        ("line-strong", 3.0),
    ],
)
def test_dark_reads_on_its_worst_ground(name: str, least: float) -> None:
    assert worst(DARK_FIXED, name, 0.14) == pytest.approx(least, abs=0.06)


@pytest.mark.parametrize(
    ("theme", "ratio"), [(LIGHT, 7.8), (DARK_FIXED, 7.3)], ids=["light", "dark"]
)
def test_text_on_the_accent_reads(theme: dict[str, str], ratio: float) -> None:
    assert contrast(theme["accent-ink"], theme["accent"]) == pytest.approx(ratio, abs=0.06)


@pytest.mark.parametrize(
    ("state", "share"), [("bad", 0.09), ("warn", 0.12), ("good", 0.11)], ids=["bad", "warn", "good"]
)
@pytest.mark.parametrize("theme", [LIGHT, DARK_FIXED], ids=["light", "dark"])
def test_text_reads_on_the_wash_of_a_state(theme: dict[str, str], state: str, share: float) -> None:
    wash = mix(theme[state], theme["surface"], share)
    assert all(contrast(theme[name], wash) >= 4.5 for name in ("ink", "ink-2", state))


def test_the_derivation_uses_the_grounds_of_the_tokens() -> None:
    for theme, used, share in ((LIGHT, colour.LIGHT, "9%"), (DARK_FIXED, colour.DARK, "14%")):
        assert used.grounds == (theme["paper"], theme["surface"], theme["sunken"])
        assert used.second_ink == theme["ink-2"]
        assert f"{used.wash:.0%}" == share
    shares = re.findall(r"--wash-share: (\d+%)", (CSS / "tokens.css").read_text())
    assert shares == ["9%", "14%", "14%"]


def test_no_colour_value_stands_outside_the_tokens() -> None:
    loose = {
        path.name: found
        for path in CSS.glob("*.css")
        if path.name != "tokens.css"
        and (
            found := re.findall(
                r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(|oklch\(|:\s*(?:white|black)\b",
                path.read_text(),
            )
        )
    }
    assert loose == {}
