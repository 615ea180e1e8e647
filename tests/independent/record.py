"""Judges servers that others wrote anew: `python -m tests.independent.record [NAME...]`.

Explanations stay. What has none begins with `?`, followed by what was seen.
"""

import sys
from collections.abc import Sequence

from tests.independent.judging import UNEXPLAINED, expected, judged, written
from tests.independent.servers import SERVERS


def main(names: Sequence[str]) -> int:
    """Write what comes out; 1 where something is left to be explained."""
    code = 0
    for server in [SERVERS[name] for name in names or SERVERS]:
        text = written(judged(server), expected(server))
        server.expected.write_text(text, "utf-8")
        code = code or int(f"{UNEXPLAINED} " in text)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
