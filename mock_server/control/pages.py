"""The dashboard's page and what it is made of, as files that come with the package."""

import hashlib
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from mock_server.mock import Mock

_FOLDER: Final = Path(__file__).parent / "dashboard"
_TYPES: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
# What clients send is shown in this page: nothing in it may run, whatever is forgotten elsewhere.
_POLICY: Final = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_HEADERS: Final = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
}


def routes(mock: Mock) -> list[Route]:
    """The routes of the dashboard's files."""
    known = {path.name: path for path in _FOLDER.iterdir() if path.suffix in _TYPES}

    async def page(request: Request) -> Response:
        return _file(known["index.html"], request)

    async def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in known:
            raise HTTPException(404, "Not Found")
        return _file(known[name], request)

    async def astray(request: Request) -> Response:
        return RedirectResponse("/__mock__/")

    return [
        Route("/__mock__", astray, methods=["GET"]),
        Route("/__mock__/", page, methods=["GET"]),
        Route("/__mock__/assets/{name}", asset, methods=["GET"]),
    ]


def _file(path: Path, request: Request) -> Response:
    content = path.read_bytes()
    tag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    headers = {**_HEADERS, "etag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=_TYPES[path.suffix])
