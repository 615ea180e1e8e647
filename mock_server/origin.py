"""Under which address a client called this server, so that it can be told others there."""

import re
from typing import Final

from mock_server.errors import Invalid
from mock_server.settings import Settings
from mock_server.wire import Call

# RFC 3986, section 3.2.2, without what no address of a server has: user names, escapes, zones.
_HOST: Final = re.compile(r"(?:[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


def origin(call: Call, settings: Settings) -> str:
    """Scheme and authority of the URL that was called: `http://127.0.0.1:8000`.

    Raises Invalid where the Host header is none, as RFC 9112, section 3.2, has it.
    """
    hosts = call.header_values(b"host")
    if not hosts:  # HTTP/1.0 can do without
        hosts = [f"{settings.host}:{settings.port}"]
    if len(hosts) > 1 or not _HOST.fullmatch(hosts[0]):
        message = "Host: the header has to be one name or address, with a port where it needs one"
        raise Invalid("invalid_value", message, param="Host")
    return f"{call.scheme}://{hosts[0]}"
