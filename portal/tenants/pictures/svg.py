"""SVG: parsed without entities, held against a list of what a logo needs, and written anew.

What could run, load or hide something is refused by name. What editors leave beside the drawing (metadata,
layers, unknown attributes) is left out silently.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Final

from defusedxml import DTDForbidden, EntitiesForbidden, ExternalReferenceForbidden
from defusedxml.ElementTree import ParseError, fromstring

from portal.tenants.pictures import drawing
from portal.tenants.pictures.picture import SVG, NotALogoError, Picture
from portal.tenants.pictures.svg_attributes import kept_attributes
from portal.tenants.pictures.svg_style import check_style

_SPACE: Final = "http://www.w3.org/2000/svg"
_DRAWN: Final = frozenset(
    {
        "svg", "g", "defs", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "use",
        "linearGradient", "radialGradient", "stop", "clipPath", "mask", "title", "desc", "style",
    }
)  # fmt: skip
_LEFT_OUT: Final = frozenset({"metadata"})
_NAMED: Final = {
    "script": "a script",
    "foreignobject": "foreign content (foreignObject)",
    "image": "a picture inside it (image); upload that picture instead",
    "text": "text (text); turn its letters into paths before exporting",
    "a": "a link (a)",
    "set": "an animation (set)",
}
_MOST_ELEMENTS, _MOST_DEPTH, _MOST_USES = 5_000, 32, 200
_NUMBER: Final = re.compile(r"\s*([0-9]{1,6}(?:\.[0-9]{1,6})?)\s*(px|pt|mm|cm|in)?\s*")
_PIXELS: Final = {"px": 1.0, "pt": 4 / 3, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_MOST_SIDES: Final = 20  # a logo twenty times as wide as high is a line


def read(body: bytes) -> Picture:
    """The drawing with nothing else in it. NotALogoError names what it must not hold."""
    root = _parsed(body)
    if root.tag not in ("svg", f"{{{_SPACE}}}svg"):
        raise NotALogoError("The file is no SVG. Export the logo as SVG or PNG.")
    clean = _cleaned(root)
    _check_uses(clean)
    width, height = _size(clean)
    clean.set("width", f"{width:g}")
    clean.set("height", f"{height:g}")
    clean.set("xmlns", _SPACE)
    written = ET.tostring(clean, encoding="utf-8", xml_declaration=False)
    drawing.check(written)
    return Picture(written, SVG, max(1, round(width)), max(1, round(height)))


def _parsed(body: bytes) -> ET.Element:
    try:
        root: ET.Element = fromstring(
            body, forbid_dtd=True, forbid_entities=True, forbid_external=True
        )
    except DTDForbidden:
        raise _holds("a DOCTYPE; take that line out, or export it again") from None
    except EntitiesForbidden:
        raise _holds("an entity") from None
    except ExternalReferenceForbidden:
        raise _holds("a reference to another file") from None
    except (ParseError, ValueError, LookupError):  # LookupError: an encoding nobody knows
        raise NotALogoError("The file is no SVG that can be read. Export the logo again.") from None
    return root


def _cleaned(root: ET.Element) -> ET.Element:
    """A copy of what is allowed, without namespaces of editors."""
    clean = ET.Element("svg", kept_attributes(root))
    waiting, count = [(root, clean, 1)], 0
    while waiting:
        source, target, depth = waiting.pop()
        target.text, target.tail = source.text, None
        if target.tag == "style":
            check_style(source.text or "")
        elif target.tag not in ("title", "desc"):
            target.text = None
        for child in source:
            if (name := _name(child)) is None:
                continue
            count += 1
            _check_extent(count, depth)
            made = ET.SubElement(target, name, kept_attributes(child))
            waiting.append((child, made, depth + 1))
    return clean


def _check_extent(count: int, depth: int) -> None:
    if count > _MOST_ELEMENTS:
        raise NotALogoError("The drawing has more than 5,000 parts. Simplify it, or upload a PNG.")
    if depth > _MOST_DEPTH:
        raise NotALogoError(
            "The drawing is nested more than 32 deep. Simplify it and export again."
        )


def _name(child: ET.Element) -> str | None:
    """The plain name of an element that may stay; None for what is left out."""
    if not isinstance(child.tag, str):  # a comment or an instruction
        return None
    space, _, name = child.tag.rpartition("}")
    said = _NAMED.get(name.lower())
    if said:
        raise _holds(said)
    if (space and space != f"{{{_SPACE}") or name in _LEFT_OUT:
        return None
    if name.lower().startswith("animate"):
        raise _holds(f"an animation ({name})")
    if name not in _DRAWN:
        raise _holds(f"the element {name[:40]}, which a logo does not need")
    return name


def _check_uses(root: ET.Element) -> None:
    """`use` draws another part again: of parts that do so themselves, a small file makes an endless one."""
    by_id = {one.get("id"): one for one in root.iter() if one.get("id")}
    uses = list(root.iter("use"))
    if len(uses) > _MOST_USES:
        raise NotALogoError("The drawing repeats parts more than 200 times. Simplify it.")
    for one in uses:
        part = by_id.get((one.get("href") or "").removeprefix("#"))
        if part is not None and any(True for _ in _inner_uses(part)):
            raise _holds("a part that repeats parts (use in use)")


def _inner_uses(part: ET.Element) -> Iterator[ET.Element]:
    yield from part.iter("use")


def _size(root: ET.Element) -> tuple[float, float]:
    """In pixels, from its view box, else from width and height, which then become one."""
    box = re.split(r"[\s,]+", (root.get("viewBox") or "").strip())
    width, height = (
        _sides(box) if len(box) == 4 else (_length(root, "width"), _length(root, "height"))
    )
    if not width or not height:
        raise NotALogoError("The drawing says no size. Export it with a view box.")
    if max(width, height) > _MOST_SIDES * min(width, height):
        raise NotALogoError("The drawing is more than 20 times as long as wide. Crop it.")
    if len(box) != 4:
        root.set("viewBox", f"0 0 {width:g} {height:g}")
    longest = max(width, height)  # the unit of a view box is anything: its shape counts
    return width * 400 / longest, height * 400 / longest


def _sides(box: list[str]) -> tuple[float, float]:
    found = [_NUMBER.fullmatch(side) for side in box[2:]]
    width, height = (float(one[1]) if one else 0.0 for one in found)
    return width, height


def _length(root: ET.Element, name: str) -> float:
    found = _NUMBER.fullmatch(root.get(name) or "")
    return float(found[1]) * _PIXELS[found[2] or "px"] if found else 0.0


def _holds(what: str) -> NotALogoError:
    return NotALogoError(f"The logo holds {what}.")
