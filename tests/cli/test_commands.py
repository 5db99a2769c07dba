from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import User


def file(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_download_only_changes_nothing_though_all_is_there(user: User) -> None:
    assert user.change("create", "-n", "a", "greet") == 0
    history = user.env("a") / "conda-meta" / "history"
    before = history.read_text()
    assert user.change("install", "-n", "a", "greet-language", "--download-only") == 0
    assert history.read_text() == before
    assert user.change("install", "-n", "a", "greet-language") == 0
    assert '"greet-language"' in history.read_text()


def test_the_first_file_wins(user: User, tmp_path: Path) -> None:
    a = file(tmp_path, "a.yml", "name: a\nvariables: {X: one}\ndependencies: [greet-language]\n")
    b = file(tmp_path, "b.yml", "name: b\nvariables: {X: two, Y: z}\n")
    assert user.change("create", "-f", a, "-f", b) == 0
    assert "a counts, not b" in user.err
    state = json.loads((user.env("a") / "conda-meta" / "state").read_text())
    assert state["env_vars"] == {"X": "one", "Y": "z"}


def test_variables_that_are_not_stored_are_named(user: User, tmp_path: Path) -> None:
    path = file(tmp_path, "a.yml", "variables: {x: one}\ndependencies: [greet-language]\n")
    root = str(user.root_prefix)
    assert user.change("create", "-r", root, "-n", "a", "-f", path, "--no-env") == 0
    assert "not stored: X" in user.err
    assert not (user.env("a") / "conda-meta" / "state").exists()


@pytest.mark.parametrize("specs", [["greet-language"], []])
def test_the_platform_asked_for_stays(user: User, specs: list[str]) -> None:
    assert user.change("create", "-n", "a", "--platform", "osx-arm64", *specs) == 0
    assert user.data("info", "-n", "a")["platform"] == "osx-arm64"
    assert user.change("create", "-n", "b", *specs) == 0
    assert not (user.env("b") / ".mambarc").exists()


def test_an_environment_is_known_though_its_pip_part_failed(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mm_cli.operations.pip_requirements as pip
    from mm_cli.errors import CliError

    def fail(*_: object) -> None:
        raise CliError("pip failed")

    monkeypatch.setattr(pip, "install_pip_part", fail)
    text = "dependencies: [greet-language, {pip: [x]}]\n"
    path = file(tmp_path, "a.yml", text)
    monkeypatch.setattr("mm_cli.operations.install._with_pip", lambda _, texts: texts)
    prefix = tmp_path / "elsewhere"
    assert user.change("create", "-p", str(prefix), "-f", path) == 1
    assert str(prefix) in user.data("env", "list")["envs"]


def test_explicit_files_do_not_swallow_specs(user: User, tmp_path: Path) -> None:
    archive = next((user.channel / "noarch").glob("greet-language-*"))
    path = file(tmp_path, "a.txt", f"@EXPLICIT\n{archive}\n")
    assert user.change("create", "-n", "a", "-f", path, "greet") == 1
    assert "cannot be mixed" in user.err
    assert not user.env("a").exists()
    assert user.change("create", "-n", "a", "-f", path) == 0


def test_options_of_list_that_have_no_effect_are_named(user: User) -> None:
    user.change("create", "-n", "a", "greet-language")
    assert user.run("list", "-n", "a", "--canonical", "--export", "--md5") == 0
    assert "--export has no effect beside --canonical" in user.err
    assert "--md5 has no effect without --explicit" in user.err
    assert user.run("list", "-n", "a", "--explicit", "--md5") == 0
    assert user.err == ""
    assert user.run("list", "-n", "a", "--explicit", "--md5", "--sha256") == 108


def test_all_queries_of_a_search_are_answered(user: User) -> None:
    words = ("search", "-c", str(user.channel), "--override-channels", "greet", "greet-phrases")
    result = user.data(*words)["result"]
    assert {p["name"] for p in result["pkgs"]} == {"greet", "greet-phrases"}
    assert user.run(*words) == 0
    assert "greet-phrases 1.1" in user.out


def test_what_cannot_be_cleaned_is_an_error(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    user.change("create", "-n", "a", "greet-language")

    def busy(path: object, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("os.unlink", busy)
    monkeypatch.setattr("os.remove", busy)
    document = user.data("clean", "--tarballs")
    assert document["success"] is False
    assert "Not everything could be removed" in document["error"]["message"]


def test_a_history_that_cannot_be_read_is_no_dead_end(user: User) -> None:
    user.change("create", "-n", "a", "greet")
    with (user.env("a") / "conda-meta" / "history").open("a") as history:
        history.write('# update specs: ["bad[[spec", "greet"]\n')
    assert user.run("remove", "-n", "a", "greet", "-y") == 0
    assert "conda-meta/history: passed over: 'bad[[spec'" in user.err
    assert user.data("list", "-n", "a")["packages"] == []


@pytest.mark.parametrize("command", ["install", "remove"])
def test_a_bad_pin_is_named_with_its_file(user: User, command: str) -> None:
    user.change("create", "-n", "a", "greet")
    (user.env("a") / "conda-meta" / "pinned").write_text("greet 1.*\nbad[[spec\n")
    words = (command, "-n", "a", "greet-language", "--dry-run")
    channel = ("-c", str(user.channel)) if command == "install" else ()
    assert user.run(*words, *channel) == 1
    assert "conda-meta/pinned: 'bad[[spec'" in user.err
    assert user.run(*words, *channel, "--no-pin") == 0


def test_an_explicit_list_has_one_package_of_a_name(user: User, tmp_path: Path) -> None:
    old, new = sorted((user.channel / "noarch").glob("greet-[12]*"))
    path = file(tmp_path, "two.txt", f"@EXPLICIT\n{old}\n{new}\n")
    assert user.change("create", "-n", "a", "-f", path) == 1
    assert "greet is listed twice" in user.err
    assert not user.env("a").exists()
    path = file(tmp_path, "same.txt", f"@EXPLICIT\n{new}\n{new}\n")
    assert user.change("create", "-n", "a", "-f", path) == 0


def test_an_environment_for_which_nothing_is_needed_exists(user: User) -> None:
    assert user.change("create", "-n", "a", "greet-language", "--only-deps") == 0
    assert user.data("list", "-n", "a")["packages"] == []


def test_pins_are_shown_and_kept(user: User) -> None:
    user.run("create", "-n", "a")
    (user.env("a") / "conda-meta" / "pinned").write_text("greet 1.*\n")
    assert user.change("install", "-n", "a", "greet") == 0
    assert "Pinned packages:\n\n  - greet=1\n" in user.out
    (version,) = {p["version"] for p in user.data("list", "-n", "a", "^greet$")["packages"]}
    assert version == "1.0"


def test_one_impossible_version_does_not_spoil_a_search(user: User, tmp_path: Path) -> None:
    records: dict[str, Any] = {
        f"x-{version}-0.conda": {
            "name": "x", "version": version, "build": "0", "build_number": 0, "depends": [],
        }
        for version in ("1", "1!!2")
    }  # fmt: skip
    (tmp_path / "odd" / "noarch").mkdir(parents=True)
    repodata = json.dumps({"packages": {}, "packages.conda": records})
    file(tmp_path / "odd" / "noarch", "repodata.json", repodata)
    words = ("search", "-c", str(tmp_path / "odd"), "--override-channels")
    assert [p["version"] for p in user.data(*words, "x")["result"]["pkgs"]] == ["1"]
    assert user.run(*words, "x>=1") == 0
    assert "x-1!!2-0.conda is left out" in user.err


def test_the_hint_can_be_pasted(user: User, tmp_path: Path) -> None:
    assert user.change("create", "-p", str(tmp_path / "a b"), "greet-language") == 0
    assert f"micromamba activate '{tmp_path}/a b'\n" in user.out


def test_download_only_fills_the_cache_and_links_nothing(user: User) -> None:
    assert user.change("create", "-n", "a", "greet", "--download-only") == 0
    assert "nothing was linked" in user.out
    assert not user.env("a").exists()
    assert (user.root_prefix / "pkgs" / "greet-2.0-demo_0" / "info" / "index.json").is_file()


def test_create_over_an_environment_leaves_nothing_of_it(user: User) -> None:
    assert user.change("create", "-n", "a", "greet") == 0
    stray = user.env("a") / "lib" / "stray" / "file"
    stray.parent.mkdir(parents=True)
    stray.write_text("put here by hand")
    (user.env("a") / "conda-meta" / "pinned").write_text("greet 2.*\n")
    assert user.change("create", "-n", "a", "greet-language") == 0
    assert [record["name"] for record in user.data("list", "-n", "a")["packages"]] == [
        "greet-language"
    ]
    assert not (user.env("a") / "bin" / "greet").exists()
    assert not stray.parent.parent.exists()
    assert not (user.env("a") / "conda-meta" / "pinned").exists()
    assert '# remove specs: ["greet"]' in (user.env("a") / "conda-meta" / "history").read_text()


def test_only_deps_asks_for_the_dependencies(user: User) -> None:
    assert user.change("create", "-n", "a", "greet", "--only-deps") == 0
    names = {record["name"] for record in user.data("list", "-n", "a")["packages"]}
    assert names == {"greet-language", "greet-phrases"}
    history = (user.env("a") / "conda-meta" / "history").read_text()
    asked = next(line for line in history.splitlines() if "update specs" in line)
    assert "greet-phrases" in asked
    assert '"greet"' not in asked
    # what was asked for is no orphan
    assert user.change("install", "-n", "a", "greet") == 0
    assert user.run("remove", "-n", "a", "greet", "-y") == 0
    assert (user.env("a") / "conda-meta" / "greet-phrases-1.1-demo_0.json").is_file()


def test_the_activation_hint_works_as_it_stands(user: User, tmp_path: Path) -> None:
    assert user.change("create", "-n", "a", "greet-language") == 0
    assert "micromamba activate a\n" in user.out
    elsewhere = tmp_path / "elsewhere"
    assert user.change("create", "-r", str(elsewhere), "-n", "b", "greet-language") == 0
    assert f"micromamba activate {elsewhere}/envs/b\n" in user.out
    assert f"micromamba run -p {elsewhere}/envs/b mycommand" in user.out


def test_no_total_is_shown_where_a_size_is_unknown(user: User) -> None:
    archive = user.channel / "noarch" / "greet-language-1.0-demo_0.conda"
    assert user.run("create", "-n", "a", str(archive), "--dry-run") == 0
    assert "Install: 1 package" in user.out
    assert "Total download" not in user.out
    assert user.change("create", "-n", "a", "greet-language", "--dry-run") == 0
    assert "Total download" in user.out


def test_enter_does_not_remove_a_whole_cache(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    assert user.change("create", "-n", "a", "greet-language", "--download-only") == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert user.run("clean", "--force-pkgs-dirs") == 0
    assert "[y/N]" in user.out
    assert (user.root_prefix / "pkgs" / "urls.txt").is_file()
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert user.run("clean", "--force-pkgs-dirs") == 0
    assert not (user.root_prefix / "pkgs").exists()
