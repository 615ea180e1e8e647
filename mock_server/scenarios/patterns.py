"""The regular expressions of rules: in the syntax of `re`, searched for a moment and no longer."""

import re
import warnings
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final

_parser = import_module("re._parser")

_SECONDS: Final = 0.1
_MOST_STEPS: Final = 10_000
# Between two looks at the clock a search may run over the whole text.
_SEARCHED: Final = 200_000
# What `regex` takes for letters that may differ is plain text to `re`: `a{e}`.
_BRACE: Final = re.compile(r"\\N\{[^}]*\}|\\.|\{(?!\d+(?:,\d*)?\}|,\d*\})", re.DOTALL)


@dataclass(frozen=True)
class Pattern:
    """A regular expression, and the steps that it comes to with its counts written out."""

    text: str
    steps: int = field(compare=False)
    compiled: Any = field(compare=False, repr=False)

    def is_in(self, text: str) -> bool:
        """Whether it is found in the text; raises TimeoutError where that takes too long."""
        found = self.compiled.search(text, endpos=_SEARCHED, timeout=_SECONDS)
        return found is not None


def pattern(text: str) -> Pattern:
    """The pattern that is written so; raises ValueError."""
    if len(text) > _MOST_STEPS:
        raise ValueError(f"it is longer than {_MOST_STEPS:,} characters")
    try:
        with warnings.catch_warnings(action="ignore"):
            re.compile(text)
            steps = _steps(_parser.parse(text)) if "{" in text else 0
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from None
    if steps > _MOST_STEPS:  # which `regex` would write out, however much memory that takes
        raise ValueError(f"its counts come to more than {_MOST_STEPS:,} steps")
    return Pattern(text, max(steps, len(text)), _compiled(text))


def _compiled(text: str) -> Any:
    """For a search that can be ended: one of `re` may go on for ever, and holds up everybody."""
    import regex  # only where rules have patterns

    plain = _BRACE.sub(lambda found: "\\{" if found[0] == "{" else found[0], text)
    try:
        return regex.compile(plain, cache_pattern=False)
    except (regex.error, RecursionError) as error:
        raise ValueError(str(error)) from None


def _steps(node: Any) -> int:
    """Of a pattern, or a part of one, as `re` takes it apart: `(MAX_REPEAT, (3, 3, [...]))`."""
    if not isinstance(node, _parser.SubPattern | list | tuple):
        return 0
    is_repeat = len(node) == 2 and str(node[0]).endswith("_REPEAT")
    times = max(1, node[1][0]) if is_repeat else 1
    return isinstance(node, tuple) + times * sum([_steps(each) for each in node])
