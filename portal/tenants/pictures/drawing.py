"""Pictures drawn as PNG by the typesetter, which knows SVG and has letters of its own."""

import json
from functools import cache
from typing import Final

import typst

from portal.tenants.pictures.picture import SVG, NotALogoError, Picture

_PER_INCH: Final = 72.0  # a point is a pixel
_LOGO: Final = """
#let data = json(bytes(sys.inputs.data))
#set page(width: data.width * 1pt, height: data.height * 1pt, margin: 0pt, fill: none)
#image(bytes(data.svg), format: "svg", width: 100%, height: 100%, fit: "contain")
"""
_INITIAL: Final = """
#let data = json(bytes(sys.inputs.data))
#set page(width: data.size * 1pt, height: data.size * 1pt, margin: 0pt, fill: rgb(data.ground))
#set text(font: ("DejaVu Sans Mono"), fill: rgb(data.ink), size: data.size * 0.72pt, weight: "bold",
  top-edge: "bounds", bottom-edge: "bounds")
#align(center + horizon, data.letter)
"""


def check(svg: bytes) -> None:
    """NotALogoError for a drawing that nobody can draw."""
    try:
        png(Picture(svg, SVG, 64, 64), width=64, height=64)
    except typst.TypstError as error:
        raise NotALogoError(
            "The drawing cannot be drawn: a part of it is broken. Export the logo again."
        ) from error


def png(picture: Picture, *, width: int, height: int) -> bytes:
    """An SVG drawn at a size in pixels, on nothing."""
    data = {"svg": picture.body.decode(), "width": width, "height": height}
    return _made(_LOGO, data)


def initial(letter: str, *, ground: str, ink: str, size: int) -> bytes:
    """One letter on a square, as PNG; colours are `#rrggbb`."""
    return _made(_INITIAL, {"letter": letter, "ground": ground, "ink": ink, "size": size})


def _made(template: str, data: dict[str, object]) -> bytes:
    compiler = typst.Compiler(
        template.encode(), font_paths=_fonts(), sys_inputs={"data": json.dumps(data)}
    )
    made = compiler.compile(format="png", ppi=_PER_INCH)
    if not isinstance(made, bytes):
        raise TypeError("one picture was asked for")
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)
