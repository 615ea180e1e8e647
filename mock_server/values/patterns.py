"""Strings that a regular expression (ECMA-262, as JSON Schema has them) finds a match in."""

import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from random import Random
from typing import Any

# Python's own reader of patterns; private, and in this place since 3.11.
_parser: Any = import_module("re._parser")
ops: Any = import_module("re._constants")
LONGEST = 10_000
"""More characters than this are never made."""
_LONGEST_PATTERN = 2_000
_ROOM = 8
_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
_CLASSES: dict[Any, Callable[[str], bool]] = {
    ops.CATEGORY_DIGIT: lambda char: char in "0123456789",
    ops.CATEGORY_WORD: lambda char: char == "_" or char in _PLAIN,
    ops.CATEGORY_SPACE: str.isspace,
    ops.CATEGORY_NOT_DIGIT: lambda char: char not in "0123456789",
    ops.CATEGORY_NOT_WORD: lambda char: char != "_" and char not in _PLAIN,
    ops.CATEGORY_NOT_SPACE: lambda char: not char.isspace(),
}
# The general categories of Unicode, as far as ASCII shows them; a script is taken for letters.
_PROPERTIES = {
    "Lu": "A-Z",
    "Uppercase": "A-Z",
    "Ll": "a-z",
    "Lowercase": "a-z",
    "N": "0-9",
    "Nd": "0-9",
    "P": "!-#%-*,-/:;?@_",
    "S": "$+<->^`|~",
    "Sc": "$",
    "Z": " ",
    "Zs": " ",
}
_TOKEN = re.compile(
    r"\\[pP]\{(?:[^}=]*=)?(?P<property>[^}]*)\}|\\[pP](?P<letter>\w)|\\u\{(?P<code>[0-9a-fA-F]+)\}"
    r"|\\c(?P<control>[A-Za-z])|\\k<(?P<back>\w+)>|\(\?<(?P<group>[A-Za-z_]\w*)>"
    r"|\\(?P<escaped>.)|(?P<plain>.)",
    re.DOTALL,
)
Item = tuple[Any, Any]


class UnsupportedPattern(ValueError):
    """A pattern that no string is made for: unreadable, too long, or too long a match."""


class Pattern:
    """A pattern, read once; raises UnsupportedPattern where it cannot be."""

    def __init__(self, source: str) -> None:
        if len(source) > _LONGEST_PATTERN:
            raise UnsupportedPattern(f"it is longer than {_LONGEST_PATTERN} characters")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._tree = _parser.parse(_in_python(source))
        except (re.error, RecursionError, OverflowError) as error:
            raise UnsupportedPattern(f"it is not understood: {error}") from None
        self._least, self._most = self._tree.getwidth()
        if self._least > LONGEST:
            raise UnsupportedPattern(f"its matches are longer than {LONGEST} characters")

    def text(self, random: Random, shortest: int = 0, longest: int = LONGEST) -> str:
        """A likely match; look-arounds and boundaries are hoped for, so the caller checks it."""
        least = max(self._least, shortest)
        most = min(int(self._most), longest, least + _ROOM)
        writer = _Writer(random)
        writer.sequence(self._tree, random.randint(least, max(least, most)) - self._least)
        return self._padded(writer.finish(), shortest)

    def _padded(self, made: str, shortest: int) -> str:
        filler = "-" * (shortest - len(made))
        ends = [value for op, value in self._tree[-1:] if op is ops.AT]
        return made + filler if not ends or ends[0] is ops.AT_BOUNDARY else filler + made


def _in_python(pattern: str) -> str:
    """The same pattern in Python's notation."""
    parts: list[str] = []
    in_class = False
    for token in _TOKEN.finditer(pattern):
        parts.append(_token(token, in_class=in_class))
        if token["plain"] in {"[", "]"}:
            in_class = token["plain"] == "[" or (in_class and token["plain"] != "]")
    return "".join(parts)


def _token(token: re.Match[str], *, in_class: bool) -> str:
    match token.lastgroup:
        case "property" | "letter":
            members = _PROPERTIES.get(token[token.lastgroup], "a-zA-Z")
            if token[0].startswith("\\P"):
                others = (char for char in _PRINTABLE if not re.match(f"[{members}]", char))
                members = "".join(map(re.escape, others))
            return members if in_class else f"[{members}]"
        case "code" | "control":
            number = int(token["code"], 16) if token["code"] else ord(token["control"]) % 32
            return f"\\U{number:08x}"
        case "back" | "group":
            return f"(?P={token['back']})" if token["back"] else f"(?P<{token['group']}>"
        case "escaped":
            return _escaped(token["escaped"])
    return "\\[" if in_class and token["plain"] == "[" else token["plain"]


def _escaped(char: str) -> str:
    if char == "z":
        return "\\Z"
    # Python refuses escapes of letters that mean nothing; in ECMA-262 they mean themselves.
    return char if char.isalpha() and char not in "dDwWsSbBfnrtvxuAZ" else "\\" + char


