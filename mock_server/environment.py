"""What SDKs read in the environment that would lead them past the mock."""

from collections.abc import Mapping
from typing import Final

# Names that SDKs read as well, or before the others, and what would go along with the key.
MISLEADING: Final = (
    "ANTHROPIC_API_URL",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_CUSTOM_HEADERS",
    "ANTHROPIC_PROFILE",
    "OPENAI_ADMIN_KEY",
    "OPENAI_API_BASE",
    "OPENAI_API_TYPE",
    "OPENAI_CUSTOM_HEADERS",
    "OPENAI_ORG_ID",
    "OPENAI_PROJECT_ID",
)
"""Variables to be unset."""


def without_proxy(host: str, environ: Mapping[str, str]) -> Mapping[str, str]:
    """The variables by which no proxy is asked for a host, beside those that they name already."""
    names = [name for name in ("NO_PROXY", "no_proxy") if name in environ] or ["NO_PROXY"]
    return {name: ",".join(filter(None, [environ.get(name), host])) for name in names}
