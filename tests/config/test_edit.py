"""Editing configuration files: what comes out, to the byte; and what is refused."""

from __future__ import annotations

import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import mm_config
from mm_config import RcEditor, edited_path, written_text
from mm_config.atomic_file import replace_file

MINE = """\
# mine
channels:   # order matters
  - conda-forge  # the usual
  # the lab's own
  - "https://lab/a b"
always_yes: no   # hm

custom_channels: {lab: 'https://lab', x: "y"}
proxy_servers:
    http: http://p   # one
    # two
    https: http://q
# end
"""

CHANGES: dict[str, tuple[str, tuple[Any, ...], str]] = {
    "a scalar keeps its comment's column": (
        "always_yes: no   # hm\n",
        ("set", "always_yes", "1"),
        "always_yes: true # hm\n",
    ),
    "quotes stay": ("env_prompt: 'x'\n", ("set", "env_prompt", "y"), "env_prompt: 'y'\n"),
    "what is nothing in YAML is quoted": ("", ("set", "env_prompt", "~"), "env_prompt: '~'\n"),
    "words of YAML are the setting's own": ("", ("set", "ssl_verify", "no"), "ssl_verify: no\n"),
    "an empty text": ("", ("set", "cacert_path", ""), "cacert_path: ''\n"),
    "an item moves with its comment": (
        "channels:\n  - a  # one\n  # of b\n  - b\n",
        ("append", "channels", ["c", "a"]),
        "channels:\n  # of b\n  - b\n  - c\n  - a  # one\n",
    ),
    "items at the beginning": (
        "channels:\n# first\n- a\n- b",
        ("prepend", "channels", ["x: y"]),
        "channels:\n# first\n- 'x: y'\n- a\n- b",
    ),
    "a last line gets its end": (
        "channels:\n- a\n- b",
        ("append", "channels", ["c"]),
        "channels:\n- a\n- b\n- c\n",
    ),
    "a flow list keeps its brackets and quotes": (
        "channels: ['a', b]\n",
        ("append", "channels", ["c", "d e"]),
        "channels: ['a', b, c, d e]\n",
    ),
    "a new list follows the file's style": (
        "channels:\n- a\n",
        ("append", "pinned_packages", ["numpy <2"]),
        "channels:\n- a\npinned_packages:\n- numpy <2\n",
    ),
    "a new setting comes last": (
        "# a\n\njson: yes",
        ("set", "quiet", "1"),
        "# a\n\njson: yes\nquiet: true\n",
    ),
    "an empty map becomes lines": ("{}\n", ("set", "json", "on"), "json: true\n"),
    "a map in brackets stays one": (
        "{json: true, quiet: no}\n",
        ("set", "quiet", "yes"),
        "{json: true, quiet: true}\n",
    ),
    "other documents stay behind": (
        "---\nchannels:\n- a\n...\n---\nx: 1\n",
        ("set", "json", "1"),
        "---\nchannels:\n- a\njson: true\n...\n---\nx: 1\n",
    ),
    "line ends are the file's": (
        "channels:\r\n- a\r\n",
        ("append", "channels", ["b"]),
        "channels:\r\n- a\r\n- b\r\n",
    ),
    "line ends are the file's after comments, too": (
        "json: no # a\r\nquiet: no\r\n",
        ("set", "json", "1"),
        "json: true # a\r\nquiet: no\r\n",
    ),
    "a list that another refers to": (
        "channels: &c [a]\ndefault_channels: *c\n",
        ("append", "default_channels", ["b"]),
        "channels: &c [a]\ndefault_channels:\n  - a\n  - b\n",
    ),
    "an alias is the setting's place": ("yes: 1\n", ("set", "always_yes", "0"), "yes: false\n"),
    "of a name given twice one is left": (
        "json: 1\nquiet: 1\njson: 0\n",
        ("set", "json", "1"),
        "quiet: 1\njson: true\n",
    ),
    "one entry of a map": (
        "proxy_servers:\n    http: http://p   # one\n    # two\n    https: http://q\n",
        ("remove", "proxy_servers", "http"),
        "proxy_servers:\n    # two\n    https: http://q\n",
    ),
    "the last entry takes its map along": (
        "proxy_servers: {http: p}\njson: 1\n",
        ("remove_key", "proxy_servers.http"),
        "json: 1\n",
    ),
    "a map entry with dots in its name": (
        "",
        ("set", "proxy_servers.http://a.example.org", "http://p"),
        "proxy_servers:\n  http://a.example.org: http://p\n",
    ),
    "a whole map": (
        "",
        ("set", "custom_multichannels", "{me: [a, b]}"),
        "custom_multichannels:\n  me:\n    - a\n    - b\n",
    ),
    "a list inside a map": (
        "custom_multichannels:\n  me: [a]\n",
        ("append", "custom_multichannels.me", ["b"]),
        "custom_multichannels:\n  me: [a, b]\n",
    ),
    "an item, wherever it is": (
        "channels: [a, b, a]\n",
        ("remove", "channels", "a"),
        "channels: [b]\n",
    ),
    "the last item takes its list along": (
        "json: 1\nchannels:\n  - a\n  # of a\n# of quiet\nquiet: 1\n",
        ("remove", "channels", "a"),
        "json: 1\n# of quiet\nquiet: 1\n",
    ),
    "a text of several lines": (
        "env_prompt: |\n  a\njson:   1\n",
        ("remove_key", "env_prompt"),
        "json:   1\n",
    ),
    "what is no setting can go": (
        "chanels: [a]\njson: 1\n",
        ("remove_key", "chanels"),
        "json: 1\n",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes(name: str) -> None:
    text, (operation, *arguments), expected = CHANGES[name]
    editor = RcEditor("x", text)
    getattr(editor, operation)(*arguments)
    assert editor.text == expected


def test_many_changes_of_one_file() -> None:
    editor = RcEditor("x", MINE)
    editor.append("channels", ["new", "conda-forge"])
    editor.set("always_yes", "true")
    editor.set("custom_channels.z", "b")
    assert editor.remove_key("custom_channels.lab")
    assert editor.remove("proxy_servers", "http")
    editor.set("download_threads", "7")
    assert editor.text == (
        "# mine\nchannels:   # order matters\n  # the lab's own\n"
        '  - "https://lab/a b"\n  - new\n  - conda-forge  # the usual\n'
        'always_yes: true # hm\n\ncustom_channels: {x: "y", z: b}\n'
        "proxy_servers:\n    # two\n    https: http://q\n# end\ndownload_threads: 7\n"
    )


@pytest.mark.parametrize(
    ("operation", "arguments", "error"),
    [
        ("set", ("chanels", "x"), "Invalid key 'chanels'"),
        ("set", ("dry_run", "true"), "Invalid key 'dry_run'"),
        ("set", ("channels.x", "true"), "Invalid key 'channels.x'"),
        ("set", ("proxy_servers.", "true"), "Invalid key"),
        ("set", ("offline", "perhaps"), "neither true nor false"),
        ("set", ("download_threads", "-1"), "less than 0"),
        ("set", ("channel_priority", "stric"), "none of strict"),
        ("set", ("custom_channels", "[a]"), "a map is needed"),
        ("set", ("custom_channels", "{a: [b"), "not valid YAML"),
        ("set", ("json.x", "1"), "Invalid key"),
        ("append", ("offline", ["a"]), "Invalid sequence key 'offline'"),
        ("append", ("custom_channels.lab", ["a"]), "Invalid sequence key"),
        ("append", ("channels", ["a"]), "is no list"),
        ("append", ("custom_multichannels.x", ["a"]), "is no map"),
    ],
)
def test_what_is_refused_changes_nothing(
    operation: str, arguments: tuple[Any, ...], error: str
) -> None:
    text = "channels: a\ncustom_multichannels: [a]\n"
    editor = RcEditor("x", text)
    with pytest.raises(mm_config.ConfigError) as caught:
        getattr(editor, operation)(*arguments)
    assert error in caught.value.message
    assert caught.value.hint
    assert "\n" not in caught.value.message
    assert editor.text == text
    assert not editor.changed


BOMB = "x: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 10)}]\n"
    for before, name in zip("abcde", "bcdef", strict=True)
)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- a\n", "holds no settings"),
        ("a: [b\n", "line 2"),
        ("a: !!python/object:os.system [x]\n", "YAML tag"),
        ("a: " + "[" * 100_000, "YAML"),
        (BOMB, "too many values"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_edited(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "rc"
    path.write_text(text)
    with pytest.raises(mm_config.RcFileError) as caught:
        RcEditor.open(str(path))
    assert problem in caught.value.message
    assert path.read_text() == text


def test_a_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / ".condarc"
    with pytest.raises(mm_config.RcFileError, match="RC file does not exist at"):
        RcEditor.open(str(path))
    editor = RcEditor.open(str(path), create=True)
    editor.set("json", "true")
    assert not path.parent.exists()
    assert editor.save()
    assert path.read_text() == "json: true\n"
    assert not editor.save()
    assert [each.name for each in path.parent.iterdir()] == [".condarc"]


def test_two_editors_of_one_file_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "rc"
    path.write_text("channels:\n  - a\njson: no\n")
    mine, theirs = RcEditor.open(str(path)), RcEditor.open(str(path))
    theirs.append("channels", ["theirs"])
    theirs.remove_key("json")
    mine.prepend("channels", ["mine"])
    mine.remove("channels", "a")
    mine.set("quiet", "1")
    assert theirs.save()
    assert mine.save()
    assert path.read_text() == "channels:\n  - mine\n  - theirs\nquiet: true\n"
    assert mine.value("channels") == ["mine", "theirs"]


def test_a_list_that_was_emptied_keeps_what_another_adds(tmp_path: Path) -> None:
    path = tmp_path / "rc"
    path.write_text("channels: [a]\n")
    mine, theirs = RcEditor.open(str(path)), RcEditor.open(str(path))
    assert mine.remove("channels", "a")
    theirs.append("channels", ["b"])
    theirs.save()
    mine.save()
    assert path.read_text() == "channels: [b]\n"


def test_a_change_that_no_longer_fits_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rc"
    path.write_text("json: no\n")
    mine = RcEditor.open(str(path))
    mine.append("channels", ["a"])
    path.write_text("channels: {x: y}\n")
    with pytest.raises(mm_config.BadValue, match="is no list"):
        mine.save()
    assert path.read_text() == "channels: {x: y}\n"
    assert list(tmp_path.iterdir()) == [path]


def test_many_editors_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new" / "rc"
    start = threading.Barrier(8)

    def add(number: int) -> None:
        editor = RcEditor.open(str(path), create=True)
        editor.append("channels", [f"c{number}"])
        start.wait()
        editor.save()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(8)))
    assert sorted(RcEditor.open(str(path)).value("channels") or ()) == [f"c{n}" for n in range(8)]
    assert [each.name for each in path.parent.iterdir()] == ["rc"]


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    editor = RcEditor(str(pipe))
    editor.set("json", "true")
    with pytest.raises(mm_config.RcFileError, match="no file that can be replaced"):
        editor.save()
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    with pytest.raises(OSError, match="It is no file"):
        replace_file(str(pipe), b"x")
    assert [each.name for each in tmp_path.iterdir()] == ["pipe"]


def test_a_link_stays_a_link_and_permissions_stay(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "rc"
    real.parent.mkdir()
    real.write_text("\ufeffjson: no\n")
    real.chmod(0o640)
    link = tmp_path / ".condarc"
    link.symlink_to(real)
    editor = RcEditor.open(str(link))
    editor.set("json", "true")
    assert editor.save()
    assert link.is_symlink()
    assert real.read_text() == "\ufeffjson: true\n"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    editor = RcEditor.open(str(tmp_path / "rc"), create=True)
    editor.path = str(tmp_path / "file" / "rc")
    editor.set("json", "true")
    with pytest.raises(mm_config.RcFileError, match="cannot be written"):
        editor.save()


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rc"
    path.write_text("json: no\n")
    editor = RcEditor.open(str(path))
    editor.set("json", "true")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(mm_config.RcFileError, match="No space left"):
        editor.save()
    assert path.read_text() == "json: no\n"
    assert list(tmp_path.iterdir()) == [path]


def test_the_difference() -> None:
    editor = RcEditor("x", "json: no\n", label="~/.condarc")
    assert editor.difference() == ""
    editor.set("json", "true")
    assert editor.difference().splitlines()[2:] == ["@@ -1 +1 @@", "-json: no", "+json: true"]


def test_which_file_is_edited(home: Any) -> None:
    config = home.load({"target_prefix": str(home.root / "envs" / "x")}, system_dirs=["/etc/conda"])
    assert edited_path(config) == str(home.path / ".condarc")
    assert edited_path(config, system=True) == "/etc/conda/.condarc"
    assert edited_path(config, environment=True) == str(home.root / "envs" / "x" / ".condarc")
    assert edited_path(config, file="~/rc") == str(home.path / "rc")
    assert edited_path(config, file="rc") == str(home.folder / "rc")
    config = home.load(rules=mm_config.PrefixRules.none())
    with pytest.raises(mm_config.NoTargetPrefix):
        edited_path(config, environment=True)


def test_values_as_text_have_no_secrets() -> None:
    assert written_text("x", None) == "x: ~"
    assert written_text("channels", []) == "channels: []"
    assert written_text("proxy_servers", {}) == "proxy_servers: {}"
    shown = written_text("m", {"lab": ["https://u:secret@h/t/tk-1/x"], "p": "u:secret@h"})
    assert shown == "m:\n  lab:\n    - https://u:*****@h/t/*****/x\n  p: u:*****@h"
