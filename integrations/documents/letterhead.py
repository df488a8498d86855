"""A partner's letterhead as the templates read it."""

import base64
from typing import Any

from integrations.documents.typeset import shown
from portal.tenants.paper import Letterhead
from portal.tenants.pictures.picture import SVG


def on_paper(letterhead: Letterhead) -> dict[str, Any]:
    """{svg, aspect, plate, foot [text]}: the logo as SVG text, as data of a template are; blank for none."""
    lines = (letterhead.foot, f"Questions? {letterhead.questions}" if letterhead.questions else "")
    return {
        "svg": _svg(letterhead),
        "aspect": letterhead.width / letterhead.height if letterhead.height else 1,
        "plate": letterhead.plate,
        "foot": [said for line in lines if (said := shown(line))],
    }


def _svg(letterhead: Letterhead) -> str:
    if not letterhead.logo:
        return ""
    if letterhead.media_type == SVG:
        return letterhead.logo.decode()
    width, height = letterhead.width, letterhead.height
    size = f'width="{width}" height="{height}"'
    within = base64.b64encode(letterhead.logo).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {size}>'
        f'<image {size} href="data:{letterhead.media_type};base64,{within}"/></svg>'
    )
