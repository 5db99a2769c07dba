"""Blocks in start-up files, files replaced as a whole, the registry of cmd.exe: as data."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mm_shell
from mm_shell.autorun import with_hook, without_hook
from mm_shell.block import block_in, with_block, without_block
from mm_shell.file_edit import FileEdit

EXECUTABLE, MARKS = "/opt/my mm/micromamba", ("# >>> a >>>", "# <<< a <<<")
ON_ANY_SYSTEM = [each for each in mm_shell.SUPPORTED if each not in ("powershell", "cmd.exe")]
LINES = st.lists(st.sampled_from(["", "a", "  b", "# >>> other >>>", "\ufeffc", "é\r"]), max_size=5)
TEXTS = st.builds(lambda lines, last: "\n".join(lines) + last, LINES, st.sampled_from(["", "\n"]))
WORDS = st.sampled_from(["", "export A='1'", "  x"])
BODIES = st.lists(WORDS, min_size=1, max_size=3).map("\n".join)


@given(TEXTS, BODIES, BODIES, TEXTS)
def test_block_comes_and_goes_without_a_trace(
    text: str, body: str, other: str, behind: str
) -> None:
    once = with_block(text, body, MARKS)
    assert with_block(once, body, MARKS) == once
    assert without_block(once, MARKS) == text
    assert body.rstrip("\n").replace("\r", "").split("\n")[0] in once
    moved = once + behind
    assert without_block(with_block(moved, other, MARKS), MARKS) == text + behind


def test_second_block_goes() -> None:
    twice = with_block("", "a", MARKS) + "kept\n" + with_block("", "b", MARKS)
    assert with_block(twice, "c", MARKS) == with_block("", "c", MARKS) + "kept\n"


def test_line_ends_of_the_file_are_kept() -> None:
    text = with_block("a\r\n", "b\nc\n", MARKS)
    assert text.count("\n") == text.count("\r\n")
    assert without_block(text, MARKS) == "a\r\n"


@pytest.mark.parametrize("text", ["# >>> a >>>\nx\n", "y\n# >>> a >>>"])
def test_block_without_an_end_is_left_alone(text: str) -> None:
    for act in (lambda: with_block(text, "b", MARKS, "/rc"), lambda: without_block(text, MARKS)):
        with pytest.raises(mm_shell.BrokenBlock):
            act()
    assert block_in("", MARKS) == ""


def test_marks_within_paths_are_refused() -> None:
    with pytest.raises(mm_shell.BrokenBlock):
        with_block("", f"export A='x\n{MARKS[1]}\n'", MARKS)


@pytest.mark.parametrize("shell", ON_ANY_SYSTEM)
@pytest.mark.parametrize("content", [None, b"", b"# mine", b"# mine \xff\xfe\n\r\n"])
def test_init_and_deinit(shell: str, content: bytes | None, tmp_path: Path) -> None:
    root, home = str(tmp_path / "root"), str(tmp_path / "home")
    (rc,) = mm_shell.find_shell(shell).startup_files(home, {})
    if content is not None:
        os.makedirs(os.path.dirname(rc))
        Path(rc).write_bytes(content)
        Path(rc).chmod(0o640)
    arguments = (shell, EXECUTABLE, root)
    places = {"home": home, "environ": {}}
    plan = mm_shell.plan_init(*arguments, **places)
    assert not Path(root).exists()
    assert plan[-1 if shell == "nu" else 0].path == rc
    assert all(edit.diff() for edit in plan)
    for edit in plan:
        edit.apply()
    assert mm_shell.plan_init(*arguments, **places) == ()
    assert shell in mm_shell.initialised_shells(home, {})
    if content is not None:
        assert Path(rc).stat().st_mode & 0o777 == 0o640
        assert Path(rc + ".mamba-backup").read_bytes() == content
    moved = mm_shell.plan_init(shell, "/elsewhere/micromamba", root, **places)
    assert rc in [edit.path for edit in moved]
    for edit in mm_shell.plan_deinit(*arguments, **places):
        edit.apply()
    assert Path(rc).read_bytes() == (content or b"")
    assert not Path(root).exists()
    assert mm_shell.plan_deinit(*arguments, **places) == ()
    assert mm_shell.initialised_shells(home, {}) == []


def test_places_that_the_environment_names() -> None:
    def file(shell: str, **environ: str) -> str:
        return mm_shell.find_shell(shell).startup_files("/h", environ)[0]

    assert file("zsh", ZDOTDIR="/z") == "/z/.zshrc"
    assert file("fish", XDG_CONFIG_HOME="/x") == "/x/fish/config.fish"
    assert file("nu", XDG_CONFIG_HOME="/x") == "/x/nushell/config.nu"


def test_cshrc_is_not_hidden_by_a_new_tcshrc(tmp_path: Path) -> None:
    tcsh = mm_shell.find_shell("tcsh")
    assert tcsh.startup_files(str(tmp_path), {}) == (str(tmp_path / ".tcshrc"),)
    (tmp_path / ".cshrc").touch()
    assert tcsh.startup_files(str(tmp_path), {}) == (str(tmp_path / ".cshrc"),)
    (tmp_path / ".tcshrc").touch()
    assert tcsh.startup_files(str(tmp_path), {}) == (str(tmp_path / ".tcshrc"),)


def test_link_to_a_start_up_file_stays_one(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles", tmp_path / ".bashrc"
    real.write_text("a")
    link.symlink_to(real)
    FileEdit(str(link), b"a", b"b", backup=True).apply()
    assert link.is_symlink()
    assert real.read_text() == "b"
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        ".bashrc",
        "dotfiles",
        "dotfiles.mamba-backup",
    ]


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / ".bashrc"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    with pytest.raises(OSError, match="no file that can be replaced"):
        FileEdit(str(link), b"", b"x", backup=True).apply()
    assert pipe.is_fifo()
    assert link.is_symlink()
    assert len(list(tmp_path.iterdir())) == 2


def test_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "rc"
    file.write_text("newer")
    with pytest.raises(OSError, match="changed"):
        FileEdit(str(file), b"older", b"x").apply()
    assert file.read_text() == "newer"


def test_failed_write_leaves_the_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "rc"
    file.write_text("a")

    def fail(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="space"):
        FileEdit(str(file), b"a", b"b").apply()
    assert [each.name for each in tmp_path.iterdir()] == ["rc"]
    assert file.read_text() == "a"


class Registry:
    value = 'prompt $G & "C:\\x\\condabin\\mamba_hook.bat" && echo "a & b"'

    def get(self) -> str:
        return self.value

    def set(self, value: str) -> None:
        self.value = value


def test_registry_of_cmd(tmp_path: Path) -> None:
    registry = Registry()
    registry.value = "prompt $G"
    arguments = ("cmd.exe", "C:\\mm\\micromamba.exe", str(tmp_path))
    places = {"home": "/h", "environ": {}, "registry": registry}
    plan = mm_shell.plan_init(*arguments, **places)
    assert "+prompt $G & " in plan[0].diff()
    assert registry.value == "prompt $G"
    for edit in plan:
        edit.apply()
    assert registry.value == f'prompt $G & "{tmp_path}/condabin/mamba_hook.bat"'
    assert mm_shell.plan_init(*arguments, **places) == ()
    assert "cmd.exe" in mm_shell.initialised_shells("/h", {}, registry)
    for edit in mm_shell.plan_deinit(*arguments, **places):
        edit.apply()
    assert registry.value == "prompt $G"
    assert list(tmp_path.iterdir()) == [] if tmp_path.exists() else True


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '"h mamba_hook.bat"'),
        ("a", 'a & "h mamba_hook.bat"'),
        ("mamba_hook.bat&b", '"h mamba_hook.bat" & b'),
    ],
)
def test_other_commands_of_cmd_are_kept(before: str, after: str) -> None:
    assert with_hook(before, '"h mamba_hook.bat"') == after
    assert "mamba_hook" not in without_hook(after)


def test_no_registry_and_no_powershell_here() -> None:
    for shell in ("cmd.exe", "powershell"):
        with pytest.raises(mm_shell.NoStartupFile):
            mm_shell.plan_init(shell, "/x/micromamba", "/r", home="/h", environ={"PATH": "/none"})


def test_powershell_is_asked_for_its_profile(tmp_path: Path) -> None:
    profile = tmp_path / "profiles" / "profile.ps1"
    program = tmp_path / "pwsh"
    program.write_text(f"#!/bin/sh\necho '{profile}'\n")
    program.chmod(0o755)
    arguments = ("powershell", EXECUTABLE, str(tmp_path / "root"))
    places = {"home": "/h", "environ": {"PATH": str(tmp_path)}}
    for edit in mm_shell.plan_init(*arguments, **places):
        edit.apply()
    text = profile.read_text()
    assert text.startswith("\n#region mamba initialize\n")
    assert text.endswith("#endregion\n")
    assert mm_shell.initialised_shells("/h", {"PATH": str(tmp_path)}) == ["powershell"]
    for edit in mm_shell.plan_deinit(*arguments, **places):
        edit.apply()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["pwsh"]
