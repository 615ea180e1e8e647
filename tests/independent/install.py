"""Installs the servers, each beside this file and apart from all others."""

import sys
from pathlib import Path

from tests.sdk.apart.install import install_javascript, install_python

HERE = Path(__file__).parent
AIMOCK = HERE / "aimock"
LLMOCK = HERE / ".venv" / "llmock"


def install() -> int:
    """Make what is missing; 0 where all went well."""
    install_python(LLMOCK, "llmock==0.2.2")
    return install_javascript(AIMOCK)


if __name__ == "__main__":
    sys.exit(install())
