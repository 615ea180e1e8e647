"""From an OpenAPI document to a Spec: the only place that knows where OpenAPI keeps things."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote, unquote, urlsplit

from mock_server.document import Document, escape
from mock_server.errors import KINDS, PLAIN
from mock_server.operation import (
    Answer,
    BodyKey,
    Header,
    Media,
    Operation,
    Parameter,
    Protocol,
    Provider,
    Scheme,
    Socket,
)
from mock_server.source import DocumentError
from mock_server.spec import Spec
from mock_server.wire import Json

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_PLAIN = Protocol("plain", PLAIN)


def read(document: Document) -> Spec:
    """Everything that the server needs of the document, looked up once."""
    return _Reader(document).spec()


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.data = document.data
        self.protocols = {
            name: _protocol(name, node) for name, node in self.data.get("x-protocols", {}).items()
        }
        self.providers = {
            name: self._provider(name, node)
            for name, node in self.data.get("x-providers", {}).items()
        }
        self.schemes = {
            name: self._scheme(document.resolve(node))
            for name, node in self.data.get("components", {}).get("securitySchemes", {}).items()
        }

    def spec(self) -> Spec:
        operations: dict[str, dict[str, Operation]] = {}
        for path, item in self.data.get("paths", {}).items():
            if not path.startswith("/"):
                raise DocumentError(f"The path {path!r} does not begin with a slash.")
            pointer = f"/paths/{escape(path)}"
            item, pointer = self._follow(item, pointer)
            operations[path] = {
                method.upper(): self._operation(method, path, pointer)
                for method in _METHODS
                if method in item
            }
        return Spec(
            document=self.document,
            providers=self.providers,
            protocols=self.protocols,
            schemes=tuple(self.schemes.values()),
            paths=operations,
            prefixes=tuple(dict.fromkeys(["", *self._prefixes()])),
        )

    def _prefixes(self) -> Iterator[str]:
        for server in self.data.get("servers", []):
            path = urlsplit(server.get("url", "")).path.rstrip("/")
            if path and "{" not in path:
                yield path

    def _provider(self, name: str, node: Json) -> Provider:
        limit = node.get("rate-limit")
        return Provider(
            name=name,
            title=node["title"],
            protocol=self.protocols[node["protocol"]],
            base_urls=tuple(
                (url["client"], url.get("scheme", "http"), url["path"])
                for url in node.get("base-urls", [])
            ),
            rate_limit=(limit["requests"], float(limit["seconds"])) if limit else None,
            silence=node.get("silence"),
            needs_call_ids=node.get("tool-call-ids") != "optional",
        )

    def _scheme(self, node: Json) -> Scheme:
        if node["type"] == "apiKey":
            place, name, prefix = node["in"], node["name"], None
        else:
            place, name, prefix = "header", "authorization", node.get("scheme", "bearer").lower()
        pattern = node.get("x-key-pattern")
        return Scheme(
            place=place,
            field=name.lower() if place == "header" else name,
            prefix=prefix,
            provider=self.providers.get(node.get("x-provider")),
            protocol=self.protocols.get(node.get("x-protocol")),
            pattern=re.compile(pattern) if pattern else None,
        )

    def _operation(self, method: str, path: str, pointer: str) -> Operation:
        item = self._node(pointer)
        node = item[method]
        here = f"{pointer}/{method}"
        providers = self._providers_of(node)
        answers = {
            status: self._answer(answer, f"{here}/responses/{status}")
            for status, answer in node.get("responses", {}).items()
        }
        body_key = node.get("x-body-key")
        body, body_at = self._follow(node.get("requestBody", {}), f"{here}/requestBody")
        return Operation(
            id=node.get("operationId") or f"{method.upper()} {path}",
            method=method.upper(),
            path=path,
            behaviour=node.get("x-behaviour"),
            providers=providers,
            protocol=self._protocol_of(node, providers),
            schemes=self._security(node),
            body_key=BodyKey(body_key["where"], body_key["field"]) if body_key else None,
            parameters=self._parameters(item, pointer, method),
            bodies=self._media(body, body_at),
            body_required=bool(body.get("required")),
            answers={
                _status(status): answer for status, answer in answers.items() if status != "default"
            },
            default=answers.get("default"),
            is_counted=node.get("x-counted", True) is not False,
            lifetime=_seconds(node.get("x-lifetime")),
            terms=node.get("x-terms", {}),
            socket=_socket(node.get("x-socket"), f"{here}/x-socket"),
        )

    def _providers_of(self, node: Json) -> tuple[Provider, ...]:
        servers = node.get("servers", self.data.get("servers", []))
        return tuple(
            self.providers[server["x-provider"]] for server in servers if "x-provider" in server
        )

    def _protocol_of(self, node: Json, providers: tuple[Provider, ...]) -> Protocol:
        if "x-protocol" in node:
            return self.protocols[node["x-protocol"]]
        return providers[0].protocol if providers else _PLAIN

    def _security(self, node: Json) -> tuple[tuple[Scheme, ...], ...]:
        alternatives = node.get("security", self.data.get("security", []))
        for name in (name for each in alternatives for name in each):
            if name not in self.schemes:
                raise DocumentError(f"No security scheme is called {name!r}.")
        return tuple(tuple(self.schemes[name] for name in each) for each in alternatives)

    def _parameters(self, item: Json, pointer: str, method: str) -> tuple[Parameter, ...]:
        found: dict[tuple[str, str], Parameter] = {}
        for at in (pointer, f"{pointer}/{method}"):
            for index, node in enumerate(self._node(at).get("parameters", [])):
                parameter = self._parameter(node, f"{at}/parameters/{index}")
                found[parameter.place, parameter.name] = parameter
        return tuple(found.values())

    def _parameter(self, node: Json, pointer: str) -> Parameter:
        node, at = self._follow(node, pointer)
        place = node["in"]
        style = node.get("style", "form" if place in ("query", "cookie") else "simple")
        return Parameter(
            name=node["name"],
            place=place,
            required=bool(node.get("required")),
            explode=bool(node.get("explode", style == "form")),
            schema=self.document.resolve(node["schema"]) if "schema" in node else {},
            pointer=f"{at}/schema" if "schema" in node else "",
            spans=bool(node.get("x-spans-segments")),
        )

    def _answer(self, node: Json, pointer: str) -> Answer:
        node, pointer = self._follow(node, pointer)
        return Answer(node, self._media(node, pointer), tuple(self._headers(node)))

    def _headers(self, node: Json) -> Iterator[Header]:
        for name, header in node.get("headers", {}).items():
            header = self.document.resolve(header)
            if "x-value" in header:
                providers = header.get("x-required-by", self.providers)
                yield Header(name.lower().encode(), header["x-value"], frozenset(providers))

    def _media(self, node: Json, pointer: str) -> tuple[Media, ...]:
        return tuple(
            Media(
                type=media_type.lower(),
                node=media,
                pointer=f"{at}/schema" if "schema" in media else "",
                selected_by=_selection(media.get("x-selected-by")),
                whole=f"{at}/x-item-by-item/whole" if "x-item-by-item" in media else "",
                item=f"{at}/x-item-by-item/item" if "x-item-by-item" in media else "",
            )
            for media_type, media in node.get("content", {}).items()
            for at in [f"{pointer}/content/{escape(media_type)}"]
        )

    def _node(self, pointer: str) -> Json:
        return self.document.resolve({"$ref": f"#{quote(pointer, safe='/~')}"})

    def _follow(self, node: Json, pointer: str) -> tuple[Json, str]:
        """The node behind a chain of references, and the pointer to where it really stands."""
        while isinstance(node, Mapping) and "$ref" in node:
            pointer = unquote(node["$ref"].removeprefix("#"))
            node = self._node(pointer)
        return node, pointer


def _protocol(name: str, node: Json) -> Protocol:
    errors = {kind: node["errors"][kind] for kind in KINDS}
    header = node.get("spoken-with")
    return Protocol(
        name,
        errors,
        header,
        node.get("request-id", "x-request-id"),
        node.get("own", {}),
        node.get("fields", {}),
    )


def _socket(node: Json, pointer: str) -> Socket | None:
    if not isinstance(node, dict) or "sends" not in node:
        return None
    return Socket(
        sends=f"{pointer}/sends",
        idle=float(node["idle"]["seconds"]),
        idle_code=node["idle"]["code"],
        refused_code=node["refused"]["code"],
        keeps=float(node["keeps"]["seconds"]),
        most_waiting=node["waiting"],
        uncounted=tuple(node.get("uncounted", ())),
        last_word=float(node["refused"].get("seconds", 0)),
    )


def _selection(node: Json) -> tuple[str, Json] | None:
    return (node["field"], node["value"]) if node else None


def _seconds(node: Json) -> float | None:
    # In somebody else's document the name may mean something else.
    return float(node) if isinstance(node, int | float) else None


def _status(status: str) -> int:
    """`404` is 404; a range such as `4XX` is its first digit."""
    if not re.fullmatch("[1-5](?:[0-9]{2}|XX)", status.upper()):
        raise DocumentError(f"A response is documented for {status!r}, which is no status.")
    return int(status.upper().removesuffix("XX"))
