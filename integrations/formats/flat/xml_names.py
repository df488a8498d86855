"""Names of XML elements, as far as parsers agree on them (XML 1.0, fourth edition)."""

import re
from typing import Final

_LETTERS: Final = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e"
    "\u0401-\u040c\u040e-\u044f\u0451-\u045c\u3041-\u3094\u30a1-\u30fa\u4e00-\u9fa5\uac00-\ud7a3"
)
NAME: Final = f"[{_LETTERS}][{_LETTERS}0-9.-]*"
IS_NAME: Final = re.compile(NAME)
