"""The public names of the distributions: there, listed, and imported on first use only."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

SOURCES = sorted((Path(__file__).parents[2] / "packages").glob("*/src/*"))
PACKAGES = [
    ".".join(path.parent.relative_to(source.parent).parts)
    for source in SOURCES
    for path in sorted(source.rglob("__init__.py"))
]
LAZY = [name for name in PACKAGES if hasattr(importlib.import_module(name), "__getattr__")]
"""Those that import their names on first use."""
LIBRARIES = ("mm_config", "mm_pkg", "mm_shell", "mm_channels", "mm_solve")


@pytest.mark.parametrize("name", PACKAGES)
def test_all_names_are_there(name: str) -> None:
    module = importlib.import_module(name)
    names = getattr(module, "__all__", ())
    assert len(set(names)) == len(names)
    for each in names:
        assert hasattr(module, each), f"{name}.{each}"
    assert set(names) <= set(dir(module))
    with pytest.raises(AttributeError, match="no attribute 'no_such_name'"):
        _ = module.no_such_name


@pytest.mark.parametrize("name", LIBRARIES)
def test_names_are_shown_before_they_are_imported(name: str) -> None:
    code = f"import {name}; print(*(each for each in dir({name}) if each in {name}.__all__))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    module = importlib.import_module(name)
    assert sorted(out.stdout.split()) == sorted(module.__all__)


@pytest.mark.parametrize("name", LAZY)
def test_type_checkers_see_the_same_names(name: str) -> None:
    """What is imported for type checkers is exactly what is promised at run time."""
    module = importlib.import_module(name)
    assert module.__file__ is not None
    tree = ast.parse(Path(module.__file__).read_text("utf-8"))
    seen = {
        alias.asname or alias.name
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == set(module.__all__)
