"""A partner's letterhead as the templates read it."""

import base64
from typing import Any

from integrations.documents.typeset import shown
from portal.tenants.letterhead import Letterhead
from portal.tenants.pictures.picture import SVG


def on_paper(letterhead: Letterhead) -> dict[str, Any]:
    """{svg, aspect, foot}: the logo as SVG text, for data of a template are texts; blank for none."""
    aspect = letterhead.width / letterhead.height if letterhead.height else 1
    return {"svg": _svg(letterhead), "aspect": aspect, "foot": shown(letterhead.foot)}


def _svg(letterhead: Letterhead) -> str:
    if not letterhead.logo:
        return ""
    if letterhead.media_type == SVG:
        return letterhead.logo.decode()
    size = f'width="{letterhead.width}" height="{letterhead.height}"'
    within = base64.b64encode(letterhead.logo).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {letterhead.width} {letterhead.height}" {size}>'
        f'<image {size} href="data:{letterhead.media_type};base64,{within}"/></svg>'
    )
