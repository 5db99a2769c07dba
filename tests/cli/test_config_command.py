"""``config``, as people and scripts use it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from mm_cli.main import main

CASES: dict[str, dict[str, Any]] = {
    case["id"]: case
    for case in json.loads(
        (Path(__file__).parents[1] / "data" / "vectors_config.json").read_text(encoding="utf-8")
    )["cases"]
    if case["op"] == "command"
}
EDITING = [n for n, c in CASES.items() if c["cli"][1:2] not in (["list"], ["sources"])]

FAILURES = {"cfg-120": 1, "cfg-121": 1, "cfg-131": 1}
"""Cases where nothing is done: micromamba exits 0 all the same. The words are the same."""

ABSOLUTE = re.compile(r"(?<![\w/~.])/(?=(home/u|opt/mm|c)\b)")


def moved(value: Any, folder: Path) -> Any:
    """*value* with the absolute paths of the cases below *folder*."""
    if isinstance(value, str):
        return ABSOLUTE.sub(lambda match: f"{folder}/", value)
    if isinstance(value, list):
        return [moved(item, folder) for item in value]
    if isinstance(value, dict):
        return {moved(key, folder): moved(item, folder) for key, item in value.items()}
    return value


@pytest.mark.parametrize("name", EDITING)
def test_commands_as_in_the_reference(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(os.path.realpath(tmp_path))
    case = moved(CASES[name], folder)
    for variable in list(os.environ):
        if variable.startswith(("CONDA_", "MAMBA_", "XDG_")):
            monkeypatch.delenv(variable)
    for path in ("home/u", "opt/mm/pkgs", "c"):
        (folder / path).mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder / "home" / "u"))
    monkeypatch.setenv("MAMBA_ROOT_PREFIX", str(folder / "opt" / "mm"))
    for path, text in case.get("files", {}).items():
        Path(path).write_text(text)
    expect = case["expect"]
    code = main(case["cli"])
    out, err = capsys.readouterr()
    if expect.get("exit_nonzero"):
        assert code
    else:
        assert code == FAILURES.get(name, expect["exit"])
    if "stdout" in expect:
        assert out == expect["stdout"]
    for text in expect.get("stdout_contains", ()):
        assert text in out
    for text in expect.get("stderr_contains", ()):
        assert text in err
    if code:
        assert {path: Path(path).read_text() for path in case.get("files", {})} == case.get(
            "files", {}
        )
    if "file_yaml" in expect:
        (path,) = case["files"]
        assert yaml.safe_load(Path(path).read_text()) == expect["file_yaml"]
    if "file" in expect:
        assert Path(expect["file"]).is_file()
    if "then" in expect:
        assert main(expect["then"]["cli"]) == 0
        assert capsys.readouterr().out == expect["then"]["stdout"]


class Home:
    """The home of the user whose settings are changed."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = path
        self._capsys = capsys
        self.err = ""

    def run(self, *words: str, code: int = 0) -> str:
        assert main(["config", *words]) == code
        out, self.err = self._capsys.readouterr()
        return out

    def data(self, *words: str, code: int = 0) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.run(*words, "--json", code=code))
        assert document["success"] is (code == 0)
        return document

    def rc(self, name: str = ".condarc") -> str:
        return (self.path / name).read_text()


