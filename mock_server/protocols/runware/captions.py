"""Captions: an image in words, at once or to be asked for later (RW-030 to RW-067)."""

from collections.abc import Iterator, Mapping

from mock_server import pace
from mock_server.accounts import MICRO, check_request
from mock_server.completion import Prompt
from mock_server.mock import Mock, Request
from mock_server.protocols.runware.archive import Course, claim, keep
from mock_server.protocols.runware.images import seen
from mock_server.protocols.runware.outcome import Done
from mock_server.protocols.runware.webhooks import posts
from mock_server.synthesis import complete
from mock_server.timing import pauses_for
from mock_server.wire import Json

# The examples of the model call it so, whatever the task was called (RW-062).
_RESULT = "imageCaption"


def caption(task: Json, request: Request, mock: Mock) -> Done:
    """What a model says of an image, in the current form of the task or an older one.

    Raises ApiError: a UUID that was used before, a model or an image that is not there.
    """
    claim(task["taskUUID"], request, mock)
    terms = request.operation.terms
    model = task.get("model") or terms["model"]
    _check_model(model, request, mock)
    pictures = [seen(image, place, request, mock) for place, image in _images(task)]
    prompt = Prompt(model, (("user", question(task, terms)),), tuple(pictures), is_final=True)
    completion = complete(prompt, request, mock)
    text = "".join(completion.pieces) or "…"
    head = {"taskType": _RESULT, "taskUUID": task["taskUUID"]}
    result: dict[str, Json] = {**head, "text": text}
    dollars = cost(text, terms["price"])
    if task.get("includeCost") is not False:  # the examples have it unasked (RW-063)
        result["cost"] = dollars
    pauses = pauses_for(request, mock, model, completion.pieces)
    seconds = pace.whole(pauses, completion.tokens) if pauses else 0.0
    is_polled = task.get("deliveryMethod") == "async"
    course = _course(max(seconds, terms["seconds"]), request)
    kept, course = (course, course) if is_polled else (Course(), Course(seconds))
    keep(task, result, kept, request, mock)
    if course.error is None:
        mock.store.ledger.charge(request.caller.id, round(dollars * MICRO))
    sent = posts(task, result, course, request)
    return Done(head, posts=sent) if is_polled else Done(result, seconds, sent)


def cost(text: str, price: Json) -> float:
    """US dollars for a caption: so much for each part of it, as examples have it (RW-063)."""
    parts, dollars = len(text) / float(price["characters"]), float(price["dollars"])
    return round(max(1, round(parts)) * dollars, 4)


def _check_model(model: str, request: Request, mock: Mock) -> None:
    """Raises ApiError for a model that is not there, or that the key may not use or cannot pay."""
    provider, operation = request.caller.provider, request.operation
    mock.catalogue.check_kind(provider, model, operation.behaviour)
    account = mock.store.ledger.account(request.caller.id)
    if account is not None:
        check_request(account, operation, provider, {"model": model}, mock.catalogue)


def _images(task: Json) -> Iterator[tuple[str, str]]:
    """The images of a task, each with the place where it stands."""
    if "inputs" in task:
        yield "inputs.image", task["inputs"]["image"]
    if "inputImage" in task:
        yield "inputImage", task["inputImage"]
    for number, image in enumerate(task.get("inputImages", ())):
        yield f"inputImages[{number}]", image


def question(task: Json, terms: Mapping[str, Json]) -> str:
    """What a task asks of its images."""
    said: Json = task.get("prompt") or task.get("template") or terms["prompt"]
    return said if isinstance(said, str) else "\n".join(said)


def _course(usual: float, request: Request) -> Course:
    """How a task goes on that is asked after later."""
    script = request.job
    if script is None:
        return Course(usual)
    return Course(usual if script.seconds is None else script.seconds, script.error)
