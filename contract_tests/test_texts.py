"""The words of chats and messages, whole and streamed: they come whole, and are counted."""

from collections.abc import Callable
from typing import Any, Final

import httpx2
import pytest

from contract_tests.conftest import FreshKey, Judged
from contract_tests.notes import NotReached, notebook
from contract_tests.target import Target
from contract_tests.wording import Wording, deltas_of, wording_of

Json = Any
Send = Callable[..., httpx2.Response]
Say = Callable[..., Wording]
CHAT: Final = "/v1/chat/completions"
MESSAGES: Final = "/v1/messages"
FORMS: Final = {
    "runcrate-chat": ("runcrate", CHAT, "deepseek-ai/DeepSeek-V3"),
    "ruapi-chat": ("ruapi", CHAT, "claude-opus-4-8"),
    "ruapi-message": ("ruapi", MESSAGES, "claude-opus-4-8"),
}
STORY: Final = "Tell me a long story about a lighthouse, in English."
FEW: Final = 3
LETTERS: Final = 60
LONGEST_MEAN: Final = 15  # English words have five letters on average, and few texts have ten
QUESTIONS: Final = {
    "Russian": "Расскажи в двух предложениях о море и маяке.",
    "German": "Erkläre in zwei Sätzen, weshalb Möwen über größeren Häfen kreisen.",
    "Chinese and Japanese": "用两句话介绍大海。次に、港を短く説明してください。🌊",
}
STREAMED = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest, target: Target) -> str:
    """A provider and one of its formats."""
    if FORMS[request.param][0] not in target.keys:
        pytest.skip(f"{FORMS[request.param][0]} is not asked for")
    return str(request.param)


@pytest.fixture
def send(form: str, client: httpx2.Client, key: FreshKey) -> Send:
    """Sends a request, in whichever format."""
    provider, path, model = FORMS[form]
    headers = {"Authorization": f"Bearer {key(provider)}"}

    def post(**more: Json) -> httpx2.Response:
        return client.post(path, json={"model": model, "max_tokens": 64, **more}, headers=headers)

    return post


@pytest.fixture
def say(form: str, send: Send) -> Say:
    """Asks a question, and gives the words of the answer."""

    def question(text: str, *, stream: bool = False, most: int = 64) -> Wording:
        more: Json = (
            {"stream_options": {"include_usage": True}} if stream and "chat" in form else {}
        )
        turns = [{"role": "user", "content": text}]
        more |= {"stream": True} if stream else {}
        response = send(messages=turns, max_tokens=most, **more)
        assert response.status_code == 200, response.text
        exchange = notebook().last
        said = wording_of(exchange) if exchange else None
        if said is None:
            raise NotReached("the stream was broken off")
        return said

    return question


@pytest.mark.clauses("text-is-counted", "text-prompt-is-counted")
def test_what_is_written_and_read_is_counted(say: Say, judged: Judged) -> None:
    if say(STORY).written is None:
        pytest.skip("the answer counts nothing")
    judged()


@pytest.mark.clauses("text-stream-counts-all", "text-prompt-is-counted")
def test_a_stream_counts_all_of_its_text(say: Say, judged: Judged) -> None:
    if say(STORY, stream=True).written is None:
        pytest.skip("the stream counts nothing")
    judged()


@pytest.mark.clauses("text-stream-opens-with-the-prompt")
@pytest.mark.parametrize("form", ["ruapi-message"], indirect=True)
def test_the_opening_of_a_message_counts_the_prompt(say: Say, judged: Judged) -> None:
    say(STORY, stream=True)
    judged()


@pytest.mark.clauses("text-deltas-are-new")
def test_each_delta_is_new_text(say: Say, judged: Judged) -> None:
    say(STORY, stream=True, most=12)
    exchange = notebook().last
    if not exchange or max(map(len, deltas_of(exchange)), default=0) < FEW:
        pytest.skip("too few deltas came to tell")
    judged()


@pytest.mark.clauses("text-longer-prompts-count-more")
def test_a_longer_question_counts_more(say: Say) -> None:
    short, long = say("Say hello."), say(f"{STORY} {STORY} {STORY} {STORY}")
    if short.read is None or long.read is None:
        pytest.skip("the prompt is not counted")
    assert short.read < long.read, f"{short.read} tokens of a short prompt, {long.read} of a long"


@STREAMED
@pytest.mark.clauses("text-ids-differ")
def test_each_answer_has_an_id_of_its_own(say: Say, stream: bool) -> None:
    first, second = say("Say hello.", stream=stream), say("Say goodbye.", stream=stream)
    if first.id is None or second.id is None:
        pytest.skip("the answers have no ids")
    assert first.id != second.id, f"two answers have the id {first.id!r}"


@STREAMED
@pytest.mark.clauses("text-survives")
@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_letters_of_every_alphabet_come_whole(
    say: Say, judged: Judged, question: str, stream: bool
) -> None:
    if not say(question, stream=stream).text:
        pytest.skip("nothing is said")
    judged()


@STREAMED
@pytest.mark.clauses("text-words-have-blanks")
def test_blanks_stand_between_words(say: Say, stream: bool) -> None:
    text = say(STORY, stream=stream).text
    if sum(map(str.isalpha, text)) <= LETTERS:
        pytest.skip(f"the story is too short to tell: {text!r}")
    mean = len(text) / len(text.split())
    assert mean <= LONGEST_MEAN, f"words of {mean:.0f} letters on average: {text[:80]!r}"


@pytest.mark.clauses("text-stream-refusals-have-a-status")
def test_a_wrong_request_for_a_stream_is_refused_by_its_status(send: Send) -> None:
    response = send(messages=[], stream=True)
    kind = response.headers.get("content-type", "").partition(";")[0]
    told = f"a stream of no messages is a {response.status_code} with {kind or 'no type'}"
    assert response.status_code in (400, 422), told
    assert kind == "application/json", told
    assert response.json().get("error"), f"no error is told: {response.text[:80]!r}"
