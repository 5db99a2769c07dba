"""What is read from an environment's folder, and what is left out with a warning."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mm_shell import PrefixFacts, read_prefix


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    return tmp_path / "env"


def test_no_such_folder(prefix: Path) -> None:
    assert read_prefix(str(prefix)) == PrefixFacts()


def test_variables_in_order_and_the_users_win(prefix: Path) -> None:
    variables = prefix / "etc" / "conda" / "env_vars.d"
    _write(variables / "b.json", {"two": "2", "SHARED": "b"})
    _write(variables / "a", {"One": "1", "SHARED": "a", "taken": "x"})
    state = prefix / "conda-meta" / "state"
    _write(state, {"env_vars": {"TAKEN": "mine", "ZULU": "z", "GONE": "***unset***", "NUM": 3}})
    facts = read_prefix(str(prefix))
    assert list(facts.env_vars.items()) == [
        ("ONE", "1"),
        ("SHARED", "b"),
        ("TAKEN", "mine"),
        ("TWO", "2"),
        ("ZULU", "z"),
        ("NUM", "3"),
    ]
    assert facts.warnings == (f"{state} replaces the value of TAKEN that a package sets",)


def test_unset_by_the_user_takes_a_packages_variable_away(prefix: Path) -> None:
    _write(prefix / "etc" / "conda" / "env_vars.d" / "a.json", {"A": "1"})
    _write(prefix / "conda-meta" / "state", {"env_vars": {"A": "***unset***"}})
    assert read_prefix(str(prefix)).env_vars == {}


@pytest.mark.parametrize(
    "content",
    ["{", "[]", '"x"', "\x00", '{"a": "\ud800"', "[" * 100_000, "{'a': 1}"],
    ids=["cut", "list", "text", "nul", "surrogate", "deep", "python"],
)
@pytest.mark.parametrize("file", ["conda-meta/state", "etc/conda/env_vars.d/a.json"])
def test_file_that_is_no_json_object_is_ignored(prefix: Path, file: str, content: str) -> None:
    (prefix / file).parent.mkdir(parents=True)
    (prefix / file).write_bytes(content.encode("utf-8", "surrogatepass"))
    facts = read_prefix(str(prefix))
    assert facts.env_vars == {}
    assert len(facts.warnings) == 1
    assert str(prefix / file) in facts.warnings[0]


@pytest.mark.parametrize("content", ["", " \n", "{}", '{"env_vars": null}', '{"env_vars": {}}'])
def test_state_without_variables(prefix: Path, content: str) -> None:
    _write(prefix / "conda-meta" / "state", content)
    assert read_prefix(str(prefix)) == PrefixFacts()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("A B", "x"),
        ("A;touch pwned;B", "x"),
        ("", "x"),
        ("1A", "x"),
        ("É", "x"),
        ("PATH", "/x"),
        ("path", "/x"),
        ("CONDA_PREFIX", "x"),
        ("CONDA_STACKED_3", "x"),
        ("__CONDA_SHLVL_0_X", "x"),
        ("UID", "0"),
        ("A", "nul\0"),
        ("A", "\ud800"),
        ("A", ["x"]),
        ("A", None),
    ],
)
def test_variable_that_cannot_be_set_is_ignored(prefix: Path, name: str, value: object) -> None:
    _write(prefix / "conda-meta" / "state", {"env_vars": {name: value, "GOOD": "1"}})
    facts = read_prefix(str(prefix))
    assert facts.env_vars == {"GOOD": "1"}
    assert len(facts.warnings) == 1


def test_scripts(prefix: Path) -> None:
    for folder in ("activate.d", "deactivate.d"):
        for name in ("b.sh", "a.sh", "c.fish"):
            _write(prefix / "etc" / "conda" / folder / name, "")
        (prefix / "etc" / "conda" / folder / "folder.sh").mkdir()
        (prefix / "etc" / "conda" / folder / "dangling.sh").symlink_to("nowhere")
    facts = read_prefix(str(prefix))
    names = [Path(path).name for path in facts.activate_scripts]
    assert names == ["a.sh", "b.sh", "c.fish"]
    assert [Path(path).name for path in facts.deactivate_scripts] == names[::-1]
    assert Path(facts.activate_scripts[0]).parent == prefix / "etc" / "conda" / "activate.d"
    assert facts.warnings == ()


def test_file_in_place_of_a_folder(prefix: Path) -> None:
    _write(prefix / "etc" / "conda", "")
    assert read_prefix(str(prefix)) == PrefixFacts()