@pytest.fixture
def home(root_prefix: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Home:
    root_prefix.mkdir()
    return Home(tmp_path, capsys)


def test_the_example_of_the_user_guide(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    (home.path / ".mambarc").write_text("channels: [conda-forge]\nalways_yes: false\n")
    monkeypatch.setenv("MAMBA_ALWAYS_YES", "true")
    assert home.run("list", "--sources", "-c", "my-channel") == (
        "channels:\n"
        "  - my-channel  # 'CLI'\n"
        "  - conda-forge  # '~/.mambarc'\n"
        "always_yes: true  # 'MAMBA_ALWAYS_YES' > '~/.mambarc'\n"
    )


def test_a_users_day(home: Home) -> None:
    (home.path / ".condarc").write_text("# mine\nchannels:\n  - conda-forge  # the usual\n")
    assert home.run("prepend", "channels", "lab") == ""
    home.run("set", "channel_priority", "Strict")
    home.run("set", "proxy_servers.https", "http://u:secret@proxy:3128")
    assert home.rc() == (
        "# mine\nchannels:\n  - lab\n  - conda-forge  # the usual\nchannel_priority: strict\n"
        "proxy_servers:\n  https: http://u:secret@proxy:3128\n"
    )
    assert (
        home.run("get", "proxy_servers") == "proxy_servers:\n  https: http://u:*****@proxy:3128\n"
    )
    assert home.run("explain", "channels", "lab") == "channels:\n  - lab\n    * ~/.condarc:3\n"
    assert "secret" not in json.dumps(home.data("get", "proxy_servers"))
    assert "secret" not in home.run("explain", "proxy_servers")
    assert home.run("sources").splitlines()[1:] == ["~/.condarc"]
    home.run("remove-key", "proxy_servers")
    home.run("remove", "channels", "lab")
    assert home.rc() == (
        "# mine\nchannels:\n  - conda-forge  # the usual\nchannel_priority: strict\n"
    )


def test_the_file_of_an_environment(home: Home, root_prefix: Path) -> None:
    (root_prefix / "envs" / "py").mkdir(parents=True)
    home.run("set", "platform", "osx-64", "--env", "-n", "py")
    path = root_prefix / "envs" / "py" / ".condarc"
    assert path.read_text() == "platform: osx-64\n"
    assert home.run("get", "platform", "--env", "-n", "py") == "platform: osx-64\n"
    assert home.run("list", "-s", "-n", "py") == "platform: osx-64  # '~/root/envs/py/.condarc'\n"
    home.run("get", "platform", code=1)


def test_where_excludes_where(home: Home) -> None:
    for words in (("--env", "--system"), ("--system", "--file", "x"), ("--file", "x", "--env")):
        home.run("get", "json", *words, code=108)


def test_a_dry_run_shows_the_difference(home: Home) -> None:
    out = home.run("set", "quiet", "no", "--dry-run")
    assert "+quiet: false" in out
    assert not (home.path / ".condarc").exists()
    data = home.data("set", "proxy_servers.all", "u:secret@h", "--dry-run")
    assert data["dry_run"] is True
    assert data["changed"] is True
    assert "u:*****@h" in data["difference"]
    assert not (home.path / ".condarc").exists()


def test_every_edit_is_told_as_data(home: Home) -> None:
    path = str(home.path / ".condarc")
    data = home.data("append", "channels", "a,b", "pinned_packages", "numpy <2")
    assert data["file"] == path
    assert data["values"] == {"channels": ["a", "b"], "pinned_packages": ["numpy <2"]}
    assert home.data("get", "channels")["value"] == ["a", "b"]
    assert home.data("get", "json")["value"] is None
    assert home.data("remove", "channels", "zz")["changed"] is False
    assert home.data("remove-key", "channels")["values"] == {"channels": None}
    assert home.data("set", "chanels", "x", code=1)["error"]["hint"] == "Did you mean 'channels'?"
    assert home.data("set", "json", "x", "y", code=1)["error"]
    assert home.data("remove", "channels", "x", "y", code=1)["error"]


def test_a_pair_that_is_wrong_leaves_the_others_alone(home: Home) -> None:
    home.run("append", "channels", "a", "json", "true", code=1)
    assert not (home.path / ".condarc").exists()
    home.run("append", "channels", "a", "default_channels", code=106)
    for command in ("set", "append", "prepend", "remove", "get", "remove-key", "explain"):
        home.run(command, code=106)


def test_settings_that_exclude_each_other_can_be_corrected(home: Home) -> None:
    (home.path / ".condarc").write_text("always_copy: true\nalways_softlink: true\n")
    home.run("list", code=1)
    home.run("set", "always_copy", "false")
    assert home.run("list") == "always_copy: false\nalways_softlink: true\n"


def test_a_misspelt_setting_is_pointed_out_and_can_go(home: Home) -> None:
    (home.path / ".condarc").write_text("chanels: [a]\n")
    home.run("list", "chanels")
    assert "did you mean 'channels'" in home.err.lower()
    assert home.run("get", "chanels") == "chanels:\n  - a\n"
    home.run("remove-key", "chanels")
    assert home.rc() == ""
    home.run("explain", "chanels", code=1)
    assert "Did you mean 'channels'?" in home.err


def test_a_broken_file_is_not_written_over(home: Home) -> None:
    (home.path / ".condarc").write_text("channels: [a\n")
    home.run("set", "json", "true", code=1)
    assert "line 2" in home.err
    assert home.rc() == "channels: [a\n"


def test_aliases_are_understood(home: Home) -> None:
    assert home.run("describe", "verify_ssl").startswith("# ssl_verify\n")
    home.run("set", "verify_ssl", "false")
    assert home.rc() == "ssl_verify: false\n"
    assert home.run("explain", "verify_ssl").startswith("ssl_verify: <false>\n")


def test_a_value_without_effect_is_pointed_out(home: Home) -> None:
    (home.path / ".mambarc").write_text("quiet: false\n")
    home.run("set", "quiet", "true")
    assert "'quiet' is set in ~/.condarc, but ~/.mambarc:1 counts more" in home.err
    home.run("set", "channel_priority", "strict")
    assert home.err == ""
    home.run("set", "quiet", "false", "--file", str(home.path / "elsewhere.yml"))
    assert home.err == ""


def test_quiet_prints_results_only(home: Home) -> None:
    assert home.run("-q") == ""
    assert home.run("sources", "-q") == "Configuration files (by precedence order):\n"
    assert home.run("sources", "--no-rc") == "Configuration files disabled by --no-rc flag\n"
