"""Addresses of this machine, the only ones to which anything is ever sent."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_loopback(url: str) -> bool:
    """Whether a URL names `localhost`, or an address that never leaves the machine (RFC 6890)."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
