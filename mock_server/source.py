"""Documents as files and as trees: YAML or JSON read strictly, and pointers into what was read."""

import json
import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

import yaml

from mock_server.wire import Json

_MOST_VALUES: Final = 5_000_000


class DocumentError(ValueError):
    """What keeps a document from being served, in a sentence that says where to look."""


def escape(name: str) -> str:
    """A name as one step of a JSON pointer (RFC 6901): `/v1/chat` is `~1v1~1chat`."""
    return name.replace("~", "~0").replace("/", "~1")


def pointer(*names: str) -> str:
    """The local reference that these names lead along, percent-encoded as a URI fragment is."""
    path = "".join("/" + escape(name) for name in names)
    return "#" + quote(path, safe="/~!$&'()*+,;=:@")


def node_at(data: Json, fragment: str) -> Json:
    """The node at a JSON pointer in its form as a URI fragment; raises DocumentError."""
    for step in unquote(fragment).split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(data, dict) and name in data:
            data = data[name]
        elif isinstance(data, list) and name.isdecimal() and int(name) < len(data):
            data = data[int(name)]
        else:
            raise DocumentError(
                f"The reference '#{fragment}' points to nothing: no {name!r} there."
            )
    return data


def read(path: Path) -> Json:
    """The content of a YAML or (by its suffix) JSON file, made of JSON's types alone."""
    return parse(text_of(path), str(path), is_json=path.suffix == ".json")[0]


def text_of(path: Path) -> str:
    """The text in a file; raises DocumentError."""
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise DocumentError(f"There is no file {path}.") from None
    except UnicodeDecodeError as error:
        raise DocumentError(f"{path} is not UTF-8 text (byte {error.start}).") from None
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror or error}.") from None


def parse(text: str, name: str, *, is_json: bool) -> tuple[Json, yaml.Node | None]:
    """The content of a text, and its tree, in which each node of YAML knows where it stands."""
    node = None
    try:
        if is_json:
            data = json.loads(text)
        else:
            data, node = _composed(text)
        json.dumps(data)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise DocumentError(f"{name} is not JSON: {error.msg} ({where}).") from None
    except yaml.YAMLError as error:
        raise DocumentError(f"{name} is not YAML: {_complaint(error)}.") from None
    except (TypeError, ValueError, RecursionError) as error:
        raise DocumentError(f"{name} holds what JSON cannot: {error}.") from None
    return data, node


def _composed(text: str) -> tuple[Json, yaml.Node | None]:
    loader = yaml_loader()(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None, None
        if _size(node, {}) > _MOST_VALUES:
            raise ValueError("its aliases stand for more values than anybody could want")
        return loader.construct_document(node), node
    finally:
        loader.dispose()


def _size(node: yaml.Node, known: dict[int, int]) -> int:
    """How many values a node stands for, with those of its aliases; one in itself counts once."""
    if isinstance(node, yaml.ScalarNode):
        return 1
    if id(node) not in known:
        known[id(node)] = 1
        inner = (
            (each[1] for each in node.value) if isinstance(node, yaml.MappingNode) else node.value
        )
        known[id(node)] = 1 + sum(_size(each, known) for each in inner)
    return known[id(node)]


def _complaint(error: yaml.YAMLError) -> str:
    if not isinstance(error, yaml.MarkedYAMLError):
        return " ".join(str(error).split())
    mark = error.problem_mark or error.context_mark
    where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
    return f"{error.problem or error.context}{where}"


# YAML 1.2.2, section 10.3.2, and the merge key `<<`, which 1.2 dropped and authors did not.
_CORE = (
    ("null", r"^(?:~|null|Null|NULL|)$", ("~", "n", "N", "")),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("merge", r"^<<$", "<"),
)


def yaml_loader() -> type[yaml.SafeLoader]:
    """YAML 1.2's core schema on PyYAML: dates, `on` and `1:30` are text, and so is every key."""
    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for tag, pattern, firsts in _CORE:
        for first in firsts:
            resolvers.setdefault(first, []).append(
                (f"tag:yaml.org,2002:{tag}", re.compile(pattern))
            )
    members = {"yaml_implicit_resolvers": resolvers, "construct_mapping": _mapping}
    loader: type[yaml.SafeLoader] = type("Loader", (base,), members)
    loader.add_constructor("tag:yaml.org,2002:int", _integer)
    loader.add_constructor("tag:yaml.org,2002:float", _float)
    return loader


def _mapping(loader: Any, node: yaml.MappingNode, deep: bool = False) -> dict[str, Json]:
    names = [_key(key) for key, _ in node.value]
    if len(set(names)) < len(names):
        place = next(place for place, name in enumerate(names) if name in names[:place])
        problem, mark = f"the name {names[place]!r} stands twice", node.value[place][0].start_mark
        raise yaml.MarkedYAMLError(problem=problem, problem_mark=mark)
    loader.flatten_mapping(node)
    return {_key(key): loader.construct_object(value, deep=deep) for key, value in node.value}


def _key(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        problem = "the name of a member must be plain text"
        raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
    return str(node.value)


def _integer(_loader: Any, node: yaml.ScalarNode) -> int:
    text = str(node.value)
    return int(text, 0) if text[:2] in {"0o", "0x"} else int(text)


def _float(_loader: Any, node: yaml.ScalarNode) -> float:
    return float(node.value)
