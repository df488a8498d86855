"""From one brand colour to the accent of both themes: OKLCH arithmetic and WCAG contrast, pure."""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

Rgb = tuple[float, float, float]

MINIMUM = 4.5
LIGHT_GROUNDS = ("#f5f4ef", "#fdfdfb", "#ecebe4")
DARK_GROUNDS = ("#121516", "#181c1d", "#212627")
LIGHT_SURFACE, DARK_SURFACE = LIGHT_GROUNDS[1], DARK_GROUNDS[1]
LIGHT_SECOND_INK, DARK_SECOND_INK = "#5a5e5a", "#a3aba7"
LIGHT_WASH, DARK_WASH = 0.09, 0.14
STATE_HUES = (30.0, 70.0, 149.0)
QUIET_CHROMA, QUIET_DISTANCE = 0.06, 22.0
STEP = 0.005
QUIET_DECLARATIONS = (
    "--link:var(--ink);--link-line:underline;--chosen:var(--ink);"
    "--accent-wash:color-mix(in srgb,var(--ink) 7%,var(--surface));"
)
CHROMA_KEPT = 0.97  # of the chroma, each time sRGB has no such colour


class Oklch(NamedTuple):
    """Lightness 0..1, chroma from 0, hue in degrees 0..360."""

    lightness: float
    chroma: float
    hue: float


class Brand(NamedTuple):
    """The four stored colours as `#rrggbb`, and whether the accent would read as a state."""

    accent_light: str
    accent_ink_light: str
    accent_dark: str
    accent_ink_dark: str
    quiet: bool


class Theme(NamedTuple):
    """What one theme asks of its accent; a colour's own lightness is clamped to `limit` first."""

    grounds: tuple[str, ...]
    surface: str
    second_ink: str
    wash: float
    limit: float
    step: float
    chroma: float


LIGHT = Theme(LIGHT_GROUNDS, LIGHT_SURFACE, LIGHT_SECOND_INK, LIGHT_WASH, 0.52, -STEP, 0.19)
DARK = Theme(DARK_GROUNDS, DARK_SURFACE, DARK_SECOND_INK, DARK_WASH, 0.72, STEP, 0.13)


def derive(colour: str) -> Brand:
    """Derive the accents of both themes from `#rrggbb` (case and the hash are optional).

    The hue is kept; lightness moves away from the grounds until text reads at 4.5:1 (WCAG 2.2,
    1.4.3). Raises ValueError for anything that is not six hex digits.
    """
    given = to_oklch(_parse(colour))
    light = _accent(given, LIGHT, ink=lambda _: "#ffffff")
    dark = _accent(given, DARK, ink=lambda hue: _dark_ink(given.chroma, hue))
    return Brand(
        accent_light=light,
        accent_ink_light="#ffffff",
        accent_dark=dark,
        accent_ink_dark=_dark_ink(given.chroma, given.hue),
        quiet=is_quiet(given),
    )


def stylesheet(brand: Brand) -> str:
    """The brand as CSS custom properties, under the selectors tokens.css sets its themes with."""
    light = _declarations(brand.accent_light, brand.accent_ink_light, quiet=brand.quiet)
    dark = _declarations(brand.accent_dark, brand.accent_ink_dark, quiet=brand.quiet)
    return (
        f":root{{{light}}}\n"
        f'@media (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{dark}}}}}\n'
        f':root[data-theme="dark"]{{{dark}}}\n'
    )


def _declarations(accent: str, ink: str, *, quiet: bool) -> str:
    declarations = f"--accent:{accent};--accent-ink:{ink};"
    return declarations + QUIET_DECLARATIONS if quiet else declarations


def is_quiet(given: Oklch) -> bool:
    """Whether a colour is vivid and its hue so near red, amber or green that it would look late."""
    return given.chroma > QUIET_CHROMA and any(
        _hue_distance(given.hue, hue) <= QUIET_DISTANCE for hue in STATE_HUES
    )


def contrast(first: str, second: str) -> float:
    """WCAG contrast ratio of two `#rrggbb` colours, 1.0 to 21.0."""
    high, low = sorted((_luminance(_parse(first)), _luminance(_parse(second))), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mix(colour: str, ground: str, share: float) -> str:
    """The `share` (0..1) of `colour` in `ground`, as CSS `color-mix(in srgb, …)` computes it."""
    parts = zip(_parse(colour), _parse(ground), strict=True)
    return _to_hex(_triple(share * a + (1 - share) * b for a, b in parts))


def to_oklch(rgb: Rgb) -> Oklch:
    """sRGB channels 0..1 to OKLCH (Ottosson's published matrices)."""
    r, g, b = (_linear(channel) for channel in rgb)
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b2 = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Oklch(lightness, math.hypot(a, b2), math.degrees(math.atan2(b2, a)) % 360)


def _to_linear_rgb(colour: Oklch) -> Rgb:
    a = colour.chroma * math.cos(math.radians(colour.hue))
    b = colour.chroma * math.sin(math.radians(colour.hue))
    long = (colour.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (colour.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _accent(given: Oklch, theme: Theme, *, ink: Callable[[float], str]) -> str:
    for candidate in _candidates(given, theme):
        if _readable(candidate, theme, ink(given.hue)):
            return candidate
    raise AssertionError("black and white both read on their theme, so a candidate must have")


def _candidates(given: Oklch, theme: Theme) -> Iterator[str]:
    """The colour at its own lightness where the theme allows that, then step by step away."""
    inside = min if theme.step < 0 else max
    lightness = inside(given.lightness, theme.limit)
    while 0 < lightness < 1:
        yield _fit(Oklch(lightness, min(given.chroma, theme.chroma), given.hue))
        lightness += theme.step
    yield "#000000" if theme.step < 0 else "#ffffff"


def _readable(accent: str, theme: Theme, ink: str) -> bool:
    wash = mix(accent, theme.surface, theme.wash)
    pairs = [(accent, ground) for ground in (*theme.grounds, wash)]
    pairs += [(ink, accent), (theme.second_ink, wash)]
    return all(contrast(*pair) >= MINIMUM for pair in pairs)


def _dark_ink(chroma: float, hue: float) -> str:
    return _fit(Oklch(0.24, min(chroma, 0.05), hue))


def _fit(colour: Oklch) -> str:
    """The colour of the same lightness and hue that sRGB has, giving up chroma only."""
    while colour.chroma > 1e-6 and not _in_srgb(_to_linear_rgb(colour)):
        colour = colour._replace(chroma=colour.chroma * CHROMA_KEPT)
    return _to_hex(_triple(_encode(channel) for channel in _to_linear_rgb(colour)))


def _in_srgb(rgb: Rgb) -> bool:
    return all(-1e-4 <= channel <= 1 + 1e-4 for channel in rgb)


def _hue_distance(first: float, second: float) -> float:
    return abs((first - second + 180) % 360 - 180)


def _parse(colour: str) -> Rgb:
    match = re.fullmatch(r"#?([0-9a-fA-F]{6})", colour)
    if match is None:
        raise ValueError(f"{colour!r} is not a colour of the form #rrggbb")
    digits = match.group(1)
    return _triple(int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))


def _to_hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in rgb)


def _triple(channels: Iterable[float]) -> Rgb:
    first, second, third = channels
    return first, second, third


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _encode(channel: float) -> float:
    channel = min(1.0, max(0.0, channel))
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def _luminance(rgb: Rgb) -> float:
    r, g, b = (_linear(channel) for channel in rgb)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
