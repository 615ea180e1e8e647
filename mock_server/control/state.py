"""State: how it stands with the clock, with the keys and with their jobs at this moment."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mock_server import jobs
from mock_server.auth import identity
from mock_server.control.clock import time_of
from mock_server.control.forms import digest
from mock_server.mock import Mock
from mock_server.quota import UNLIMITED, stand
from mock_server.store import Job, Window
from mock_server.wire import Json

_MOST_KEYS: Final = 50
_MOST_JOBS: Final = 200


def routes(mock: Mock) -> list[Route]:
    """The route of the state."""

    async def tell(request: Request) -> Response:
        """Clock and faults, and of each key that called last: window, streams, jobs, faults."""
        key = request.query_params.get("key")
        return JSONResponse(state_of(mock, key), headers={"cache-control": "no-store"})

    return [Route("/__mock__/state", tell, methods=["GET"])]


def state_of(mock: Mock, key: str | None) -> dict[str, Any]:
    """The state of one key, or of those that called last."""
    caller_id = digest(key)
    windows = mock.store.windows(caller_id, _MOST_KEYS)
    known = mock.store.jobs(caller_id, _MOST_JOBS)
    labels = _labels(mock, key)
    owners = [*labels, *windows, *(job.key for job in known.values()), *mock.faults.keys]
    shown = [caller_id] if caller_id else list(dict.fromkeys(owners))[:_MOST_KEYS]
    keys = []
    for each in shown:
        label, now = labels.get(each) or _anonymous(each), mock.clock.now(each)
        keys.append(
            {
                "label": label,
                "now": now,
                "ahead": mock.clock.ahead(each),
                "pace": mock.store.pace(each),
                "window": _window(windows.get(each), label, now, mock),
                "streams": sum(not one.is_over for one in mock.journal.entries(each)),
                "jobs": [_job(*pair, now) for pair in known.items() if pair[1].key == each],
                "faults": _faults(mock, each),
            }
        )
    return {
        "clock": _clock(mock, caller_id),
        "faults": _faults(mock, None),
        "standing": list(_standing(mock, caller_id, labels)),
        "keys": keys,
    }


def _clock(mock: Mock, caller_id: str | None) -> Json:
    """The time, and by how much it is ahead of the real one where it runs with that."""
    told = time_of(mock, caller_id)
    ahead = told["now"] - mock.clock.real() if told["mode"] == "real" else 0
    return {**told, "ahead": round(ahead, 3)}


def _anonymous(caller_id: str) -> str:
    """What stands for a key of which nothing but the digest is known."""
    return f"key:{caller_id[:8]}"


def _labels(mock: Mock, key: str | None) -> dict[str, str]:
    """Labels by digest: of the callers who called last, and of the keys that are always good."""
    labels = mock.journal.latest(_MOST_KEYS)
    for name, ready in mock.door.keys.ready.items():
        caller = identity(ready, mock.spec.providers.get(name))
        if caller.id not in labels and (key == ready or mock.store.windows(caller.id, 1)):
            labels[caller.id] = caller.label
    return labels


def _window(window: Window | None, label: str, now: float, mock: Mock) -> Json:
    provider = mock.spec.providers.get(label.partition(":")[0])
    if window is None:
        return None
    quota = stand(window, provider, now, mock.settings.rate_limit)
    if quota.reset <= now:
        return None
    limit = None if quota.limit == UNLIMITED else quota.limit
    return {"began": window.start, "reset": quota.reset, "used": quota.used, "limit": limit}


def _job(name: str, job: Job, now: float) -> Json:
    progress = jobs.stand(job, dict, now)
    left = max(0.0, progress.order.takes * (1 - progress.share))
    return {"id": name, "status": progress.status, "share": progress.share, "left": left}


def _standing(mock: Mock, caller_id: str | None, labels: Mapping[str, str]) -> Iterator[Json]:
    """What is on for a key; without one, for all, and then for each key, by its label."""
    for each in mock.faults.told(caller_id):
        yield {**each, "key": None}
    for key in mock.faults.keys[:_MOST_KEYS] if caller_id is None else ():
        label = labels.get(key) or _anonymous(key)
        own = (each for each in mock.faults.told(key) if not each["is_for_all"])
        yield from ({**each, "key": label} for each in own)


def _faults(mock: Mock, caller_id: str | None) -> list[str]:
    return [standing.fault.name for standing in mock.faults.on(caller_id)]
