"""Texts that others wrote, for a terminal: nothing in them moves the cursor, colours or forges."""

_JOINER = "\u200d"  # of emoji, which are several letters


def printable(text: str) -> str:
    """The text with every letter that would not be seen as such written as its escape."""
    if text.isprintable():
        return text
    return "".join(
        each
        if each.isprintable() or each == _JOINER
        else each.encode("unicode_escape", "surrogatepass").decode()
        for each in text
    )
