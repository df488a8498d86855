"""Which attributes of a drawing stay, and which refuse it."""

import re
import xml.etree.ElementTree as ET
from typing import Final

from portal.tenants.pictures.picture import NotALogoError
from portal.tenants.pictures.svg_style import check_style

_KEPT: Final = frozenset(
    {
        "id", "class", "viewBox", "preserveAspectRatio", "width", "height", "x", "y", "x1", "y1", "x2", "y2",
        "cx", "cy", "r", "rx", "ry", "fx", "fy", "d", "points", "transform", "pathLength", "style", "fill",
        "fill-opacity", "fill-rule", "clip-rule", "clip-path", "mask", "stroke", "stroke-width",
        "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset",
        "stroke-opacity", "opacity", "color", "display", "visibility", "offset", "stop-color",
        "stop-opacity", "gradientUnits", "gradientTransform", "spreadMethod", "clipPathUnits", "maskUnits",
        "maskContentUnits", "vector-effect", "paint-order", "shape-rendering", "mix-blend-mode",
    }
)  # fmt: skip
_HREFS: Final = ("href", "{http://www.w3.org/1999/xlink}href")
_OWN_PART: Final = re.compile(r"#[\w.:-]{1,100}")
_URL: Final = re.compile(r"url\(\s*([\"']?)(.*?)\1\s*\)", re.IGNORECASE | re.DOTALL)


def kept_attributes(element: ET.Element) -> dict[str, str]:
    """Those a drawing needs. NotALogoError names an event, and what leads out of the file."""
    kept = {}
    for name, value in element.attrib.items():
        plain = name.rpartition("}")[2]
        if plain.lower().startswith("on"):
            raise NotALogoError(f"The logo holds an event handler ({plain[:40]}).")
        if name in _HREFS or plain.lower() == "href":
            kept["href"] = _own_part(value)
        elif name == "style":
            kept[name] = check_style(value)
        elif name in _KEPT:
            kept[name] = _within(value)
        elif plain.lower() == "src":
            raise NotALogoError(f"The logo points to another place ({value[:60]}).")
    return kept


def _own_part(value: str) -> str:
    """A reference may lead to a part of the same drawing only."""
    if not _OWN_PART.fullmatch(value.strip()):
        raise NotALogoError(f"The logo points to another place ({value.strip()[:60]}).")
    return value.strip()


def _within(value: str) -> str:
    if "\\" in value:
        raise NotALogoError("The logo holds a disguised value (a backslash in an attribute).")
    for _, target in _URL.findall(value):
        _own_part(target)
    if "url(" in _URL.sub("", value.lower()):
        raise NotALogoError("The logo points to another place (url).")
    return value
