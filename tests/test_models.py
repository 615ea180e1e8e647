"""Which models reason and which judge is data: listed, or told by the shape of the id."""

import pytest

from mock_server.fixtures import read_yaml
from mock_server.models import Catalogue, Listed, Traits
from mock_server.pace import Pace
from mock_server.settings import Settings
from mock_server.world import build

MOCK = build(Settings(), lambda: 0.0)
CATALOGUE = Catalogue(read_yaml("models.yaml"))


@pytest.mark.parametrize(
    ("provider", "model", "traits"),
    [
        ("runcrate", "deepseek-ai/DeepSeek-R1", Traits(reasoning=True)),
        ("runcrate", "someone/deepseek-r1-distill", Traits(reasoning=True)),
        ("runcrate", "Qwen/QwQ-32B", Traits(reasoning=True)),
        ("runcrate", "Qwen/Qwen3-Coder-480B-A35B-Instruct-Turbo", Traits()),
        ("runcrate", "deepseek-ai/DeepSeek-V3", Traits()),
        ("runcrate", "meta-llama/Llama-Guard-4-12B", Traits(guard=True)),
        ("runcrate", "nobody/knows", Traits()),
        ("ruapi", "deepseek-v3", Traits(text_only=True)),
    ],
)
def test_traits(provider: str, model: str, traits: Traits) -> None:
    assert CATALOGUE.traits(MOCK.spec.providers[provider], model) == traits
    assert CATALOGUE.traits(MOCK.spec.providers[provider], model) == traits


def test_without_a_provider_nothing_is_known() -> None:
    assert CATALOGUE.traits(None, "deepseek-ai/DeepSeek-R1") == Traits()
    assert CATALOGUE.listed(None) == ()
    assert CATALOGUE.entry(None, "deepseek-ai/DeepSeek-V3") is None


def test_each_provider_lists_its_own_models() -> None:
    lists = {name: CATALOGUE.listed(each) for name, each in MOCK.spec.providers.items()}
    ids = {name: [entry.id for entry in entries] for name, entries in lists.items()}
    assert "deepseek-ai/DeepSeek-V3" in ids["runcrate"]
    assert "claude-opus-4-8" in ids["ruapi"]
    assert not set(ids["runcrate"]) & set(ids["ruapi"])
    assert all(len(set(each)) == len(each) for each in ids.values())
    entry = CATALOGUE.entry(MOCK.spec.providers["runcrate"], "openai/tts-1")
    assert entry == Listed("openai/tts-1", "openai", 1767225600, "speech")
    assert CATALOGUE.entry(MOCK.spec.providers["ruapi"], "openai/tts-1") is None


@pytest.mark.parametrize(
    ("model", "size"),
    [
        ("sentence-transformers/all-MiniLM-L6-v2", 384),
        ("BAAI/bge-large-en-v1.5", 1024),
        ("BAAI/bge-m3", 1024),
        ("intfloat/e5-base-v2", 768),
        ("text-embedding-3-large", 3072),
        ("deepseek-ai/DeepSeek-V3", None),
        ("nobody/knows", None),
    ],
)
def test_sizes_of_embeddings(model: str, size: int | None) -> None:
    assert CATALOGUE.size(MOCK.spec.providers["runcrate"], model) == size
    assert CATALOGUE.usual_size == 1024


def test_what_is_listed_wins_over_rules() -> None:
    model = {"id": "a/wide", "owned_by": "a", "kind": "embedding", "dimensions": 7}
    catalogue = Catalogue(
        {
            "dimensions": 5,
            "price": {"read": 2, "written": 3},
            "answers": {},
            "sizes": [{"match": "wide", "dimensions": 9}, {"match": "wid", "dimensions": 8}],
            "providers": {"runcrate": {"created": 1767225600, "models": [model]}},
        }
    )
    runcrate = MOCK.spec.providers["runcrate"]
    assert catalogue.size(runcrate, "a/wide") == 7
    assert catalogue.price == (2, 3)
    assert catalogue.size(runcrate, "b/wide") == 9
    assert catalogue.size(None, "a/wide") == 9
    assert catalogue.size(runcrate, "b/widow") == 8


@pytest.mark.parametrize(
    ("provider", "model", "pace"),
    [
        ("runcrate", "deepseek-ai/DeepSeek-V3", Pace(0.5, 0.018, 0.3)),
        ("ruapi", "deepseek-ai/DeepSeek-V3", None),
        ("runcrate", "deepseek-ai/DeepSeek-R1", Pace(0.8, 0.03, 0.4)),
        ("ruapi", "claude-opus-5-5", Pace(1.2, 0.025, 0.3)),
        ("ruapi", "gpt-4o-mini", Pace(0.25, 0.008, 0.3)),
        ("ruapi", "gemini-2.5-pro", Pace(0.6, 0.014, 0.3)),
        ("runcrate", "meta-llama/Llama-3.1-405B", Pace(1.2, 0.025, 0.3)),
        ("runcrate", "meta-llama/Llama-3.1-8B", Pace(0.25, 0.008, 0.3)),
        ("runcrate", "nobody/knows", None),
        (None, "nobody/knows", None),
    ],
)
def test_paces(provider: str | None, model: str, pace: Pace | None) -> None:
    found = MOCK.spec.providers[provider] if provider else None
    assert CATALOGUE.pace(found, model) == pace


def test_a_models_pace_is_in_figures() -> None:
    with pytest.raises(ValueError, match="in figures"):
        Catalogue({"providers": {}, "paces": [{"match": "x", "pace": "typical"}]})
