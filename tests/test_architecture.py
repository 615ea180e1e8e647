"""The house keeps its shape: imports point one way, and time, chance and sockets stay outside."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "mock_server"
MODULES = sorted(PACKAGE.rglob("*.py"))
NAMES = {path: ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts) for path in MODULES}
# Nothing but the shell and the control API touches the web framework, the server or sockets.
SHELL = {
    "mock_server.app",
    "mock_server.cli",
    "mock_server.couriers",
    "mock_server.ending",
    "mock_server.errands",
    "mock_server.hanging_up",
    "mock_server.lines",
    "mock_server.listener",
    "mock_server.sending",
    "mock_server.server",
    "mock_server.sleeping",
    "mock_server.waiting",
}
SHELL |= {name for name in NAMES.values() if name.startswith("mock_server.control.")}
OUTSIDE = {"starlette", "uvicorn", "socket", "asyncio"}
BANNED = {("time", "time"), ("datetime", "now"), ("uuid", "uuid4"), ("random", "random")}


def _imports(path: Path, *, top_level: bool) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    nodes = tree.body if top_level else list(ast.walk(tree))
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _name(path: Path) -> str:
    return NAMES[path].removesuffix(".__init__")


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_only_the_shell_knows_sockets_and_servers(path: Path) -> None:
    roots = {name.partition(".")[0] for name in _imports(path, top_level=False)}
    assert _name(path) in SHELL or not roots & OUTSIDE


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_time_and_chance_are_handed_in(path: Path) -> None:
    if path == PACKAGE / "__init__.py":
        pytest.skip("the one door at which the real clock enters")
    modules = _imports(path, top_level=False)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert node.value.id not in modules or (node.value.id, node.attr) not in BANNED, (
                f"line {node.lineno}"
            )


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_modules_are_small_and_named_for_what_they_are(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300
    assert path.stem not in {"utils", "helpers", "common", "base", "manager", "misc"}


def test_imports_have_no_cycle() -> None:
    names = {_name(path) for path in MODULES}
    arrows = {
        _name(path): _imports(path, top_level=True) & (names - {_name(path)}) for path in MODULES
    }
    while arrows:
        free = [name for name, others in arrows.items() if not others & set(arrows)]
        assert free, f"a cycle among {sorted(arrows)}"
        for name in free:
            del arrows[name]


def test_functions_are_short() -> None:
    lengths = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                lengths.append(length)
                assert length <= 50, f"{_name(path)}.{node.name} has {length} lines"
    assert sorted(lengths)[len(lengths) * 9 // 10] <= 30


def test_the_public_surface_is_what_all_says() -> None:
    import mock_server

    assert mock_server.__all__ == ["MockApi", "MockServer", "Settings", "__version__", "create_app"]
    assert all(getattr(mock_server, name) is not None for name in mock_server.__all__)
