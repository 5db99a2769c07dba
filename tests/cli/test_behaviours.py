"""What micromamba's own tests make sure of, number by number.

Where a behaviour has tests elsewhere, the table names them; where we differ on purpose,
docs/differences.md says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from mm_cli import __version__

ROOT = Path(__file__).parents[2]


class World(NamedTuple):
    """A user with a channel, and the means to change what surrounds them."""

    user: Any
    folder: Path
    patch: pytest.MonkeyPatch

    def run(self, *words: str, code: int = 0) -> str:
        """The output of a command that ends with *code*."""
        assert self.user.run(*words) == code, f"{words}\n{self.user.out}{self.user.err}"
        return str(self.user.out)

    def fails(self, *words: str, code: int = 1) -> str:
        """What a command that fails with *code* says on stderr; with --json it is one document."""
        self.run(*words, code=code)
        said = str(self.user.err)
        self.run(*words, "--json", code=code)
        assert json.loads(self.user.out)["success"] is False
        return said

    def change(self, *words: str, code: int = 0) -> str:
        return self.run(
            *words, "-y", "-c", str(self.user.channel), "--override-channels", code=code
        )

    def data(self, *words: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.run(*words, "--json"))
        return document

    def write(self, name: str, text: str) -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return str(path)

    @contextmanager
    def environ(self, **variables: str) -> Iterator[None]:
        with self.patch.context() as patch:
            for name, text in variables.items():
                patch.setenv(name, text)
            yield


@pytest.fixture
def world(user: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.chdir(tmp_path)
    return World(user, tmp_path, monkeypatch)


Check = Callable[[World], None]
BEHAVIOURS: dict[int, tuple[str, Check]] = {}


def behaviour(number: int, what: str) -> Callable[[Check], Check]:
    def keep(check: Check) -> Check:
        assert number not in BEHAVIOURS
        BEHAVIOURS[number] = (what, check)
        return check

    return keep


# -- global ------------------------------------------------------------------------------


@behaviour(1, "--version prints only the version")
def _(w: World) -> None:
    assert w.run("--version") == f"{__version__}\n"


@behaviour(2, "no arguments: help on stdout")
def _(w: World) -> None:
    assert "Usage: micromamba" in w.run()


@behaviour(3, "unknown options and commands: non-zero, message on stderr")
def _(w: World) -> None:
    for words in (("--no-such",), ("frobnicate",), ("create", "--no-such")):
        assert w.run(*words, code=109) == ""
        assert "is not" in w.user.err


@behaviour(4, "--json prints one object, on failure too")
def _(w: World) -> None:
    assert w.data("info")["success"] is True
    w.fails("install", "-n", "nobody", "greet")


@behaviour(5, "--quiet: stdout of create, install, update and remove is empty")
def _(w: World) -> None:
    assert w.change("create", "-q", "-n", "e", "greet=1.0") == ""
    assert w.change("install", "-q", "-n", "e", "greet-language") == ""
    assert w.change("update", "-q", "-n", "e", "--all") == ""
    assert w.run("remove", "-q", "-n", "e", "greet") == ""


@behaviour(6, "-p with -n fails")
def _(w: World) -> None:
    assert "Cannot set both prefix and env name" in w.fails("create", "-n", "e", "-p", "/x/y")


@behaviour(7, "--rc-file with --no-rc fails, and so does a missing rc file")
def _(w: World) -> None:
    file = w.write("rc.yml", "offline: true\n")
    w.fails("create", "-n", "e", "--no-rc", "--rc-file", file)
    assert "nowhere.yml" in w.fails("create", "-n", "e", "--rc-file", "/nowhere.yml")


@behaviour(8, "booleans of variables are seen, with their source")
def _(w: World) -> None:
    with w.environ(MAMBA_OFFLINE="true"):
        assert w.run("config", "list", "-s") == "offline: true  # 'MAMBA_OFFLINE'\n"


# -- config ------------------------------------------------------------------------------


@behaviour(9, "config prints help, config -q nothing")
def _(w: World) -> None:
    assert w.run("config").startswith("Configuration of micromamba")
    assert w.run("config", "-q") == ""


@behaviour(10, "config sources: heading, paths with ~, the sentence for --no-rc")
def _(w: World) -> None:
    w.write(".condarc", "offline: true\n")
    heading, first, *_ = w.run("config", "sources").splitlines()
    assert (heading, first) == ("Configuration files (by precedence order):", "~/.condarc")
    sentence = "Configuration files disabled by --no-rc flag\n"
    assert w.run("config", "sources", "--no-rc") == sentence


@behaviour(12, "config list equals the YAML of the rc file")
def _(w: World) -> None:
    text = "channels:\n  - a\n  - b\nchannel_priority: strict\noffline: true\n"
    file = w.write("rc.yml", text)
    shown = w.run("config", "list", "--rc-file", file)
    assert sorted(shown.splitlines()) == sorted(text.splitlines())
    assert "channels:\n  - a\n  - b\n" in shown


@behaviour(15, "precedence: command line, variables, rc files")
def _(w: World) -> None:
    file = w.write("rc.yml", "channel_priority: strict\n")
    words = ("config", "list", "channel_priority", "--rc-file", file)
    assert w.run(*words) == "channel_priority: strict\n"
    with w.environ(MAMBA_CHANNEL_PRIORITY="disabled"):
        assert w.run(*words) == "channel_priority: disabled\n"
        asked = (*words, "--channel-priority", "flexible")
        assert w.run(*asked) == "channel_priority: flexible\n"


@behaviour(16, "config set, get, append, prepend, remove, remove-key: round trips")
def _(w: World) -> None:
    to = ("--file", str(w.folder / "rc.yml"))
    w.run("config", "set", "offline", "true", *to)
    assert w.run("config", "get", "offline", *to) == "offline: true\n"
    w.run("config", "append", "channels", "b", *to)
    w.run("config", "prepend", "channels", "a", *to)
    assert w.run("config", "get", "channels", *to) == "channels:\n  - a\n  - b\n"
    w.run("config", "remove", "channels", "a", *to)
    w.run("config", "remove-key", "offline", *to)
    assert w.run("config", "list", "--rc-file", to[1]) == "channels:\n  - b\n"


@behaviour(17, "config append: a non-list, an unknown key, a missing pair fail")
def _(w: World) -> None:
    to = ("--file", str(w.folder / "rc.yml"))
    for words in (("offline", "true"), ("no_such_key", "x"), ("channels",)):
        assert w.user.run("config", "append", *words, *to) != 0
    assert not (w.folder / "rc.yml").exists()


@behaviour(19, "secrets are masked in channel_alias and custom_channels")
def _(w: World) -> None:
    file = w.write(
        "rc.yml",
        "channel_alias: https://u:hidden@h/t/tk-hidden\n"
        "custom_channels: {mine: https://u:hidden@h/t/tk-hidden}\n",
    )
    shown = w.run("config", "list", "--rc-file", file)
    assert "https://u:*****@h/t/*****" in shown
    assert "hidden" not in shown


# -- create ------------------------------------------------------------------------------


@behaviour(20, "create without specs: a history, and registered")
def _(w: World) -> None:
    w.run("create", "-n", "e", "-y")
    assert (w.user.env("e") / "conda-meta" / "history").read_text() == ""
    assert str(w.user.env("e")) in (w.folder / ".conda" / "environments.txt").read_text()


@behaviour(21, "create without a target fails")
def _(w: World) -> None:
    assert "No target prefix specified" in w.fails("create")


@behaviour(22, "create over a file, a folder that is no environment, the root prefix fails")
def _(w: World) -> None:
    w.fails("create", "-p", w.write("file", ""))
    w.write("folder/x", "")
    w.fails("create", "-p", str(w.folder / "folder"))
    w.run("create", "-n", "e", "-y")
    w.fails("create", "-n", "base", "-y")


@behaviour(23, "create over an environment with yes replaces it")
def _(w: World) -> None:
    w.change("create", "-n", "e", "greet")
    w.change("create", "-n", "e", "greet-language")
    assert w.user.records("e").keys() == {"greet-language"}


@behaviour(24, "a dry run leaves no folder, ends with its line, gives no hint")
def _(w: World) -> None:
    shown = w.change("create", "-n", "e", "greet", "--dry-run")
    assert shown.endswith("\nDry run. Not executing the transaction.\n")
    assert "activate" not in shown
    assert not w.user.env("e").exists()


@behaviour(25, "the hint how to activate comes after a real creation only")
def _(w: World) -> None:
    assert "To activate this environment, use:" in w.change("create", "-n", "e", "greet=1.0")
    assert "activate" not in w.change("install", "-n", "e", "greet-language")
    assert "activate" not in w.run("create", "-n", "empty", "-y")


@behaviour(26, "the name in a YAML file is ignored beside -n and -p")
def _(w: World) -> None:
    file = w.write("environment.yml", "name: other\ndependencies: []\n")
    w.run("create", "-y", "-n", "e", "-f", file)
    w.run("create", "-y", "-p", str(w.folder / "here"), "-f", file)
    assert w.user.env("e").exists()
    assert (w.folder / "here").exists()
    assert not w.user.env("other").exists()
    w.run("create", "-y", "-f", file)
    assert w.user.env("other").exists()


@behaviour(27, "variables of a YAML file: stored in upper case, not with --no-env")
def _(w: World) -> None:
    file = w.write("environment.yml", "variables: {key: text}\ndependencies: [greet]\n")
    w.change("create", "-n", "e", "-f", file)
    state = json.loads((w.user.env("e") / "conda-meta" / "state").read_text())
    assert state["env_vars"] == {"KEY": "text"}
    w.change("create", "-p", str(w.folder / "f"), "-f", file, "--no-env")
    assert not (w.folder / "f" / "conda-meta" / "state").exists()


@behaviour(28, "text files: comments, blank lines and @ lines are passed over")
def _(w: World) -> None:
    file = w.write("specs.txt", "# x\n\n\t@ONLY\n  greet=1.0\n#y\n")
    w.change("create", "-n", "e", "-f", file)
    assert w.user.records("e")["greet"]["version"] == "1.0"


@behaviour(33, "--clone by name, path and base; conflicts; an unknown source")
def _(w: World) -> None:
    w.change("create", "-n", "e", "greet")
    w.change("install", "-n", "base", "greet-language")
    for number, source in enumerate(("e", str(w.user.env("e")), "base")):
        w.run("create", "-y", "-n", f"copy{number}", "--clone", source)
    assert w.user.packages("copy0") == w.user.packages("copy1") == w.user.packages("e")
    assert w.user.records("copy2").keys() == {"greet-language"}
    w.fails("create", "-n", "f", "--clone", "e", "greet")
    w.fails("create", "-n", "f", "--clone", "e", "-f", w.write("s.txt", "greet\n"))
    said = w.fails("create", "-n", "f", "--clone", "nobody")
    assert "Could not find environment to clone" in said


@behaviour(34, "--platform writes .mambarc")
def _(w: World) -> None:
    w.change("create", "-n", "e", "greet", "--platform", "osx-arm64")
    assert (w.user.env("e") / ".mambarc").read_text() == "platform: osx-arm64\n"
    assert w.data("info", "-n", "e")["platform"] == "osx-arm64"


@behaviour(35, "the first envs dir that can be written; missing ones are made; not both variables")
def _(w: World) -> None:
    first, second = w.folder / "one" / "envs", w.folder / "two"
    file = w.write("rc.yml", f"envs_dirs: [{w.write('plain', '')}/x, {first}, {second}]\n")
    w.run("create", "-y", "-n", "e", "--rc-file", file)
    assert (first / "e" / "conda-meta" / "history").exists()
    with w.environ(CONDA_ENVS_DIRS=str(second), CONDA_ENVS_PATH=str(first)):
        w.fails("create", "-n", "f")


@behaviour(36, "unicode and long names")
def _(w: World) -> None:
    for name in ("環境-ü", "e" * 240):
        w.change("create", "-n", name, "greet")
        assert w.user.records(name).keys() >= {"greet"}


@behaviour(39, "pins of rc files and conda-meta/pinned; one that does not apply is harmless")
def _(w: World) -> None:
    file = w.write("rc.yml", "pinned_packages: [greet=1.0, no-such=3]\n")
    w.change("create", "-n", "e", "greet", "--rc-file", file)
    assert w.user.records("e")["greet"]["version"] == "1.0"
    (w.user.env("e") / "conda-meta" / "pinned").write_text("greet=1.0\nno-such=1\n")
    w.change("update", "-n", "e", "greet")
    assert w.user.records("e")["greet"]["version"] == "1.0"
    w.change("update", "-n", "e", "greet", "--no-pin")
    assert w.user.records("e")["greet"]["version"] == "2.0"


# -- install, update, remove ---------------------------------------------------------------


@behaviour(40, "install of nothing: Nothing to do.")
def _(w: World) -> None:
    w.run("create", "-y", "-n", "e")
    assert w.run("install", "-n", "e") == "Nothing to do.\n"


@behaviour(41, "the same install once more: a message, no actions")
def _(w: World) -> None:
    w.change("create", "-n", "e", "greet")
    document = json.loads(w.change("install", "-n", "e", "greet", "--json"))
    assert document["message"] == "All requested packages already installed"
    assert "actions" not in document


@behaviour(42, "--force-reinstall and --freeze-installed")
def _(w: World) -> None:
    w.change("create", "-n", "e", "greet-language")
    again = json.loads(
        w.change("install", "-n", "e", "greet-language", "--force-reinstall", "--json")
    )
    assert [p["name"] for p in again["actions"]["LINK"]] == ["greet-language"]
    w.change("create", "-n", "f", "greet=1.0")
    words = ("install", "-n", "f", "greet=2.0", "--freeze-installed")
    w.change(*words, code=1)
    w.change(*words[:-1])


@behaviour(43, "archives by path, and packages of a channel by relative path")
def _(w: World) -> None:
    archive = next(w.user.channel.glob("noarch/greet-language-1.0*"))
    w.run("create", "-y", "-n", "e", str(archive))
    assert w.user.records("e")["greet-language"]["url"] == archive.as_uri()
    (w.folder / "chan").symlink_to(w.user.channel)
    w.run(
        "create", "-y", "-n", "f", "./chan::greet-language", "--override-channels", "-c", "./chan"
    )
    assert w.user.records("f").keys() == {"greet-language"}


@behaviour(44, "flags of priority that contradict each other fail")
def _(w: World) -> None:
    words = ("create", "-n", "e", "--strict-channel-priority")
    w.fails(*words, "--no-channel-priority")
    w.fails(*words, "--channel-priority", "disabled")
    w.run(*words, "--channel-priority", "strict", "-y")


@behaviour(45, "--revision restores what was there")
def _(w: World) -> None:
    w.change("create", "-n", "e", "greet=1.0")
    before = w.user.packages("e")
    w.change("install", "-n", "e", "greet=2.0")
    w.change("install", "-n", "e", "--revision", "0")
    assert w.user.packages("e") == before


@behaviour(46, "the target falls back on CONDA_PREFIX, CONDA_DEFAULT_ENV, the root prefix")
def _(w: World) -> None:
    for name in ("a", "b"):
        w.run("create", "-y", "-n", name)
    with w.environ(CONDA_PREFIX=str(w.user.env("a")), CONDA_DEFAULT_ENV="b"):
        w.change("install", "greet-language")
    with w.environ(CONDA_DEFAULT_ENV="b"):
        w.change("install", "greet-language")
    w.change("install", "greet-language")
    places = (w.user.env("a"), w.user.env("b"), w.user.root_prefix)
    assert all(list((place / "conda-meta").glob("greet-language-*.json")) for place in places)


@behaviour(47, "update of what is not installed fails with fixed words")
def _(w: World) -> None:
    w.change("create", "-n", "e", "greet-language")
    w.change("update", "-n", "e", "greet", code=1)
    assert "Package is not installed in prefix" in w.user.err
    assert "package name: greet" in w.user.err
    w.change("update", "-n", "e", "greet-languge", code=1)
    assert "Did you mean greet-language?" in w.user.err


@behaviour(48, "update --all updates; a spec besides is installed")
def _(w: World) -> None:
    file = w.write("rc.yml", "pinned_packages: [greet=1.0]\n")
    w.change("create", "-n", "e", "greet", "--rc-file", file)
    w.change("update", "-n", "e", "--all")
    assert w.user.records("e")["greet"]["version"] == "2.0"
    w.change("create", "-n", "f", "greet-language")
    w.change("update", "-n", "f", "--all", "greet")
    assert w.user.records("f").keys() == {"greet", "greet-phrases", "greet-language"}


@behaviour(49, "an unsolvable update: a tree on stderr, solver_problems in JSON")
def _(w: World) -> None:
    w.change("create", "-n", "e", "greet")
    w.change("update", "-n", "e", "greet>9", code=1)
    assert "The following package could not be installed\n    └─ " in w.user.err
    document = json.loads(w.change("update", "-n", "e", "greet>9", "--json", code=1))
    assert document["solver_problems"]


@behaviour(50, "remove prunes dependencies; UNLINK; uninstall is the same")
def _(w: World) -> None:
    for command in ("remove", "uninstall"):
        w.change("create", "-n", "e", "greet")
        document = json.loads(w.run(command, "-n", "e", "greet", "--json"))
        names = {package["name"] for package in document["actions"]["UNLINK"]}
        assert names == {"greet", "greet-phrases", "greet-language"}
        assert w.user.records("e") == {}


@behaviour(51, "remove falls back on neither CONDA_DEFAULT_ENV nor the root prefix")
def _(w: World) -> None:
    w.change("create", "-n", "e", "greet")
    with w.environ(CONDA_DEFAULT_ENV="e"):
        w.fails("remove", "greet")
    with w.environ(CONDA_PREFIX=str(w.user.env("e"))):
        w.run("remove", "-y", "greet")
    assert w.user.records("e") == {}


# -- list, info, env, repoquery, run -------------------------------------------------------


@behaviour(52, "list: header, table, order, patterns, shapes of lines")
def _(w: World) -> None:
    w.change("create", "-n", "e", "greet")
    shown = w.run("list", "-n", "e").splitlines()
    assert shown[0] == f'List of packages in environment: "{w.user.env("e")}"'
    assert shown[1] == ""
    assert shown[2].split() == ["Name", "Version", "Build", "Channel"]
    names = [line.split()[0] for line in shown[4:]]
    assert names == ["greet", "greet-language", "greet-phrases"]

    def lines(*words: str) -> list[str]:
        return w.run("list", "-n", "e", *words).splitlines()[2:]

    assert [line.split()[0] for line in lines("--reverse")[2:]] == names[::-1]
    assert [line.split()[0] for line in lines("phrase")[2:]] == ["greet-phrases"]
    assert lines("--full-name", "phrases") == []
    assert lines("--export", "-f", "greet") == ["greet=2.0=demo_0"]
    assert lines("--canonical", "-f", "greet")[0].endswith("/noarch::greet-2.0-demo_0")
    assert re.fullmatch(r"file://\S+\.conda#[0-9a-f]{64}", lines("--explicit", "--sha256")[0])
    w.fails("list", "-n", "e", "--explicit", "--md5", "--sha256", code=108)


@behaviour(53, "list --revisions: numbers and signs")
def _(w: World) -> None:
    w.change("create", "-n", "e", "greet=1.0")
    w.change("install", "-n", "e", "greet=2.0")
    shown = w.run("list", "-n", "e", "--revisions")
    assert re.findall(r"\(rev (\d+)\)", shown) == ["0", "1"]
    revisions = w.data("list", "-n", "e", "--revisions")["revisions"]
    assert [len(each["install"]) for each in revisions] == [3, 1]
    assert "greet-1.0-demo_0" in revisions[1]["remove"][0]


@behaviour(54, "info: labels, states of the environment, --base, -e")
def _(w: World) -> None:
    w.run("create", "-y", "-n", "e")
    shown = w.run("info", "-n", "e")
    for label in ("libmamba version", "envs directories", "package cache", "env location"):
        assert f" {label} : " in shown
    assert w.data("info", "-n", "e")["environment"] == "e"
    assert w.data("info", "-n", "none")["environment"] == "none (not found)"
    (w.user.root_prefix / "envs" / "plain").mkdir()
    assert w.data("info", "-n", "plain")["environment"] == "plain (not env)"
    with w.environ(CONDA_PREFIX=str(w.user.env("e"))):
        assert w.data("info")["environment"] == "e (active)"
    assert w.run("info", "--base").strip() == f"base environment : {w.user.root_prefix}"
    assert str(w.user.env("e")) in w.data("info", "-e")["envs"]


@behaviour(55, "env list: JSON, a star, names, and what was deleted is gone")
def _(w: World) -> None:
    w.run("create", "-y", "-n", "e")
    w.run("create", "-y", "-p", str(w.folder / "away"))
    with w.environ(CONDA_PREFIX=str(w.user.env("e"))):
        (starred,) = [line for line in w.run("env", "list").splitlines() if "*" in line]
    assert starred.split() == ["e", "*", str(w.user.env("e"))]
    assert str(w.folder / "away") in w.data("env", "list")["envs"]
    w.run("env", "remove", "-y", "-p", str(w.folder / "away"))
    assert str(w.folder / "away") not in w.data("env", "list")["envs"]


@behaviour(57, "env remove: the folder goes, and the registration")
def _(w: World) -> None:
    w.change("create", "-n", "e", "greet")
    w.run("env", "remove", "-y", "-n", "e")
    assert not w.user.env("e").exists()
    assert str(w.user.env("e")) not in (w.folder / ".conda" / "environments.txt").read_text()


@behaviour(58, "env update adds; --prune removes, with what only that needed")
def _(w: World) -> None:
    w.change("create", "-n", "e", "greet")
    file = w.write("environment.yml", "dependencies: [greet-language]\n")
    w.change("env", "update", "-n", "e", "-f", file)
    assert w.user.records("e").keys() == {"greet", "greet-phrases", "greet-language"}
    w.change("env", "update", "-n", "e", "-f", file, "--prune")
    assert w.user.records("e").keys() == {"greet-language"}


@behaviour(59, "env config vars: case, order, = in a value, other state stays")
def _(w: World) -> None:
    w.run("create", "-y", "-n", "e")
    state = w.user.env("e") / "conda-meta" / "state"
    state.write_text('{"version": 1}')
    w.run("env", "config", "vars", "set", "-n", "e", "zed=a=b", "Abc=1")
    shown = w.run("env", "config", "vars", "list", "-n", "e")
    assert shown.splitlines() == ["ZED = a=b", "ABC = 1"]
    w.run("env", "config", "vars", "unset", "-n", "e", "zed")
    assert json.loads(state.read_text()) == {"version": 1, "env_vars": {"ABC": "1"}}


@behaviour(61, "repoquery: order, hints, graph_roots, exit code 0 without a match")
def _(w: World) -> None:
    channel = ("-c", str(w.user.channel), "--override-channels")
    found = w.data("search", "greet", *channel)
    assert found["query"] == {"query": "greet", "type": "search"}
    assert [package["version"] for package in found["result"]["pkgs"]] == ["2.0", "1.0"]
    assert 'No entries matching "nothing" found' in w.run("search", "nothing", *channel)
    document = w.data("repoquery", "depends", "greet", *channel)
    assert document["result"]["graph_roots"][0]["name"] == "greet"
    w.run("create", "-y", "-n", "e")
    shown = w.run("repoquery", "whoneeds", "x", "-n", "e")
    assert "Try looking remotely with '--remote'." in shown


@behaviour(62, "run: no command, a missing folder, a missing environment")
def _(w: World) -> None:
    w.run("create", "-y", "-n", "e")
    w.run("run", "-n", "e", code=1)
    w.run("run", "-n", "e", "--cwd", "/no/where", "true", code=255)
    assert "critical libmamba The given path does not exist:" in w.user.err
    w.run("run", "-n", "nobody", "true", code=1)
    assert "critical libmamba The given prefix does not exist:" in w.user.err


ELSEWHERE: dict[int, tuple[str, tuple[str, ...]]] = {
    11: ("config: each rc location is found, once", (
        "tests/config/test_rc_files.py::test_every_place_is_found_and_the_later_is_stronger",)),
    13: ("config list -s", ("tests/config/test_listing.py::test_the_layout_of_each_kind",)),
    14: ("config list -d, -l, -g", (
        "tests/config/test_listing.py::test_groups_get_one_heading_each",)),
    18: ("config: $var and ${var}", (
        "tests/config/test_rc_files.py::test_variables_are_expanded_after_the_yaml_is_understood",
        "tests/config/test_laws.py::test_expansion_ends_and_leaves_what_is_unknown")),
    29: ("create: explicit files", (
        "tests/e2e/test_spec_files.py::test_an_explicit_file_keeps_its_order",
        "tests/e2e/test_spec_files.py::test_a_wrong_hash_in_an_explicit_file_stops_everything")),
    30: ("create: several explicit files", (
        "tests/e2e/test_spec_files.py::test_several_explicit_files_add_up",)),
    31: ("create: lock files", (
        "tests/e2e/test_locks.py::test_categories_hold_what_their_specs_need",
        "tests/e2e/test_locks.py::test_a_lock_for_other_platforms_says_for_which",
        "tests/e2e/test_locks.py::test_packages_for_pip_in_a_lock_are_installed_by_their_hashes")),
    32: ("create: files by URL", (
        "tests/e2e/test_spec_files.py::test_files_come_from_servers",
        "tests/e2e/test_locks.py::test_a_lock_comes_from_a_server_too")),
    37: ("create: --relocate-prefix", (
        "tests/pkg/test_transaction_paths.py::test_relocate_prefix",)),
    38: ("create: channel priorities", (
        "tests/e2e/test_channels.py::test_the_first_channel_wins_even_with_an_older_version",
        "tests/e2e/test_channels.py::test_without_priority_the_newest_version_wins",
        "tests/e2e/test_channels.py::test_strict_priority_hides_lower_channels")),
    56: ("env export", (
        "tests/cli/test_env_export.py::test_the_layout_is_micromambas",
        "tests/cli/test_env_export.py::test_how_packages_are_written",
        "tests/cli/test_env_export.py::test_an_explicit_file_lists_archives_dependencies_first")),
    60: ("clean --all", (
        "tests/cli/test_clean.py::test_all_takes_archives_folders_indexes_and_the_users_cache",)),
    63: ("run: attached streams", ("tests/e2e/test_run.py::test_only_what_is_listed_is_attached",)),
    64: ("shell: hooks", ("tests/shell/test_hook.py::test_what_others_rely_on",)),
    65: ("shell: init and deinit", (
        "tests/e2e/test_shell_init.py::test_a_new_shell_knows_environments",)),
    66: ("shell: activation", (
        "tests/shell/test_activation_in_shells.py::test_path_is_restored_exactly",
        "tests/shell/test_prefix_facts.py::test_variables_in_order_and_the_users_win",
        "tests/e2e/test_shells.py::test_activating_a_missing_environment_fails_and_changes_nothing",
    )),
    67: (
        "shell: a shell inside an environment",
        ("tests/e2e/test_shell_init.py::test_a_shell_in_an_environment",),
    ),
    68: ("auth: the file, logout", (
        "tests/cli/test_auth.py::test_login",
        "tests/channels/test_credentials.py::test_the_file_is_micromambas")),
    69: ("package: order, owners, the parts of a .conda", (
        "tests/pkg/test_archive_creation.py::test_order_and_owners",
        "tests/pkg/test_archive_creation.py::test_the_parts_of_a_conda",
        "tests/pkg/test_archive_creation.py::test_we_read_what_conda_package_handling_makes")),
    70: ("constructor: records", (
        "tests/cli/test_constructor.py::"
        "test_patched_repodata_has_the_last_word_and_the_index_fills_gaps",)),
    71: ("cache: repaired, read-only ones, safety levels", (
        "tests/pkg/test_cache.py::test_damaged_entries_are_not_used_and_get_replaced",
        "tests/pkg/test_cache.py::test_read_only_caches_in_either_order",
        "tests/pkg/test_cache.py::test_disabled_checks_look_at_no_file")),
    72: ("two creations at once share a cache", (
        "tests/e2e/test_story.py::test_two_creates_at_once_share_a_package_cache",)),
}  # fmt: skip
"""Number -> the behaviour, and the tests of it."""

DIFFERENT = {
    23: "`create` over an environment",
    28: "text spec files",
    30: "explicit files",
    52: "`list`",
}
"""Number -> the row of docs/differences.md that says in what we differ on purpose."""

COUNT = 72


@pytest.mark.parametrize("number", BEHAVIOURS, ids=lambda n: f"{n:02} {BEHAVIOURS[n][0]}")
def test_behaviour(number: int, world: World) -> None:
    BEHAVIOURS[number][1](world)


@pytest.mark.parametrize("number", ELSEWHERE, ids=lambda n: f"{n:02} {ELSEWHERE[n][0]}")
def test_behaviour_has_tests_elsewhere(number: int) -> None:
    for test in ELSEWHERE[number][1]:
        path, _, name = test.partition("::")
        assert f"def {name}" in (ROOT / path).read_text(encoding="utf-8"), test


def test_none_is_forgotten() -> None:
    assert set(range(1, COUNT + 1)) == BEHAVIOURS.keys() | ELSEWHERE.keys()
    assert not BEHAVIOURS.keys() & ELSEWHERE.keys()


def test_differences_are_documented() -> None:
    text = (ROOT / "docs" / "differences.md").read_text(encoding="utf-8")
    assert [area for area in DIFFERENT.values() if f"\n| {area} |" not in text] == []
