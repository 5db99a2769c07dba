"""Environments as a whole: cloned, renamed, exported, restored, removed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time

import pexpect
import pytest
from harness import PROGRAM, Micromamba, Story, world


def same(mm: Micromamba, name: str) -> dict[str, tuple[str, str]]:
    return {n: (r["url"], r["sha256"]) for n, r in mm.records(name).items()}


def test_a_python_environment_works_under_its_other_names(story: Story, warm_mm) -> None:
    mm = warm_mm
    mm("create", "-y", "-n", "one", "-c", story.url, "python=3.11", "flask")
    made = same(mm, "one")
    tool = mm.env("one") / "bin" / "tool"
    tool.write_text(f"#!{mm.env('one')}/bin/python\nimport sys; print(sys.prefix)\n")
    tool.chmod(0o755)
    mm("create", "-y", "-n", "two", "--clone", "one")
    mm("env", "rename", "-y", "-n", "one", "three")
    assert same(mm, "two") == same(mm, "three") == made
    assert not mm.env("one").exists()
    for name in ("two", "three"):
        shown = mm("run", "-n", name, "python", "-c", "import flask, sys; print(sys.prefix)").out
        assert shown == f"{mm.env(name)}\n"
        assert "Flask" in mm("run", "-n", name, "flask", "--version").out
    assert mm("run", "-n", "three", "tool").out == f"{mm.env('three')}\n"


@pytest.mark.parametrize("words", [[], ["--explicit", "--sha256"]], ids=["yaml", "explicit"])
def test_an_export_makes_the_same_environment(story: Story, warm_mm, words: list[str]) -> None:
    mm = warm_mm
    path = mm.home / ("e.txt" if words else "e.yml")
    path.write_text(mm("env", "export", "-p", story.prefix, *words).out)
    mm("create", "-y", "-n", "again", "-f", path)
    assert same(mm, "again") == same(story.mm, "demo")
    assert mm("env", "diff", story.prefix, "again", "--exit-code").out.endswith("No differences.\n")


@pytest.mark.parametrize("words", [[], ["--md5"], ["--channel-subdir"], ["-e"]], ids=str)
def test_exports_of_packages_from_two_channels(mm, build_channel, words: list[str]) -> None:
    """Channels are exported by name, so they may come in another order of priority."""
    first = build_channel("z", {"a-1.0": {"files": {"z": "1"}}, "b-1.0": {"files": {"b": "z"}}})
    second = build_channel("a", {"a-2.0": {}, "c-1.0": {}, "b-1.0": {"files": {"b": "a"}}})
    asked = ["a", "c"] if not words else ["a", "b", "c"]
    mm("create", "-y", "-n", "e", "-c", first, "-c", second, *asked)
    assert mm.records("e")["a"]["version"] == "1.0"
    path = mm.home / ("e.txt" if "-e" in words else "e.yml")
    path.write_text(mm("env", "export", "-n", "e", *words).out)
    mm("create", "-y", "-n", "again", "-f", path, "--override-channels")
    assert same(mm, "again") == same(mm, "e")


def test_revisions_lead_forth_and_back(story: Story, warm_mm) -> None:
    mm, channel = warm_mm, ("-c", story.url)
    mm("create", "-y", "-n", "e", *channel, "python=3.11", "click")
    first = same(mm, "e")
    mm("install", "-y", "-n", "e", *channel, "rich")
    second = same(mm, "e")
    mm("remove", "-y", "-n", "e", "--all")
    for number, expected in ((0, first), (1, second), (2, {}), (1, second)):
        mm("install", "-y", "-n", "e", "--revision", str(number))
        assert same(mm, "e") == expected
    mm("run", "-n", "e", "python", "-c", "import rich, click")
    asked = mm("env", "export", "-n", "e", "--from-history", "--json").json()["dependencies"]
    assert asked == ["click", "python=3.11", "rich"]


def test_a_revision_that_left_the_cache_is_fetched_again(mm, small_channel, serve) -> None:
    server = serve(small_channel)
    mm("create", "-y", "-n", "e", "-c", server.url, "greet=1")
    mm("install", "-y", "-n", "e", "-c", server.url, "greet>=2")
    shutil.rmtree(mm.root / "pkgs")
    asked = len(server.requests())
    mm("install", "-y", "-n", "e", "--revision", "0")
    fetched = [r["path"] for r in server.requests()[asked:] if "/greet-" in r["path"]]
    assert fetched == ["/noarch/greet-1.0-demo_0.conda"]
    assert mm.records("e")["greet"]["version"] == "1.0"


def test_a_history_holds_no_secret_and_settings_bring_it_back(mm, small_channel, serve) -> None:
    server = serve(small_channel, auth="token:tk-secret")
    channel = ("-c", server.url.replace("127.0.0.1", "127.0.0.1", 1) + "/t/tk-secret")
    mm("create", "-y", "-n", "e", *channel, "greet=1")
    mm("install", "-y", "-n", "e", *channel, "greet>=2")
    shutil.rmtree(mm.root / "pkgs")
    assert "tk-secret" not in (mm.env("e") / "conda-meta" / "history").read_text()
    mm("install", "-y", "-n", "e", "--revision", "0", *channel)
    assert mm.records("e")["greet"]["version"] == "1.0"


def quick(mm: Micromamba, channel) -> None:
    mm("create", "-y", "-q", "-n", "e", "-c", channel, "greet")
    (mm.env("e") / "mine").write_text("x")


@pytest.mark.parametrize("delay", [0.1, 0.2, 0.3])
def test_a_killed_rename_loses_nothing(mm: Micromamba, small_channel, delay: float) -> None:
    quick(mm, small_channel)
    words = ("env", "rename", "-y", "-n", "e", "new")
    process = subprocess.Popen([str(PROGRAM), *words], env=mm.environ, stdout=subprocess.DEVNULL)
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.wait()
    there = [name for name in ("e", "new") if mm.run("list", "-n", name).code == 0]
    assert there
    whole = [name for name in there if (mm.env(name) / "mine").exists()]
    assert whole
    assert mm.records(whole[-1]).keys() == {"greet", "greet-phrases", "greet-language"}
    if "e" in there:  # what was begun can be begun again
        assert "mine" in os.listdir(mm.env("e"))
        if "new" in there:
            mm("env", "remove", "-y", "-n", "new")
        mm(*words)
    assert (mm.env("new") / "mine").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("env", "remove", "-n", "e"),
        ("env", "rename", "-n", "e", "new"),
        ("create", "-n", "new", "--clone", "e"),
        ("install", "-n", "e", "--revision", "0"),
        ("env", "update", "-n", "e", "-f", "e.txt", "--prune", "-c", "CHANNEL"),
    ],
    ids=lambda words: words[1] if words[0] == "env" else words[0],
)
def test_ctrl_c_at_the_question_changes_nothing(
    mm: Micromamba, small_channel, words: tuple[str, ...]
) -> None:
    quick(mm, small_channel)
    mm("install", "-y", "-q", "-n", "e", "-c", small_channel, "greet=1")
    (mm.home / "e.txt").write_text("greet-language\n")
    before, history = same(mm, "e"), (mm.env("e") / "conda-meta" / "history").read_bytes()
    given = [str(small_channel) if word == "CHANNEL" else word for word in words]
    child = pexpect.spawn(
        str(PROGRAM), given, env=mm.environ, cwd=str(mm.home), encoding="utf-8", timeout=60
    )
    try:
        child.expect(r"Confirm changes: \[Y/n\] ")
        child.sendintr()
        child.expect(pexpect.EOF)
        child.wait()
    finally:
        child.close(force=True)
    assert child.exitstatus == 130
    assert same(mm, "e") == before
    assert (mm.env("e") / "conda-meta" / "history").read_bytes() == history
    assert not mm.env("new").exists()


WRONG = {
    "export of nothing": (("env", "export", "-n", "missing"), 1),
    "remove of nothing": (("env", "remove", "-n", "missing"), 1),
    "remove without a name": (("env", "remove"), 1),
    "remove of base": (("env", "remove", "-n", "base"), 1),
    "rename of nothing": (("env", "rename", "-n", "missing", "x"), 1),
    "rename to nothing": (("env", "rename", "-n", "e"), 106),
    "update of nothing": (("env", "update", "-n", "missing", "-f", "FILE"), 1),
    "update without a file": (("env", "update", "-n", "e"), 1),
    "update with a missing file": (("env", "update", "-n", "e", "-f", "missing.yml"), 1),
    "update unsolvable": (("env", "update", "-n", "e", "-c", "CHANNEL", "greet>9"), 1),
    "update unreachable": (("env", "update", "-n", "e", "-c", "http://127.0.0.1:9/x", "a"), 1),
    "variables of nothing": (("env", "config", "vars", "list", "-n", "missing"), 1),
    "variable without a value": (("env", "config", "vars", "set", "-n", "e", "X"), 1),
    "no variable": (("env", "config", "vars", "unset", "-n", "e"), 106),
    "diff of nothing": (("env", "diff", "e", "missing"), 1),
    "diff of one": (("env", "diff", "e"), 106),
    "clone of nothing": (("create", "-n", "x", "--clone", "missing"), 1),
    "unknown revision": (("install", "-n", "e", "--revision", "99"), 1),
    "no number": (("install", "-n", "e", "--revision", "last"), 104),
    "unknown subcommand": (("env", "frobnicate"), 109),
    "unknown option": (("env", "export", "--frobnicate"), 109),
}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Micromamba:
    """A world with one environment, ``e``, which holds nothing; the tests do not change it."""
    mm = world(tmp_path_factory.mktemp("empty"))
    mm("create", "-y", "-q", "-n", "e")
    (mm.home / "specs.txt").write_text("greet\n")
    return mm


@pytest.mark.parametrize(("words", "code"), WRONG.values(), ids=WRONG)
def test_one_document_on_failure(
    empty: Micromamba, small_channel, words: tuple[str, ...], code: int
) -> None:
    known = {"CHANNEL": str(small_channel), "FILE": "specs.txt"}
    done = empty.run(*[known.get(w, w) for w in words], "--json", MAMBA_REMOTE_MAX_RETRIES="0")
    assert done.code == code, str(done)
    document = done.json()
    assert document["success"] is False
    assert document["error"]["code"] == code
    assert document["error"]["message"]
    assert "Traceback" not in done.err
    assert empty.records("e") == {}
    assert not empty.env("x").exists()
