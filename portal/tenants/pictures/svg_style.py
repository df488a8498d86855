"""Style inside a drawing: plain declarations only."""

import re
from typing import Final

from portal.tenants.pictures.picture import NotALogoError

_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_REFUSED: Final = {
    "url(": "a style that loads something (url)",
    "image(": "a style that loads something (image)",
    "image-set(": "a style that loads something (image-set)",
    "src(": "a style that loads something (src)",
    "@": "a style rule that begins with @",
    "\\": "a disguised style (a backslash)",
    "expression(": "a style that runs something (expression)",
    "javascript:": "a style that runs something (javascript)",
    "behavior:": "a style that runs something (behavior)",
    "-moz-binding": "a style that runs something (binding)",
    "<": "markup inside its style",
    "/*": "a comment that does not end inside its style",
}


def check_style(text: str) -> str:
    """`text` itself. NotALogoError names what it must not hold, spelled with comments or blanks or not."""
    squeezed = re.sub(r"\s+", "", _COMMENT.sub("", text)).lower()
    for sign, said in _REFUSED.items():
        if sign in squeezed:
            raise NotALogoError(f"The logo holds {said}.")
    return text
