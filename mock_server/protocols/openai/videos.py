"""Videos as jobs: submitted, asked after, fetched (RC-140 to RC-165)."""

import hashlib
from typing import NoReturn

from mock_server import codec
from mock_server.errors import ApiError, Invalid
from mock_server.files import File, file_reply
from mock_server.jobs import Order, Progress, look, submit
from mock_server.media.sides import side_rule, sides_of
from mock_server.mock import Mock, Request
from mock_server.scenarios.scripts import ScriptedJob
from mock_server.violations import show
from mock_server.wire import Errand, Json, Reply
from mock_server.wishes import Wishes, wishes_of
from mock_server.works import Film

_JSON = (b"content-type", b"application/json")
_LONGEST_PROMPT = 2_000  # characters that are painted, embedded and kept; all of it counts
_LENGTHS = ("duration", "duration_seconds")
# What of a request says how long and how large a video is, and not what is in it.
_DELIVERY = frozenset({*_LENGTHS, "width", "height", "aspect_ratio"})


def video(request: Request, mock: Mock) -> Reply:
    """A new job, in the queue.

    Raises ApiError (`model_not_found`) for a model that is known to do something else, and Invalid
    for lengths or sizes that disagree.
    """
    script = request.job or ScriptedJob(None, None)
    mock.catalogue.check_kind(
        request.caller.provider, request.body["model"], request.operation.behaviour
    )
    film = _film(wishes_of(request, mock), request, mock)
    takes = mock.settings.video_seconds if script.seconds is None else script.seconds
    name = submit(Order(film, takes, script.error), request, mock)
    return _told({"id": name, "status": "queued"})


def video_job(request: Request, mock: Mock) -> Reply:
    """How far the caller's job is; raises ApiError (`not_found`) for anything else."""
    name = request.parameters["id"]
    progress = look(name, Film, request, mock)
    if progress is None:
        _miss(f"No video has the id {show(name)}.")
    told: dict[str, Json] = {"id": name, "status": progress.status}
    if progress.status == "failed":
        told["error"] = {"code": None, **(progress.order.error or {})}
    return _told(told)


def video_file(request: Request, mock: Mock) -> Reply | Errand:
    """The video of a job; raises ApiError (`not_found`) unless it is completed."""
    name = request.parameters["id"]
    film = _completed(name, look(name, Film, request, mock)).work
    tag = hashlib.blake2b(codec.encode(film), digest_size=16).hexdigest()
    disposition = (b"content-disposition", f'attachment; filename="{name}.mp4"'.encode())
    return file_reply(File(f'"{tag}"', "video/mp4", (disposition,), film), request, mock.studio)


def _completed(name: str, progress: Progress[Film] | None) -> Order[Film]:
    if progress is None:
        _miss(f"No video has the id {show(name)}.")
    if progress.status == "failed":
        _miss(f"The video {show(name)} could not be made.")
    if progress.status != "completed":
        _miss(f"The video {show(name)} is not completed yet.")
    return progress.order


def _miss(message: str) -> NoReturn:
    raise ApiError("not_found", message, param="id")


def _told(value: Json) -> Reply:
    return Reply(200, [_JSON], codec.encode(value))


def _film(wishes: Wishes, request: Request, mock: Mock) -> Film:
    width, height = sides_of(wishes.given, side_rule(wishes.fields))
    mark = wishes.mark(request.seed, 0, without=_DELIVERY)
    prompt = wishes.given["prompt"][:_LONGEST_PROMPT]
    return Film(prompt, mark, width // 2 * 2, height // 2 * 2, _length(wishes, request, mock))


def _length(wishes: Wishes, request: Request, mock: Mock) -> float:
    """Seconds as asked for, by either name; else the shortest that the model offers."""
    asked = [(name, wishes.given[name]) for name in _LENGTHS if name in wishes.given]
    if not asked:
        usual = mock.catalogue.length(request.caller.provider, wishes.given["model"])
        return float(usual if usual is not None else wishes.of("duration"))
    (first, seconds), (other, same) = asked[0], asked[-1]
    if seconds != same:
        message = f"{other}: {show(same)} is not the {show(seconds)} of {first}"
        raise Invalid("invalid_value", message, param=other)
    return float(seconds)