class _Writer:
    """Walks a parsed pattern and writes down one of its matches."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._written: list[str] = []
        self._groups: dict[int, str] = {}
        self._pools: dict[int, tuple[str, str]] = {}
        self._ahead: list[tuple[int, str]] = []

    def finish(self) -> str:
        """What was written, in half of all draws with what look-aheads asked for laid over it."""
        made = "".join(self._written)
        if self._random.random() < 0.5:
            for at, asked in self._ahead:
                made = made[:at] + asked + made[at + len(asked) :]
        return made

    def sequence(self, tree: Any, extra: int) -> None:
        """Write each item at its shortest, and `extra` more characters where there is room."""
        items = list(tree)
        rooms = [_room(tree, item) for item in items]
        for item, share in zip(items, self._shares(rooms, extra), strict=True):
            self._item(tree, item, share)

    def _shares(self, rooms: list[int], extra: int) -> list[int]:
        shares = [0] * len(rooms)
        flexible = [index for index, room in enumerate(rooms) if room]
        self._random.shuffle(flexible)
        portion = max(1, extra // max(1, len(flexible)))
        for index in flexible * 2:
            more = min(portion, rooms[index] - shares[index], extra)
            shares[index] += more
            extra -= more
            # What nobody took in the first round goes to whoever can in the second.
            portion = extra if index == flexible[-1] else portion
        return shares

    def _item(self, tree: Any, item: Item, extra: int) -> None:
        op, value = item
        if op in _REPEATS:
            self._repeat(value, extra)
        elif op is ops.SUBPATTERN:
            self._group(value, extra)
        elif op is ops.BRANCH:
            self._branch(value[1], extra + _least(tree, item))
        elif op in {ops.ASSERT, ops.ASSERT_NOT, ops.AT}:
            self._look(op, value)
        else:
            self._written.append(self._simple(op, value, extra))

    def _simple(self, op: Any, value: Any, extra: int) -> str:
        if op is ops.LITERAL:
            return chr(value)
        if op is ops.GROUPREF:
            return self._groups.get(value, "")
        if op is getattr(ops, "ATOMIC_GROUP", None):
            self.sequence(value, extra)
            return ""
        if op is ops.GROUPREF_EXISTS:
            raise UnsupportedPattern("it has a conditional group")
        return self._char(value if op is ops.IN else [(op, value)], id(value))

    def _repeat(self, value: tuple[int, int, Any], extra: int) -> None:
        least, most, body = value
        each, widest = body.getwidth()
        count = least
        if each:
            count += min(int(most) - least, extra // each)
        else:
            # Each round may stay empty, and `least` may be in the billions.
            count = min(max(least, 1), extra)
        spare = extra - (count - least) * each if each else extra
        for _ in range(count):
            share = min(spare, int(widest) - each)
            spare -= share
            self.sequence(body, share)

    def _group(self, value: tuple[Any, ...], extra: int) -> None:
        start = len(self._written)
        self.sequence(value[-1], extra)
        if value[0] is not None:
            self._groups[value[0]] = "".join(self._written[start:])

    def _branch(self, branches: Sequence[Any], length: int) -> None:
        fitting = [branch for branch in branches if branch.getwidth()[0] <= length]
        roomy = [branch for branch in fitting if branch.getwidth()[1] >= length]
        branch = self._random.choice(roomy or fitting)
        self.sequence(branch, min(length, int(branch.getwidth()[1])) - branch.getwidth()[0])

    def _look(self, op: Any, value: Any) -> None:
        if op is ops.ASSERT and value[0] > 0:
            at = sum(map(len, self._written))
            writer = _Writer(self._random)
            writer.sequence(value[1], self._random.randint(0, _ROOM))
            self._ahead.append((at, "".join(writer._written)))

    def _char(self, members: Sequence[Item], key: int) -> str:
        if key not in self._pools:
            self._pools[key] = _pool(members)
        plain, pool = self._pools[key]
        if pool:
            return self._random.choice(plain if plain and self._random.random() < 0.8 else pool)
        if members[0][0] is ops.NEGATE:
            return next(char for char in _beyond() if _accepts(members, char))
        return self._rare(self._random.choice(members))

    def _rare(self, member: Item) -> str:
        op, value = member
        if op is ops.RANGE:
            return chr(self._random.randint(*value))
        return chr(value) if op is ops.LITERAL else "\t"


_REPEATS = {ops.MAX_REPEAT, ops.MIN_REPEAT, getattr(ops, "POSSESSIVE_REPEAT", None)}


def _least(tree: Any, item: Item) -> int:
    return int(_parser.SubPattern(tree.state, [item]).getwidth()[0])


def _room(tree: Any, item: Item) -> int:
    least, most = _parser.SubPattern(tree.state, [item]).getwidth()
    return int(most) - int(least)


def _pool(members: Sequence[Item]) -> tuple[str, str]:
    """The letters and digits, and all the printable ASCII characters, that a class accepts."""
    pool = "".join(char for char in _PRINTABLE if _accepts(members, char))
    return "".join(char for char in pool if char in _PLAIN), pool


def _accepts(members: Sequence[Item], char: str) -> bool:
    if members[0][0] is ops.NEGATE:
        return not any(_is_in(member, char) for member in members[1:])
    return any(_is_in(member, char) for member in members)


def _is_in(member: Item, char: str) -> bool:
    op, value = member
    if op is ops.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    if op is ops.CATEGORY:
        return _CLASSES[value](char)
    return op is ops.ANY or (ord(char) == value) == (op is ops.LITERAL)


def _beyond() -> Iterator[str]:
    return map(chr, range(0xA1, 0xD800))
