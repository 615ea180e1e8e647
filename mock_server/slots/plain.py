"""Texts without the marks of Markdown."""

import re
from itertools import groupby
from typing import Final

_FENCE: Final = re.compile(r"^[ \t]*(?:```|~~~)[^\n]*\n?", re.MULTILINE)
_ITEM: Final = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+(?=\S)")
_HEADING: Final = re.compile(r"^#{1,6}[ \t]+", re.MULTILINE)
_STRONG: Final = re.compile(r"(\*\*|__)(?=\S)(.{1,400}?)(?<=\S)\1")


def plain(text: str) -> str:
    """A text without fences, headings and stars; the items of a list stand in one line."""
    parts = _FENCE.split(text)
    # Every other part is what a fence holds, whose lines are no items.
    told = [part if number % 2 else _unlisted(part) for number, part in enumerate(parts)]
    return "\n".join(part.strip("\n") for part in told if part.strip())


def _unlisted(text: str) -> str:
    text = _STRONG.sub(r"\2", _HEADING.sub("", text))
    lines: list[str] = []
    for is_item, group in groupby(text.split("\n"), key=lambda line: bool(_ITEM.match(line))):
        if not is_item:
            lines += group
            continue
        items = "; ".join(_ITEM.sub("", line, count=1).strip() for line in group)
        while lines and not lines[-1].strip():
            lines.pop()
        lines[-1:] = [f"{lines[-1]} {items}" if lines else items]
    return "\n".join(lines)
