"""Documents in several files made one: what relative references name is brought in."""

import copy
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from mock_server.grammar import SECTIONS, Place, named_maps, walk
from mock_server.source import DocumentError, node_at, pointer, read
from mock_server.wire import Json


def bundle(path: Path, data: dict[str, Json]) -> None:
    """Make every reference of the document read from `path` a local one, in place.

    What other files hold is kept under `x-bundled`, ordered as `components` is.
    """
    path = path.resolve()
    gathering = _Gathering(path, data)
    gathering.take(path, data, "document")
    while gathering.rest:
        gathering.take(*gathering.rest.pop())


def anchors(data: Json, kind: str) -> dict[str, str]:
    """The plain-name anchors of schemas, and the JSON pointers that lead to the same places."""
    places = walk(data, kind) if isinstance(data, dict) else ()
    return {
        place.node[keyword]: pointer(*place.names)[1:]
        for place in places
        for keyword in ("$anchor", "$dynamicAnchor")
        if isinstance(place.node.get(keyword), str)
    }


class _Gathering:
    def __init__(self, path: Path, data: dict[str, Json]) -> None:
        self.rest: list[tuple[Path, dict[str, Json], str]] = []
        self._path = path
        self._data = data
        self._files: dict[Path, Json] = {path: data}
        self._refs: dict[tuple[Path, str, str], str] = {}
        self._anchors: dict[Path, dict[str, str]] = {}
        # By id; the nodes themselves are held so that no id comes up twice.
        self._done: dict[int, dict[str, Json]] = {}

    def take(self, home: Path, node: dict[str, Json], kind: str) -> None:
        """Make the references under one node of the file `home` local."""
        for place in walk(node, kind):
            if id(place.node) not in self._done:
                self._done[id(place.node)] = place.node
                self._localise(place, home)

    def _localise(self, place: Place, home: Path) -> None:
        node = place.node
        if isinstance(dynamic := node.get("$dynamicRef"), str):
            node.setdefault("$ref", dynamic)
            del node["$dynamicRef"]
        if isinstance(ref := node.get("$ref"), str):
            path, fragment = self._target(ref, place, home)
            if place.kind in SECTIONS:
                node["$ref"] = self._local(path, fragment, place.kind)
            else:
                self._inline(place, path, fragment)
        for members in named_maps(place):
            self._spread(members, place, home)
        self._map_discriminator(place, home)

    def _target(self, ref: str, place: Place, home: Path) -> tuple[Path, str]:
        file, _, fragment = ref.partition("#")
        parts = urlsplit(file)
        if parts.scheme or parts.netloc or file.startswith("/"):
            raise DocumentError(
                f"{home}, at {pointer(*place.names)}: {ref!r} is not fetched; "
                "keep a copy beside the document and refer to it by a relative path."
            )
        path = (home.parent / unquote(file)).resolve() if file else home
        if fragment and not fragment.startswith("/"):
            fragment = self._anchored(path, fragment)
        return path, fragment

    def _local(self, path: Path, fragment: str, kind: str) -> str:
        if path == self._path:
            return "#" + fragment
        if (path, fragment, kind) not in self._refs:
            section = self._data.setdefault("x-bundled", {}).setdefault(SECTIONS[kind], {})
            name = _free_name(unquote(fragment).rpartition("/")[2] or path.stem, section)
            self._refs[path, fragment, kind] = pointer("x-bundled", SECTIONS[kind], name)
            section[name] = node = self._copy(path, fragment)
            if isinstance(node, dict):
                self.rest.append((path, node, kind))
        return self._refs[path, fragment, kind]

    def _inline(self, place: Place, path: Path, fragment: str) -> None:
        # Strictly, operations and media types are never referred to; many documents do.
        node = self._copy(path, fragment)
        if not isinstance(node, dict) or "$ref" in node:
            raise DocumentError(f"The reference at {pointer(*place.names)} leads to no mapping.")
        self.take(path, node, place.kind)
        place.node.clear()
        place.node.update(node)

    def _spread(self, members: dict[str, Json], place: Place, home: Path) -> None:
        # Nor is a whole map, such as `paths` or `schemas`.
        ref = members.get("$ref")
        if isinstance(ref, str):
            del members["$ref"]
            path, fragment = self._target(ref, place, home)
            file = "" if path == home else ref.partition("#")[0]
            target = self._copy(path, fragment)
            for name in target if isinstance(target, dict) else ():
                step = pointer(name)[1:]
                members.setdefault(name, {"$ref": f"{file}#{fragment}{step}"})

    def _map_discriminator(self, place: Place, home: Path) -> None:
        discriminator = place.node.get("discriminator") if place.kind == "schema" else None
        mapping: Json = discriminator.get("mapping") if isinstance(discriminator, dict) else None
        names = list(mapping) if isinstance(mapping, dict) else []
        for name in names:
            if re.search(r"\.(ya?ml|json)(#|$)", str(mapping[name])):
                target = self._target(mapping[name], place, home)
                mapping[name] = self._local(*target, "schema")

    def _copy(self, path: Path, fragment: str) -> Json:
        # A copy, because another reference may want a part of the same node.
        try:
            return copy.deepcopy(node_at(self._file(path), fragment))
        except DocumentError as error:
            raise DocumentError(f"{path}: {error}") from None

    def _file(self, path: Path) -> Json:
        if path not in self._files:
            self._files[path] = read(path)
        return self._files[path]

    def _anchored(self, path: Path, anchor: str) -> str:
        if path not in self._anchors:
            kind = "document" if path == self._path else "schema"
            self._anchors[path] = anchors(self._file(path), kind)
        return self._anchors[path].get(anchor, "/" + anchor)


def _free_name(name: str, taken: dict[str, Json]) -> str:
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-") or "part"
    numbered = (f"{name}-{n}" for n in range(2, len(taken) + 3))
    return next(free for free in (name, *numbered) if free not in taken)
