"""Who may reach the control API: this machine's own programs, or whoever has the token.

A web page of somebody else may make a browser on this machine ask, too, by a link, by a form, or by
a name that leads here (DNS rebinding): browsers tell in `Origin`, `Sec-Fetch-Site` and `Host`.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from mock_server.loopback import is_loopback_host
from mock_server.settings import Settings

# What anybody may ask: whether the server is up.
_OPEN: Final = "/__mock__/health"
_READING: Final = ("GET", "HEAD")
_PAGE: Final = ("/__mock__", "/__mock__/", "/__mock__/assets/")
# Names that no public name server may give an address to (RFC 6761, RFC 9476).
_PRIVATE: Final = (".localhost", ".internal", ".test")
_NAME: Final = re.compile("[a-z0-9_.-]*")


@dataclass(frozen=True)
class Visit:
    """A call of the control API: its headers by lower-case name, `peer` the address it is from."""

    method: str
    path: str
    headers: Mapping[str, str]
    peer: str | None = None


@dataclass(frozen=True)
class Refusal:
    """Why a visit is not let in, and with which status it is told so."""

    status: int
    message: str


def refusal(visit: Visit, settings: Settings) -> Refusal | None:
    """Why this visit is not let in; None where it is."""
    if visit.path == _OPEN:
        return None
    if settings.control_token is None and not _is_at_home(visit, settings):
        return Refusal(
            403,
            "The control API is for programs on this machine; to reach it from elsewhere, start "
            "the server with --control-token.",
        )
    foreign = _foreign_page(visit)
    if foreign is not None:
        return Refusal(403, foreign)
    if settings.control_token is not None:
        return _token_refusal(visit, settings.control_token)
    if not _is_private(visit.headers.get("host", "")):
        host = visit.headers["host"][:100]
        return Refusal(403, f"{host} is no name of this machine; use 127.0.0.1.")
    return None


def _is_at_home(visit: Visit, settings: Settings) -> bool:
    """Whether server and client are both on this machine; None are clients without a network."""
    return is_loopback_host(settings.host) and (visit.peer is None or not _is_remote(visit.peer))


def _is_remote(peer: str) -> bool:
    try:
        return not ip_address(peer).is_loopback
    except ValueError:  # no address of any network
        return False


def _foreign_page(visit: Visit) -> str | None:
    """What is wrong where a page of another origin has asked; it may do so by a link at most."""
    headers = visit.headers
    origin, host = headers.get("origin"), headers.get("host", "")
    if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
        return f"Pages of {origin[:100]} may not use the control API."
    site, mode = headers.get("sec-fetch-site"), headers.get("sec-fetch-mode")
    is_link = mode == "navigate" and visit.method in _READING
    if site in ("cross-site", "same-site") and not is_link:
        return "Pages of other origins may not use the control API."
    return None


def _token_refusal(visit: Visit, token: str) -> Refusal | None:
    # The page itself holds no data: it asks for the token, or has it in its address.
    if visit.method in _READING and (visit.path in _PAGE[:2] or visit.path.startswith(_PAGE[2])):
        return None
    scheme, _, shown = visit.headers.get("authorization", "").partition(" ")
    is_good = hmac.compare_digest(shown.strip().encode(), token.encode())
    if scheme.lower() == "bearer" and is_good:
        return None
    return Refusal(401, "The control API needs the token: 'Authorization: Bearer <control token>'.")


def _is_private(host: str) -> bool:
    """Whether a `Host` can only be meant for this machine or its network: no public name."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    name = name.strip("[]").rstrip(".").lower()
    if _NAME.fullmatch(name) and ("." not in name or name.endswith(_PRIVATE)):
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
