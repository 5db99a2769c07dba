"""The root prefix, the target prefix, names, and what is an environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import mm_config
from mm_config import PrefixChecks, PrefixRules
from mm_config.machine import subdir


def environment(path: Path) -> Path:
    (path / "conda-meta").mkdir(parents=True)
    (path / "conda-meta" / "history").touch()
    return path


def test_option_beats_variable_for_the_root_prefix(home: Any) -> None:
    config = home.load({"root_prefix": "~/other"})
    assert config.root_prefix == home.path / "other"
    labels = [source.label for source in config.setting("root_prefix").sources]
    assert labels == ["CLI", "MAMBA_ROOT_PREFIX"]


def test_the_root_prefix_around_the_program(home: Any) -> None:
    root = home.folder / "mm"
    (root / "pkgs").mkdir(parents=True)
    env = {"MAMBA_ROOT_PREFIX": ""}
    assert home.load(env=env, executable=root / "bin" / "mm").root_prefix == root
    inside = root / "envs" / "tools" / "bin" / "mm"
    assert home.load(env=env, executable=inside).root_prefix == root
    # A virtual environment beside a folder called "envs" is no root prefix.
    (home.folder / "envs").mkdir()
    assert home.load(env=env, executable=home.folder / "a" / "b" / "bin" / "mm").root_prefix == (
        home.path / ".local" / "share" / "mamba"
    )


def test_an_empty_folder_can_become_the_root_prefix_and_a_used_one_cannot(home: Any) -> None:
    env = {"MAMBA_ROOT_PREFIX": "", "XDG_DATA_HOME": str(home.folder / "data")}
    usual = home.folder / "data" / "mamba"
    usual.mkdir(parents=True)
    assert home.load(env=env).root_prefix == usual
    (usual / "thesis.tex").touch()
    with pytest.raises(mm_config.BadRootPrefix) as caught:
        home.load(env=env)
    assert "MAMBA_ROOT_PREFIX" in caught.value.hint
    (usual / "thesis.tex").unlink()
    usual.rmdir()
    usual.touch()
    with pytest.raises(mm_config.BadRootPrefix):
        home.load(env=env)


def test_a_root_prefix_for_tests_is_told(home: Any) -> None:
    env = {"MAMBA_ROOT_PREFIX": "", "MAMBA_DEFAULT_ROOT_PREFIX": str(home.root)}
    config = home.load(env=env)
    assert config.root_prefix == home.root
    assert "MAMBA_DEFAULT_ROOT_PREFIX" in config.warnings[0]


def test_symbolic_links_are_resolved(home: Any) -> None:
    link = home.folder / "link"
    link.symlink_to(home.root)
    config = home.load({"root_prefix": str(link), "target_prefix": f"{link}/envs/../envs/e/"})
    assert config.root_prefix == home.root
    assert config.target_prefix == home.root / "envs" / "e"


def test_the_order_of_what_names_the_target(home: Any) -> None:
    env = {"CONDA_PREFIX": str(home.folder / "act"), "CONDA_DEFAULT_ENV": "def"}
    spec_file = mm_config.SpecFileSettings(name="spec")
    target = {**env, "MAMBA_TARGET_PREFIX": str(home.folder / "var")}
    envs = home.root / "envs"
    assert home.load({"env_name": "n"}, env=target, spec_file=spec_file).target_prefix == envs / "n"
    assert home.load(env=target, spec_file=spec_file).target_prefix == envs / "spec"
    by_path = home.load({"target_prefix": "./p"}, env=target, spec_file=spec_file)
    assert by_path.target_prefix == home.folder / "p"
    assert home.load(env=target).target_prefix == home.folder / "var"
    assert home.load(env=env).target_prefix == home.folder / "act"
    named = PrefixRules(conda_prefix=False)
    assert home.load(env=env, rules=named).target_prefix == envs / "def"
    assert home.load(env=env, rules=PrefixRules(False, False, True)).target_prefix == home.root
    assert home.load(env=env, rules=PrefixRules.none()).target_prefix is None
    with pytest.raises(mm_config.NoTargetPrefix):
        home.load(env=env, rules=PrefixRules(False, False, False, required=True))


def test_the_target_says_who_named_it(home: Any) -> None:
    def label(**more: Any) -> str:
        return str(home.load(**more).setting("target_prefix").sources[0])

    assert label(cli={"env_name": "n"}) == "CLI"
    assert label(env={"MAMBA_TARGET_PREFIX": "/x"}) == "MAMBA_TARGET_PREFIX"
    assert label(env={"CONDA_PREFIX": "/x"}) == "CONDA_PREFIX"
    assert label() == "fallback"


def test_base_is_the_root_prefix_however_it_is_said(home: Any) -> None:
    assert home.load({"env_name": "base"}).target_prefix == home.root
    assert home.load(env={"CONDA_DEFAULT_ENV": "base"}).target_prefix == home.root
    assert home.load({"target_prefix": "base"}).target_prefix == home.root


@pytest.mark.parametrize("name", ["a/b", "a\\b", "", " ", ".", "..", "a\nb"])
def test_what_cannot_be_a_name(home: Any, name: str) -> None:
    with pytest.raises(mm_config.InvalidEnvironmentName) as caught:
        home.load({"env_name": name})
    assert "\n" not in caught.value.message


def test_empty_paths_are_mistakes(home: Any) -> None:
    with pytest.raises(mm_config.InvalidEnvironmentName):
        home.load({"target_prefix": ""})
    with pytest.raises(mm_config.BadRootPrefix):
        home.load({"root_prefix": ""})


def test_a_word_after_p_is_a_name_and_dots_are_paths(home: Any) -> None:
    config = home.load({"target_prefix": "foo"})
    assert config.target_prefix == home.root / "envs" / "foo"
    assert "does not contain any filesystem separator" in config.warnings[0]
    assert home.load({"target_prefix": "."}).target_prefix == home.folder
    assert home.load({"target_prefix": "~"}).target_prefix == home.path


def test_names_are_looked_up_in_every_folder(home: Any) -> None:
    one, two = home.folder / "one", home.folder / "two"
    home.write("~/.condarc", f"envs_dirs: [{one}, {two}]\n")
    (two / "here").mkdir(parents=True)
    config = home.load()
    assert config.env_path("here") == two / "here"
    assert config.env_path("new") == one / "new"
    assert config.envs_dirs == [one, two, home.root / "envs"]
    assert not one.exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_takes_no_new_environment(home: Any) -> None:
    locked = home.folder / "locked"
    locked.mkdir(mode=0o555)
    assert home.load(api={"envs_dirs": [locked]}).env_path("new") == home.root / "envs" / "new"


def test_a_file_takes_no_new_environment(home: Any) -> None:
    blocked = home.write("blocked", "") / "envs"
    assert home.load(api={"envs_dirs": [blocked]}).env_path("new") == home.root / "envs" / "new"


def test_a_file_among_the_folders_is_an_error(home: Any) -> None:
    file = home.write("file", "")
    with pytest.raises(mm_config.NotADirectory, match="Env dir specified is not a directory"):
        home.load(api={"envs_dirs": [file]})
    with pytest.raises(mm_config.NotADirectory, match="Packages dir specified is not"):
        _ = home.load(env={"CONDA_PKGS_DIRS": str(file)}).pkgs_dirs


def test_folders_keep_their_sources(home: Any) -> None:
    home.write("~/.condarc", "envs_dirs: [~/e]\npkgs_dirs: [~/p, ~/q/../p]\n")
    config = home.load(env={"CONDA_ENVS_PATH": f"/x{os.pathsep}/y"})
    assert [str(source) for source in config.setting("envs_dirs").sources] == [
        "CONDA_ENVS_PATH",
        "CONDA_ENVS_PATH",
        "~/.condarc:1",
        "default",
    ]
    assert config.pkgs_dirs == [home.path / "p"]
    assert [str(source) for source in config.setting("pkgs_dirs").sources] == ["~/.condarc:2"]


def test_no_env_rules_out_the_variables_of_envs_dirs(home: Any) -> None:
    config = home.load({"no_env": True}, env={"CONDA_ENVS_PATH": "/x", "CONDA_ENVS_DIRS": "/y"})
    assert config.envs_dirs == [home.root / "envs"]
    config = home.load(env={"MAMBA_NO_ENV": "1", "MAMBA_OFFLINE": "true"})
    assert config["offline"] is False


def test_names_of_environments(home: Any) -> None:
    config = home.load()
    assert config.env_name(home.root) == "base"
    assert config.env_name(home.root / "envs" / "py") == "py"
    assert config.env_name(home.folder / "py") == str(home.folder / "py")


def test_known_environments(home: Any) -> None:
    registered = environment(home.folder / "far" / "away")
    inside = environment(home.root / "envs" / "py")
    (home.root / "envs" / "not-one").mkdir()
    gone = home.folder / "gone"
    home.write("~/.conda/environments.txt", f"{registered}\n\n{gone}\n{inside}\nrelative\n")
    assert home.load().known_environments() == tuple(sorted((registered, inside, home.root)))


def test_known_environments_without_a_register(home: Any) -> None:
    assert home.load().known_environments() == (home.root,)


def test_a_target_must_be_an_environment(home: Any) -> None:
    config = home.load()
    there = environment(home.folder / "there")
    config.check_environment(there)
    with pytest.raises(mm_config.NoTargetPrefix):
        mm_config.check_prefix(None)
    with pytest.raises(mm_config.PrefixNotFound, match="No prefix found at: /no/such"):
        config.check_environment(Path("/no/such"))
    with pytest.raises(mm_config.NotAnEnvironment, match="Expected environment not found"):
        config.check_environment(home.path)
    with pytest.raises(mm_config.NotAnEnvironment):
        config.check_environment(home.write("file", ""))


def test_checks_of_a_prefix_to_be_made(home: Any) -> None:
    new = PrefixChecks(allow_existing=False, expect_existing=False)
    mm_config.check_prefix(home.folder / "new", new)
    with pytest.raises(mm_config.PrefixExists):
        mm_config.check_prefix(environment(home.folder / "there"), new)
    mm_config.check_prefix(None, PrefixChecks(allow_missing_value=True))
    anything = PrefixChecks(allow_not_environment=True, expect_existing=False)
    mm_config.check_prefix(home.path, anything)


def test_a_working_directory_that_is_gone_matters_only_to_relative_paths(
    home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = home.folder / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert home.load({"env_name": "e"}, cwd=None).target_prefix == home.root / "envs" / "e"


@pytest.mark.parametrize(
    ("system", "machine", "expected"),
    [
        ("linux", "x86_64", "linux-64"),
        ("linux", "aarch64", "linux-aarch64"),
        ("linux", "arm64", "linux-aarch64"),
        ("linux", "i686", "linux-32"),
        ("linux", "ppc64le", "linux-ppc64le"),
        ("linux", "armv7l", "linux-armv7l"),
        ("darwin", "x86_64", "osx-64"),
        ("darwin", "arm64", "osx-arm64"),
        ("win32", "AMD64", "win-64"),
        ("win32", "ARM64", "win-arm64"),
    ],
)
def test_the_subdir_of_a_machine(system: str, machine: str, expected: str) -> None:
    assert subdir(system, machine) == expected
