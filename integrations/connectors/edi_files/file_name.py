"""What our files are called. Pure."""

import re
from datetime import datetime
from typing import Final

from integrations.connectors.outbound import Controls

_UNFIT: Final = re.compile(r"[^A-Za-z0-9-]+")


def file_name(kind: str, partner: str, local: datetime, controls: Controls) -> str:
    """Such as 940_NWIND3PL_20260302T140500_000005101.edi: no two files of one endpoint share it."""
    place = _UNFIT.sub("-", partner).strip("-") or "partner"
    return f"{kind}_{place}_{local:%Y%m%dT%H%M%S}_{controls.interchange:09d}.edi"
