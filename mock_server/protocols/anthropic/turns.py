"""The turns of a conversation as Anthropic counts them: neighbours of one role are one (AN-003)."""

from collections.abc import Iterator

import msgspec

from mock_server import codec
from mock_server.data_uris import join_data_uri
from mock_server.wire import Json


class Block(msgspec.Struct, frozen=True):
    """A block of a message, and where in the request it stands."""

    content: Json
    place: str

    @property
    def type(self) -> str:
        """What kind of block it is."""
        return str(self.content["type"])


class Turn(msgspec.Struct, frozen=True):
    """What one role says before another one does."""

    role: str
    blocks: list[Block]

    def of_type(self, type: str) -> list[Block]:
        """The blocks of that type, in their order."""
        return [each for each in self.blocks if each.type == type]

    @property
    def text(self) -> str:
        """The turn's own words: its text blocks, joined by line ends."""
        return "\n".join([each.content["text"] for each in self.of_type("text")])

    @property
    def has_words(self) -> bool:
        """Whether somebody speaks, and not only tools do."""
        return not self.blocks or any(each.type != "tool_result" for each in self.blocks)


def turns_of(messages: Json) -> list[Turn]:
    """The turns of a request's messages."""
    turns: list[Turn] = []
    for number, message in enumerate(messages):
        blocks = list(blocks_of(message["content"], f"messages[{number}].content"))
        if turns and turns[-1].role == message["role"]:
            turns[-1].blocks.extend(blocks)
        else:
            turns.append(Turn(message["role"], blocks))
    return turns


def blocks_of(content: Json, place: str) -> Iterator[Block]:
    """The blocks of some content: a bare text is one."""
    if isinstance(content, str):
        yield Block({"type": "text", "text": content}, place)
    else:
        for index, block in enumerate(content or ()):
            yield Block(block, f"{place}[{index}]")


def pictures_in(turn: Turn) -> Iterator[Block]:
    """The pictures of a turn, those in the results of tools too (AN-062)."""
    for block in turn.blocks:
        if block.type == "image":
            yield block
        elif block.type == "tool_result":
            inside = blocks_of(block.content.get("content"), f"{block.place}.content")
            yield from (each for each in inside if each.type == "image")


def url_of(picture: Block) -> str:
    """The URL of a picture; one inside the request has the data URI that chat would send."""
    source = picture.content["source"]
    if source["type"] == "base64":
        return join_data_uri(source["media_type"], source["data"])
    return str(source["url"] if source["type"] == "url" else source["file_id"])


def result_text(result: Block) -> str:
    """What a tool says."""
    inside = blocks_of(result.content.get("content"), result.place)
    return "\n".join([each.content["text"] for each in inside if each.type == "text"])


def written_in(block: Block) -> str:
    """All that has to be read in a block, pictures aside: what it costs tokens for."""
    if block.type == "text":
        return str(block.content["text"])
    if block.type == "tool_result":
        inside = blocks_of(block.content.get("content"), block.place)
        return "\n".join([written_in(each) for each in inside])
    if block.type == "tool_use":
        return codec.encode([block.content["name"], block.content["input"]]).decode()
    return _document(block.content) if block.type == "document" else ""


def _document(document: Json) -> str:
    """The words of a document, where it brings any."""
    source = document["source"]
    told = [document.get("title") or "", document.get("context") or ""]
    if source["type"] == "text":
        told.append(source["data"])
    elif source["type"] == "content":
        content = source["content"]
        told.append(content if isinstance(content, str) else codec.encode(content).decode())
    return "\n".join(filter(None, told))
