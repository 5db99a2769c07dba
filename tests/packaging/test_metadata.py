"""The six distributions: one version, exact dependencies, all that a package index wants."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import mm_cli

PACKAGES = Path(__file__).parents[2] / "packages"
NAMES = ("mm-channels", "mm-cli", "mm-config", "mm-pkg", "mm-shell", "mm-solve")

DISTRIBUTION_OF = {"ruamel": "ruamel.yaml", "yaml": "pyyaml"}
"""Importable name -> distribution, where they differ."""


def project(name: str) -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((PACKAGES / name / "pyproject.toml").read_text("utf-8"))
    found: dict[str, Any] = table["project"]
    return found


def requirement_name(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9.-]+", requirement)
    assert match is not None
    return match.group().lower()


def declared(name: str) -> set[str]:
    table = project(name)
    lists = [table["dependencies"], *table.get("optional-dependencies", {}).values()]
    return {requirement_name(each) for listed in lists for each in listed}


def imports(tree: ast.AST) -> Iterator[str]:
    """The top-level names that a module imports, whenever it does so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


def imported(name: str) -> set[str]:
    """Distributions that the code of *name* imports from."""
    modules: set[str] = set()
    for path in (PACKAGES / name / "src").rglob("*.py"):
        modules.update(imports(ast.parse(path.read_text("utf-8"))))
    own = name.replace("-", "_")
    foreign = modules - sys.stdlib_module_names - {own}
    return {DISTRIBUTION_OF.get(each, each.replace("_", "-")) for each in foreign}


def test_these_are_all() -> None:
    assert sorted(path.parent.name for path in PACKAGES.glob("*/pyproject.toml")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_versions_agree(name: str) -> None:
    table = project(name)
    assert table["version"] == mm_cli.__version__
    for requirement in table["dependencies"]:
        if requirement.startswith("mm-"):
            assert requirement == f"{requirement_name(requirement)}=={mm_cli.__version__}"


@pytest.mark.parametrize("name", NAMES)
def test_dependencies_are_what_the_code_imports(name: str) -> None:
    assert declared(name) == imported(name)


@pytest.mark.parametrize("name", NAMES)
def test_third_party_dependencies_say_which_versions(name: str) -> None:
    for requirement in project(name)["dependencies"]:
        assert re.search(r"[<>=]=", requirement), requirement


@pytest.mark.parametrize("name", NAMES)
def test_what_a_package_index_shows(name: str) -> None:
    table = project(name)
    folder = PACKAGES / name
    assert table["name"] == name
    assert table["requires-python"] == ">=3.11"
    assert table["license"] == "BSD-3-Clause"
    assert (folder / table["readme"]).is_file()
    licence = (folder / "LICENSE").read_text("utf-8")
    assert licence == (PACKAGES.parent / "LICENSE").read_text("utf-8")
    assert table["license-files"] == ["LICENSE"]
    assert (folder / "src" / name.replace("-", "_") / "py.typed").is_file()


def test_the_programs() -> None:
    assert set(project("mm-cli")["scripts"]) == {"micromamba", "mm"}
