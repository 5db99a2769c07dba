"""Changes as code: the exact lines that others look for, and quoting that holds."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mm_shell
from mm_shell.shells.posix import quote


def _facts(prefix: str) -> mm_shell.PrefixFacts:
    folder = f"{prefix}/etc/conda"
    return mm_shell.PrefixFacts(
        {"MY_VAR": "it's", "EMPTY": ""},
        (f"{folder}/activate.d/a.csh", f"{folder}/activate.d/b c.sh"),
        (f"{folder}/deactivate.d/b c.sh",),
    )


BEFORE = {"PATH": "/mm/condabin:/bin", "CONDA_SHLVL": "0", "PS1": "\\u's $ ", "MY_VAR": "old"}

ENTERED = r"""PS1='(py) \u'"'"'s $ '
export __CONDA_SHLVL_0_MY_VAR='old'
export MY_VAR='it'"'"'s'
export EMPTY=''
export __MM_SHLVL_0_SET='MY_VAR EMPTY'
export PATH='/mm/envs/py/bin:/mm/condabin:/bin'
export CONDA_PREFIX='/mm/envs/py'
export CONDA_SHLVL='1'
export CONDA_DEFAULT_ENV='py'
export CONDA_PROMPT_MODIFIER='(py) '
. '/mm/envs/py/etc/conda/activate.d/b c.sh'
"""

LEFT = r"""export PATH='/mm/condabin:/bin'
. '/mm/envs/py/etc/conda/deactivate.d/b c.sh'
unset __CONDA_SHLVL_0_MY_VAR
unset EMPTY
unset __MM_SHLVL_0_SET
unset CONDA_PREFIX
unset CONDA_DEFAULT_ENV
unset CONDA_PROMPT_MODIFIER
PS1='\u'"'"'s $ '
export MY_VAR='old'
export CONDA_SHLVL='0'
"""


@pytest.mark.parametrize("shell", ["bash", "zsh", "posix", "dash", "ksh", "mksh"])
def test_posix(shell: str) -> None:
    entered = mm_shell.activate(BEFORE, "/mm/envs/py", "/mm", facts=_facts)
    assert mm_shell.render(entered, shell) == ENTERED
    left = mm_shell.deactivate(entered.apply(BEFORE), "/mm", facts=_facts)
    assert mm_shell.render(left, shell) == LEFT


def test_nothing_to_do_is_no_code() -> None:
    assert mm_shell.render(mm_shell.Changes(), "bash") == ""


@given(st.text())
def test_quoted_text_is_one_literal_word(text: str) -> None:
    assert shlex.split(quote(text)) == [text]


def test_shells_read_back_what_is_quoted(session: Any, tmp_path: Path) -> None:
    bytes_ = "".join(chr(each) for each in range(1, 128))
    texts = [
        bytes_,
        bytes_[::-1],
        "\n\n",
        "",
        "''''",
        "'",
        "\\",
        "\\'\\\\'",
        *(f"{chr(first)}'{chr(first)}" for first in range(1, 128)),
        "".join(map(chr, range(0x80, 0x2FF))),
        "𝒳\u202e\ufeff",
        # Bytes that are no UTF-8, as file names may be.
        "".join(chr(0xDC00 + each) for each in range(0x80, 0x100)),
    ]
    script = "".join(f"printf '%s\\0' {quote(text)}\n" for text in texts)
    (tmp_path / "script").write_bytes(script.encode("utf-8", "surrogateescape"))
    session.run(
        'eval "$(/bin/cat "$FILE")" > "$OUT"', FILE=tmp_path / "script", OUT=tmp_path / "out"
    )
    read = (tmp_path / "out").read_bytes().decode("utf-8", "surrogateescape")
    assert read.split("\0")[:-1] == texts
