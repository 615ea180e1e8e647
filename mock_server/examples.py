"""Answers from the document alone: examples, else instances of schemas, else media files."""

import json
import mimetypes
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from mock_server.document import Document
from mock_server.instances import Instances
from mock_server.source import DocumentError, read
from mock_server.values.words import Words
from mock_server.wire import Json

_BINARY = re.compile(
    r"(image|audio|video|font)/(?!svg)|application/(octet-stream|pdf|zip|gzip|tar|wasm|vnd\.ms-.*)$"
)
_TEXT = re.compile(r"text/|[^/]+/(.*\+)?(xml|yaml|toml|csv|javascript|graphql)$|image/svg")
_LINES = re.compile(r"application/(ndjson|jsonl|jsonlines|json-seq|json-lines)$")
_JSON = re.compile(r"[^/]+/(.*\+)?json$")
_CONCRETE = {
    "*": "application/json",
    "application": "application/json",
    "text": "text/plain",
    "image": "image/png",
    "audio": "audio/mpeg",
    "video": "video/mp4",
}
_ALIASES = {
    "audio/mp3": "audio/mpeg",
    "audio/wave": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "image/jpg": "image/jpeg",
}
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_BYTES = 64


def media_types(response: Mapping[str, Json]) -> list[str]:
    """The media types of a response, in the document's order."""
    return list(response.get("content", {}))


def example_names(content: Mapping[str, Json]) -> list[str]:
    """The names of the examples of a media type."""
    return list(content.get("examples", {}))


def concrete(media_type: str) -> str:
    """A media type that can be sent for one that may be a range, such as `image/*`."""
    main, _, sub = media_type.partition(";")[0].strip().partition("/")
    return _CONCRETE.get(main, "application/octet-stream") if "*" in {main, sub} else media_type


class Examples:
    """What a document says in its own words; `media` is a folder with files to send as media."""

    def __init__(self, document: Document, media: Path, words: Words | None = None) -> None:
        self._document = document
        self._media = media
        self._instances = Instances(document, words)

    def body(
        self, content: Mapping[str, Json], media_type: str, random: Random, name: str | None = None
    ) -> Json:
        """A body for a media type object: bytes to be sent as they are, or a JSON value.

        The example of that name, else the first, else an instance of the schema (which may raise
        Unsatisfiable), else media. A JSON value for `text/event-stream` is an event or a list of
        them.
        """
        media_type = concrete(media_type)
        given = list(self._given(content, name))
        if not given and self._is_binary(content, media_type):
            return self._file(media_type, random)
        value = given[0] if given else self._instance(content, random)
        if isinstance(value, str) and _JSON.match(_plain(media_type)):
            return self._parsed(value, content)
        return value if isinstance(value, bytes) else _encoded(value, media_type, _root(content))

    def headers(self, response: Mapping[str, Json], random: Random) -> dict[str, str]:
        """The headers that a response must have, without those that the server fills in."""
        found: dict[str, str] = {}
        for name, node in response.get("headers", {}).items():
            header = self._document.resolve(node)
            is_ours = header.get("required") is True and "x-value" not in header
            if is_ours and name.lower() != "content-type":
                found[name] = self._header(header, random)
        return found

    def _header(self, header: Mapping[str, Json], random: Random) -> str:
        # A header has its schema at hand, or inside of its only media type.
        content = next(iter(header.get("content", {}).values()), None)
        given = list(self._given(content or header, None))
        value = given[0] if given else self._instance(content or header, random)
        return _compact(value) if content else " ".join(_simple(value).split())

    def _given(self, node: Mapping[str, Json], name: str | None) -> Iterator[Json]:
        """The values of the examples, the one that is named first."""
        named = {key: self._document.resolve(each) for key, each in _mapping(node, "examples")}
        order = sorted(named, key=lambda key: key != name)
        for example in (named[key] for key in order):
            if "value" in example:
                yield example["value"]
            elif isinstance(example.get("externalValue"), str):
                yield from self._external(example["externalValue"])
        if "example" in node:
            yield node["example"]

    def _parsed(self, text: str, content: Mapping[str, Json]) -> Json:
        # Many authors write a JSON example as text, where its schema wants no text at all.
        schema = content.get("schema", True)
        if self._instances.fits(schema, text):
            return text
        try:
            return json.loads(text)
        except ValueError:
            return text

    def _external(self, path: str) -> Iterator[Json]:
        """The content of a file in the document's folder; anything else is no example."""
        file = (self._document.folder / path).resolve()
        if "://" in path or not file.is_relative_to(self._document.folder.resolve()):
            return
        try:
            structured = file.suffix in {".json", ".yaml", ".yml"}
            yield read(file) if structured else file.read_bytes()
        except (OSError, DocumentError):
            return

    def _instance(self, node: Mapping[str, Json], random: Random) -> Json:
        return self._instances.make(node["schema"], random) if "schema" in node else {}

    def _is_binary(self, content: Mapping[str, Json], media_type: str) -> bool:
        schema = self._document.resolve(content.get("schema", {}))
        if not isinstance(schema, dict) or schema.get("examples") or "example" in schema:
            return False
        if schema.get("format") == "binary":
            return True
        kinds = (_plain(media_type), _plain(schema.get("contentMediaType", "")))
        return "contentEncoding" not in schema and any(map(_BINARY.match, kinds))

    def _file(self, media_type: str, random: Random) -> bytes:
        files = sorted(self._media.iterdir()) if self._media.is_dir() else []
        for file in files:
            guessed = mimetypes.guess_type(file.name, strict=False)[0] or ""
            if _plain(guessed) == _plain(media_type) and file.is_file():
                return file.read_bytes()
        return random.randbytes(_BYTES)


