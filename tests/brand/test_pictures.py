"""A logo is read, checked and written anew; what could run, load or hide something is refused by name."""

import contextlib
import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from portal.tenants.pictures import icon, mailed, measuring
from portal.tenants.pictures.picture import MOST_BYTES, PNG, SVG, NotALogoError, Picture
from portal.tenants.pictures.reading import read
from tests.brand.logos import SPACE, raster, svg, with_metadata

pytestmark = pytest.mark.pure

LIGHT, DARK = "#fdfdfb", "#181c1d"


def endless(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it is as large as asked."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 64)), (b"IEND", b"")]
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


REFUSED = [
    (svg("<script>alert(1)</script>"), "a script"),
    (svg('<svg:script xmlns:svg="http://www.w3.org/2000/svg">1</svg:script>'), "a script"),
    (svg('<x:script xmlns:x="http://elsewhere.example/">1</x:script>'), "a script"),
    (svg(head='onload="alert(1)"'), "an event handler (onload)"),
    (svg('<path d="M0 0h9v9z" OnClick="alert(1)"/>'), "an event handler (OnClick)"),
    (svg("<foreignObject><p>words</p></foreignObject>"), "foreign content (foreignObject)"),
    (svg("<style>.a{fill:url(https://evil.example/a)}</style>"), "loads something (url)"),
    (svg("<style>.a{fill:u/* */rl( #a )}</style>"), "loads something (url)"),
    (svg('<path d="M0 0h9v9z" style="fill: URL(#a)"/>'), "loads something (url)"),
    (svg("<style>@import 'a.css';</style>"), "begins with @"),
    (svg("<style>.a{fill:\\75rl(#a)}</style>"), "a disguised style"),
    (svg('<path d="M0 0h9v9z" fill="url(https://evil.example/a)"/>'), "points to another place"),
    (svg('<path d="M0 0h9v9z" fill="url(https://evil.example/a"/>'), "points to another place"),
    (svg('<use href="https://evil.example/a.svg#b"/>'), "points to another place"),
    (svg('<use xmlns:x="http://www.w3.org/1999/xlink" x:href="data:image/svg+xml,a"/>'), "points to"),
    (svg('<image href="a.png"/>'), "a picture inside it (image)"),
    (svg('<a href="javascript:alert(1)"><path d="M0 0"/></a>'), "a link (a)"),
    (svg("<text>Words</text>"), "turn its letters into paths"),
    (svg('<animate attributeName="x"/>'), "an animation (animate)"),
    (svg('<animateTransform attributeName="x"/>'), "an animation (animateTransform)"),
    (svg('<set attributeName="onload" to="alert(1)"/>'), "an animation (set)"),
    (svg("<filter/>"), "the element filter"),
    (svg('<g id="a"><use href="#a"/></g><use href="#a"/>'), "use in use"),
    (b"<!DOCTYPE svg>" + svg(), "a DOCTYPE"),
    (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("<title>&a;</title>"), "a DOCTYPE"),
    (b'<?xml version="1.0" encoding="nobody-knows"?>' + svg(), "no SVG that can be read"),
    (svg("<g>" * 40 + "</g>" * 40), "more than 32 deep"),
    (svg("<g/>" * 5001), "more than 5,000 parts"),
    (svg('<path id="p" d="M0 0h9v9z"/>' + '<use href="#p"/>' * 201), "more than 200 times"),
    (f"<svg {SPACE}><path d='M0 0h9v9z'/></svg>".encode(), "says no size"),
    (f'<svg {SPACE} viewBox="0 0 900 9"><path d="M0 0h9v9z"/></svg>'.encode(), "20 times"),
    (b"<html><body/></html>", "no SVG"),
    (b"<svg", "no SVG that can be read"),
    (svg(""), "Nothing can be seen"),
    (svg('<path d="not a path"/>'), "Nothing can be seen"),
    (b"", "is empty"),
    (b"GIF89a" + b"\0" * 40, "no PNG, JPEG, WebP or SVG"),
    (b"%PDF-1.7", "no PNG, JPEG, WebP or SVG"),
    (raster()[:60], "can be read"),
    (raster("WEBP")[:40], "can be read"),
    (raster(colour=(1, 2, 3, 0)), "Nothing can be seen"),
    (raster(size=(2001, 10)), "2,001 × 10 pixels"),
    (endless(60_000, 60_000), "far more pixels"),
    (endless(1_900, 1_900), "can be read"),
    (b" " * (MOST_BYTES + 1), "has 513 KB"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_what_is_no_logo_is_refused_with_a_word_that_names_it(body: bytes, said: str) -> None:
    with pytest.raises(NotALogoError) as refused:
        read(body)
    assert said in str(refused.value)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_raster_is_written_anew_as_png_of_the_same_size(kind: str) -> None:
    made = read(raster(kind))
    assert (made.media_type, made.width, made.height, made.ending) == (PNG, 200, 50, "png")
    assert Image.open(io.BytesIO(made.body)).format == "PNG"


def test_a_large_one_is_made_as_large_as_paper_needs_it() -> None:
    made = read(raster(size=(2000, 500)))
    assert (made.width, made.height) == (1000, 250)


def test_nothing_but_the_pixels_stays() -> None:
    made = read(with_metadata())
    assert b"Somebody secret" in with_metadata()
    assert b"Somebody secret" not in made.body
    assert Image.open(io.BytesIO(made.body)).info == {}


def test_a_drawing_keeps_what_is_drawn_and_loses_what_editors_leave() -> None:
    made = read(
        b'<?xml version="1.0"?><!-- made by somebody -->'
        + svg(
            '<sodipodi:namedview xmlns:sodipodi="http://sodipodi.sourceforge.net/"/><metadata>who</metadata>'
            '<defs><linearGradient id="g"><stop offset="0" stop-color="#123456"/></linearGradient></defs>'
            '<style>.a{fill:#0a3}</style><path class="a" data-name="Layer 1" d="M0 0h100v50H0z"/>'
            '<rect id="r" x="110" y="5" width="80" height="40" fill="url(#g)"/><use href="#r"/>'
        )
    )
    assert (made.media_type, made.width, made.height, made.ending) == (SVG, 400, 100, "svg")
    text = made.body.decode()
    for kept in (
        "linearGradient",
        ".a{fill:#0a3}",
        'fill="url(#g)"',
        'href="#r"',
        'viewBox="0 0 200 50"',
    ):
        assert kept in text
    for gone in ("sodipodi", "metadata", "who", "data-name", "made by", "?xml"):
        assert gone not in text
    assert read(made.body) == made  # what was cleaned is clean


def test_a_drawing_without_a_view_box_gets_one_of_its_size() -> None:
    made = read(f'<svg {SPACE} width="30mm" height="15mm"><path d="M0 0h90v50z"/></svg>'.encode())
    assert (made.width, made.height) == (400, 200)
    assert b"viewBox" in made.body


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"<svg", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"]),
)
def test_whatever_bytes_come_they_are_read_or_refused_in_words(body: bytes, start: bytes) -> None:
    with contextlib.suppress(NotALogoError):  # any other error fails
        assert read(start + body).media_type in (SVG, PNG)


@given(
    st.from_regex(r"on[a-z]{1,12}", fullmatch=True),
    st.sampled_from(["svg", "g", "path", "rect", "use"]),
)
def test_no_event_handler_passes_on_any_element(event: str, element: str) -> None:
    drawn = '<path d="M0 0h9v9z"/>'
    inside = f'<{element} {event}="x"/>{drawn}' if element != "svg" else drawn
    with pytest.raises(NotALogoError, match="event handler"):
        read(svg(inside, head=f'{event}="x"' if element == "svg" else ""))


@pytest.mark.parametrize("made", [svg(), raster()], ids=["svg", "png"])
def test_contrast_is_measured_of_what_is_drawn_on_each_ground(made: bytes) -> None:
    light, dark = measuring.contrasts(read(made), (LIGHT, DARK))
    assert light == pytest.approx(
        9.9, abs=0.6
    )  # #1b3a8c on #fdfdfb: 10.1, shades of 16 counted as one
    assert dark == pytest.approx(1.7, abs=0.2)


def test_a_picture_that_covers_its_area_brings_its_own_ground() -> None:
    white = read(raster("JPEG"))
    assert measuring.is_covered(white)
    light, dark = measuring.contrasts(white, (LIGHT, DARK))
    assert light == dark > 8


def test_an_icon_is_the_logo_where_that_is_square_and_else_the_initial_on_the_accent() -> None:
    about = {"letter": "k", "accent": "#0e5a68", "ink": "#ffffff"}
    square = read(raster(size=(60, 60)))
    of_logo = Image.open(io.BytesIO(icon.icon(square, **about, size=32))).convert("RGBA")
    of_name = Image.open(io.BytesIO(icon.icon(read(svg()), **about, size=180))).convert("RGBA")
    assert (of_logo.size, of_name.size) == ((32, 32), (180, 180))
    assert of_logo.getpixel((4, 16)) == (0x1B, 0x3A, 0x8C, 255)
    assert of_name.getpixel((2, 2)) == (0x0E, 0x5A, 0x68, 255)
    assert icon.icon(None, **about, size=180) == icon.icon(read(svg()), **about, size=180)


def test_a_mail_gets_a_png_and_a_plate_where_white_would_swallow_it() -> None:
    dark, white = mailed.mailed(read(svg())), mailed.mailed(read(raster(colour="#ffffff")))
    # 160 × 40 shown, twice as fine
    assert (dark.media_type, dark.width, dark.height) == (PNG, 320, 80)
    assert (white.width, white.height) == (320 + 24, 80 + 24)  # 12 around it
    assert Image.open(io.BytesIO(white.body)).getpixel((2, 2)) == (27, 31, 31, 255)


def test_a_logo_of_one_pixel_is_measured_and_drawn() -> None:
    dot = read(raster(size=(2, 1)))
    assert isinstance(mailed.mailed(dot), Picture)
    assert len(icon.icon(dot, letter="", accent="#000000", ink="#ffffff", size=32)) > 60
