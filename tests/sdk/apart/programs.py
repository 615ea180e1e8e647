"""Programs that are run by the interpreter that has the package which they use."""

import json
import os
import subprocess
from typing import Any

from tests.sdk.apart.install import HERE, python_of

Json = Any


def told_by(name: str, *arguments: str) -> Json:
    """What a program says that uses the Python package of that name."""
    # The mock's own folder must not stand in the way of the packages.
    environ = {name: each for name, each in os.environ.items() if not name.startswith("PYTHON")}
    command = [str(python_of(name)), str(HERE / f"{name}.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environ, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
