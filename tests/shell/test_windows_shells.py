"""PowerShell and cmd.exe as golden text: what quoting has to look like, whatever is in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mm_shell
from mm_shell import ChangePrompt, Changes, Export, Source, Unset
from mm_shell.shells.cmd import assignment
from mm_shell.shells.powershell import quote

CHANGES = Changes(
    (
        Source("C:\\e\\off 100%.bat"),
        Source("C:\\e\\it's.ps1"),
        Unset("OLD"),
        ChangePrompt("", "(e) ", (("PROMPT", "$P$G"),)),
        Export("PATH", "C:\\e;C:\\Windows"),
        Export("SAID", 'say "50%" & $(x) `y`'),
        Export("EMPTY", ""),
    )
)

CMD = """\
@CALL "C:\\e\\off 100%%%%.bat"
@SET "OLD="
@SET "PROMPT=(e) $P$G"
@SET "PATH=C:\\e;C:\\Windows"
@SET SAID=say^ ^"50%%^"^ ^&^ $^(x^)^ `y`
@SET "EMPTY="
"""

POWERSHELL = """\
. 'C:\\e\\it''s.ps1'
Remove-Item -LiteralPath Env:OLD -ErrorAction SilentlyContinue
$Env:PATH = 'C:\\e;C:\\Windows'
$Env:SAID = 'say "50%" & $(x) `y`'
$Env:EMPTY = ''
"""


def test_golden() -> None:
    assert mm_shell.render(CHANGES, "cmd.exe") == CMD
    assert mm_shell.render(CHANGES, "powershell") == POWERSHELL


@pytest.mark.parametrize("value", ["a\nb", "\r", "\x1a"])
def test_line_breaks_are_beyond_cmd(value: str) -> None:
    with pytest.raises(mm_shell.NotExpressible):
        mm_shell.render(Changes((Export("A", value),)), "cmd.exe")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0\x1a")))
def test_cmd_sees_one_assignment(value: str) -> None:
    words = assignment("A", value)
    if words.startswith('"'):
        inner = words[1:-1]
        assert '"' not in inner  # nothing ends the quotes
    else:
        # Every special character is behind a caret; a doubled % is one.
        assert not re.search(r'(?<!\^)(?:\^\^)*["&|<>()]', words)
        inner = re.sub(r"\^(.)", r"\1", words, flags=re.S)
    assert inner.replace("%%", "%") == f"A={value}"
    assert inner.count("%") % 2 == 0


@given(st.text(st.characters(exclude_categories=())))
def test_powershell_sees_one_literal(value: str) -> None:
    text = quote(value)
    assert text.isascii()
    assert text.isprintable()
    read = ""
    piece = r"'((?:[^']|'')*)'|\(-join \[char\[\]\]\(([0-9A-Fx,]+)\)\)"
    assert re.fullmatch(rf"\(?(?:{piece})(?: \+ (?:{piece}))*\)?", text)
    for plain, codes in re.findall(piece, text):
        read += plain.replace("''", "'")
        units = b"".join(int(c, 16).to_bytes(2, "little") for c in codes.split(",") if c)
        read += units.decode("utf-16-le", "surrogatepass")
    units = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    assert read == units


def test_powershell_hook_as_others_read_it() -> None:
    lines = mm_shell.hook("powershell", "C:\\m m\\micromamba.exe", "C:\\mm").splitlines()
    assert lines[1] == "$Env:MAMBA_EXE='C:\\m m\\micromamba.exe'"
    assert lines[2].startswith("## AFTER PARAM ####")
    assert not any(line.startswith("param([") or "Export-ModuleMember" in line for line in lines)


def test_batch_files() -> None:
    shell = mm_shell.find_shell("cmd.exe")
    files = shell.files("C:\\100% mm\\mamba.exe", "C:\\r r")
    assert set(files) == {
        "C:\\r r\\condabin\\mamba.bat",
        "C:\\r r\\condabin\\_mamba_activate.bat",
        "C:\\r r\\condabin\\mamba_hook.bat",
        "C:\\r r\\condabin\\activate.bat",
        "C:\\r r\\Scripts\\activate.bat",
    }
    hook = files["C:\\r r\\condabin\\mamba_hook.bat"]
    assert '@SET "MAMBA_EXE=C:\\100%% mm\\mamba.exe"' in hook
    assert '@DOSKEY mm="C:\\r r\\condabin\\mamba.bat" $*' in hook
    assert '@SET "PATH=C:\\r r\\condabin;%PATH%"' in hook
    assert shell.hook("C:\\x\\micromamba.exe", "C:\\r") == ""
