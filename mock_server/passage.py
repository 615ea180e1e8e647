"""A call on its way through the rooms."""

import msgspec

from mock_server.auth import Identity
from mock_server.journal import Exchange
from mock_server.operation import Operation
from mock_server.preferences import Preferences
from mock_server.quota import Quota
from mock_server.scenarios.scripts import Script
from mock_server.wire import Call, Json


class Passage(msgspec.Struct):
    """How far a call has come: what is known of it so far, for the words of a failure."""

    call: Call
    exchange: Exchange
    operation: Operation | None = None
    caller: Identity | None = None
    quota: Quota | None = None
    body: Json = None
    preferences: Preferences | None = None
    scripts: list[Script] = []
