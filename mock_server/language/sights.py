"""Pictures in words: what each shows, its colours, its measures, and how they compare."""

from collections.abc import Sequence

from mock_server.language.phrases import Language
from mock_server.language.topics import description_of
from mock_server.picture import Picture

Facts = dict[str, str]


def sights(pictures: Sequence[Picture], language: Language) -> Facts:
    """The facts of some pictures (one at least) in the words of a language.

    `scene`, `colours`, `colour` and so on are those of the first picture; `scenes`, `hues` and
    `measures` are numbered lists of all, `hue_row` and `measure_row` the same on one line, and
    `verdict` is the symbol that says how they compare.
    """
    picture, words = pictures[0], language.tables["words"]
    scenes = [_scene(each, language) for each in pictures]
    hues = [_colours(each, language) for each in pictures]
    measures = [f"{each.format}, {each.width} x {each.height}" for each in pictures]
    return {
        "scene": scenes[0],
        "first": scenes[0],
        "second": scenes[1 % len(scenes)],
        "scenes": _numbered(scenes),
        "hues": _numbered(hues),
        "hue_row": "; ".join(hues),
        "measures": _numbered(measures),
        "measure_row": "; ".join(measures),
        "colours": hues[0],
        "colour": _hues(picture, language)[0],
        "format": picture.format,
        "width": str(picture.width),
        "height": str(picture.height),
        "veil": words["veiled" if picture.is_transparent else "solid"],
        "verdict": _verdict(pictures),
    }


def _scene(picture: Picture, language: Language) -> str:
    """What can follow `The image shows`: its description, its colours, or a usual scene."""
    words = language.tables["words"]
    if picture.words:
        return words["quoted"].replace("%", description_of(picture.words, language))
    if not picture.is_seen:
        scenes = language.grammar["scene"]
        return scenes[picture.number % len(scenes)][0]
    if not picture.colours:
        return words["empty"]
    form = "plain" if len(picture.colours) == 1 else "areas"
    return words[form].replace("%", _colours(picture, language))


def _hues(picture: Picture, language: Language) -> list[str]:
    names = language.tables["colours"]
    return [names[colour] for colour in picture.colours] or [language.tables["words"]["colourless"]]


def _colours(picture: Picture, language: Language) -> str:
    """The colours as a list: `red, white and blue`."""
    words = language.tables["words"]
    *others, last = _hues(picture, language)
    return words["and"].join([words["comma"].join(others), last]) if others else last


def _numbered(lines: Sequence[str]) -> str:
    return "\n".join([f"{number}. {line}" for number, line in enumerate(lines, 1)])


def _verdict(pictures: Sequence[Picture]) -> str:
    """The symbol that says what pictures have in common, the most telling first."""
    if len({each.number for each in pictures}) == 1:
        return "images_same"
    if len({each.colours for each in pictures}) == 1:
        return "images_alike"
    if len({(each.width, each.height) for each in pictures}) == 1:
        return "images_fit"
    return "images_differ"
