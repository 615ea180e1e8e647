"""The table that joins contract and code: what answers the operations of each behaviour."""

from collections.abc import Callable, Mapping
from typing import Final

from mock_server.mock import Mock, Request
from mock_server.protocols.anthropic.messages import messages
from mock_server.protocols.openai.chat import chat
from mock_server.protocols.openai.embeddings import embeddings
from mock_server.protocols.openai.images import image_file, images
from mock_server.protocols.openai.models import model, model_list
from mock_server.protocols.openai.speech import speech
from mock_server.protocols.openai.transcriptions import transcriptions
from mock_server.protocols.openai.videos import video, video_file, video_job
from mock_server.protocols.runware.frames import tasks
from mock_server.wire import Errand, Reply

Behaviour = Callable[[Request, Mock], Reply | Errand]
BEHAVIOURS: Final[Mapping[str, Behaviour]] = {
    "chat-completions": chat,
    "embeddings": embeddings,
    "image-file": image_file,
    "images": images,
    "messages": messages,
    "model": model,
    "model-list": model_list,
    "speech": speech,
    "tasks": tasks,
    "transcriptions": transcriptions,
    "video": video,
    "video-file": video_file,
    "video-job": video_job,
}