def _plain(media_type: str) -> str:
    """A media type without parameters, and under one of its names only."""
    bare = media_type.partition(";")[0].strip().lower().replace("/x-", "/")
    return _ALIASES.get(bare, bare)


def _encoded(value: Json, media_type: str, root: str) -> Json:
    """Bytes where the media type is not JSON, and the value as it is where it is."""
    bare = _plain(media_type)
    if isinstance(value, str) and (_TEXT.match(bare) or _BINARY.match(bare)):
        return value.encode()
    if bare.endswith(("/xml", "+xml")):
        return _xml(root, {"item": value} if isinstance(value, list) else value).encode()
    if _LINES.match(bare):
        lines = value if isinstance(value, list) else [value]
        return "".join(_compact(line) + "\n" for line in lines).encode()
    if bare == "application/www-form-urlencoded" and isinstance(value, dict):
        return urlencode(value, doseq=True).encode()
    is_text = _TEXT.match(bare) and bare != "text/event-stream"
    return _compact(value).encode() if is_text else value


def _root(content: Mapping[str, Json]) -> str:
    """What the outermost element is called in XML."""
    schema = content.get("schema", {})
    named = schema.get("xml", {}).get("name") if isinstance(schema, dict) else None
    ref = schema.get("$ref", "") if isinstance(schema, dict) else ""
    return str(named or ref.rpartition("/")[2] or "response")


def _xml(name: str, value: Json) -> str:
    """An element; an array is a row of elements of the same name."""
    tag = re.sub(r"[^\w.-]", "_", name)
    if isinstance(value, list):
        return "".join(_xml(name, each) for each in value)
    if isinstance(value, dict):
        return f"<{tag}>{''.join(_xml(key, each) for key, each in value.items())}</{tag}>"
    return f"<{tag}>{_simple(value).translate(_ENTITIES)}</{tag}>"


def _simple(value: Json) -> str:
    """A header's value in the style `simple` (OpenAPI 3.1, Style Values)."""
    if isinstance(value, list):
        return ",".join(map(_simple, value))
    if isinstance(value, dict):
        return ",".join(f"{name},{_simple(inner)}" for name, inner in value.items())
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)


def _compact(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _mapping(node: Mapping[str, Json], name: str) -> list[tuple[str, Json]]:
    found = node.get(name)
    return list(found.items()) if isinstance(found, dict) else []
