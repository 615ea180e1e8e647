"""The table of protocols: in whose words failures are told."""

from collections.abc import Mapping
from typing import Final

from mock_server.failure import Envelope
from mock_server.protocols import plain
from mock_server.protocols.anthropic import envelope as anthropic
from mock_server.protocols.openai import envelope as openai
from mock_server.protocols.runware import envelope as runware

ENVELOPES: Final[Mapping[str, Envelope]] = {
    "openai": openai.envelope,
    "anthropic": anthropic.envelope,
    "runware": runware.envelope,
    "plain": plain.envelope,
}
