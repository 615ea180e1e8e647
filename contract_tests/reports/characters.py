"""What a server may say, and no terminal or document should be given."""

import re
from typing import Final

# XML 1.0, 2.2: what no document may hold. A terminal would obey some of these.
_IMPOSSIBLE: Final = re.compile("[^\t\n\r -\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def safe(text: str) -> str:
    """The text with a mark in place of each such character."""
    return _IMPOSSIBLE.sub("\N{REPLACEMENT CHARACTER}", text)
