"""Which models reason and which judge is data: listed, or told by the shape of the id."""

import pytest

from mock_server.fixtures import read_yaml
from mock_server.models import Catalogue, Traits
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
