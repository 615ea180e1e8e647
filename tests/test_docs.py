"""The README tells the truth: its settings are the settings, its code runs, its links lead on."""

import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from contract_tests.clauses import ledger
from mock_server import Settings, __version__
from mock_server.document import load
from mock_server.faults import Catalogue
from mock_server.fixtures import CONTRACT
from mock_server.reader import read
from mock_server.scenarios.reading import read_rules
from mock_server.settings import flag_of, variable_of
from mock_server.verdict import RULES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
# Those that begin with the name of a file are to be put into it.
FILES = {block[2:].partition("\n")[0]: block for block in BLOCKS if block.startswith("# ")}
TESTS = [name for name in FILES if name.startswith("test_")]
SNIPPETS = [block for block in BLOCKS if block not in FILES.values()]


def settings_table() -> str:
    """The table of settings as the README has to have it."""
    rows = ["| flag | environment | default | meaning |", "| --- | --- | --- | --- |"]
    for each in fields(Settings):
        default = "" if each.default is None else f"`{str(each.default).lower()}`"
        meaning = each.metadata["meaning"]
        value = each.metadata["value"]
        rows.append(
            f"| `{flag_of(each)} {value}` | `{variable_of(each)}` | {default} | {meaning} |"
        )
    return "\n".join(rows)


def test_the_settings_of_the_readme_are_the_settings() -> None:
    found = re.search(r"<!-- settings -->\n(.*?)\n?<!-- /settings -->", README, re.DOTALL)
    assert found
    assert found[1] == settings_table()


@pytest.mark.parametrize("snippet", SNIPPETS, ids=range(len(SNIPPETS)))
def test_the_snippets_run(snippet: str, served: str, tmp_path: Path) -> None:
    code = snippet.replace("http://127.0.0.1:8000", served)
    environ = {**os.environ, "PYTHONWARNINGS": "error"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environ,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr


def test_a_newcomer_needs_no_more_than_fifteen_lines() -> None:
    assert TESTS
    assert all(len(FILES[name].splitlines()) <= 15 for name in TESTS)


@pytest.mark.parametrize("name", TESTS)
def test_the_tests_of_the_readme_find_what_they_say(name: str, tmp_path: Path) -> None:
    """They are copied into files and run; where one fails on purpose, it says by what."""
    for file, block in FILES.items():
        (tmp_path / file).write_text(block, "utf-8")
    block = FILES[name]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-Werror", name]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    wanted = re.findall(r"# fails: (\S+)", block)
    assert done.returncode == bool(wanted), done.stdout + done.stderr
    told = done.stdout.partition("- mock api -")[2]
    assert re.findall(r"^([a-z-]+): ", told, re.MULTILINE) == wanted, done.stdout


def test_the_scenarios_of_the_readme_can_be_read() -> None:
    for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL):
        assert read_rules(yaml.safe_load(block), "README.md")


def test_the_readme_counts_clauses_and_faults_right() -> None:
    clauses, faults = len(ledger().clauses), len(Catalogue().breaches)
    assert set(re.findall(r"(\d+) (?:promises|clauses)", README)) == {str(clauses)}
    assert set(re.findall(r"(\d+) (?:faults|are caught)", README)) == {str(faults)}


def test_the_faults_of_the_readme_are_there() -> None:
    named = set(re.findall(r'(?:fault=|"faults": \[")([a-z0-9-]+)', README))
    assert named and named <= set(Catalogue().faults)


def test_the_rules_of_the_verdict_are_told() -> None:
    section = README.partition("## What your client does wrong")[2].partition("\n## ")[0]
    known = section.partition("It knows ")[2].partition(".")[0]
    assert set(re.findall(r"[a-z]+(?:-[a-z]+)+", known)) == set(RULES)
    risky = section.partition("*risky*")[2].partition("are never more than risky")[0]
    assert {name for name, rule in RULES.items() if rule.worst == "risky"} == {
        name for name in RULES if name in risky
    }


def test_links_lead_to_files() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_behaviour_that_is_made_up_is_told_apart_from_examples() -> None:
    operations = read(load(CONTRACT)).operations
    made = {f"{each.method} {each.path}" for each in operations if each.behaviour}
    table = README.partition("| operation | answer |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`([A-Z]+ /\S+)`", table)) == made


def test_the_changelog_knows_this_version() -> None:
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")
