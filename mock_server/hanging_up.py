"""Breaking a connection off, for which ASGI has no word."""

import asyncio
import socket
import struct
from typing import Any

from mock_server.wire import Cut

_MOMENT, _PATIENCE = 0.001, 1000  # seconds, and how often
# No lingering: what is closed is reset at once.
_RESET = struct.pack("ii", 1, 0)


async def hang_up(send: Any, cut: Cut) -> bool:
    """Break off the connection at which `send` sends; False where that is out of reach.

    It is within reach where `send` belongs to uvicorn's own part of an exchange, or of a WebSocket.
    """
    part = getattr(send, "__self__", None)
    transport = getattr(part, "transport", None)
    if part is None or transport is None or not hasattr(part, "disconnected"):
        return False
    part.disconnected = True  # or the server would complain that the answer is not whole
    if cut.whole is not None and getattr(part, "chunked_encoding", False):
        transport.write(b"%x\r\n" % cut.whole)
    transport.write(cut.last)
    if not cut.is_reset:
        transport.close()
        return True
    for _ in range(_PATIENCE):  # whoever does not read loses what is still to be written
        if not transport.get_write_buffer_size():
            break
        await asyncio.sleep(_MOMENT)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    transport.abort()
    return True
