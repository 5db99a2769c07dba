"""Setting a shell up for good: what has to change in which files, as data.

`plan_init` and `plan_deinit` read and write nothing down; what they return shows what
would change, and changes it when told to.
"""

from __future__ import annotations

import os
from itertools import pairwise

from mm_shell.autorun import AutoRunEdit, WindowsRegistry, with_hook, without_hook
from mm_shell.block import block_in, with_block, without_block
from mm_shell.errors import BrokenBlock, NoStartupFile
from mm_shell.file_edit import FileEdit, read
from mm_shell.shells import SUPPORTED, find_shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mm_shell.autorun import Registry
    from mm_shell.shells import Shell

__all__ = ["Edit", "initialised_shells", "plan_deinit", "plan_init"]

Edit = FileEdit | AutoRunEdit
"""One change: ``path``, ``diff()``, ``apply()``."""


def plan_init(
    shell: str,
    executable: str,
    root_prefix: str,
    *,
    home: str,
    environ: Mapping[str, str],
    registry: Registry | None = None,
) -> tuple[Edit, ...]:
    """What sets *shell* (a name) up; nothing if it is set up just so.

    *executable* and *root_prefix* are absolute; *home* is the folder of the user and
    *environ* the environment, which may say that start-up files are elsewhere. *registry*
    stands in for Windows'. Raises `UnknownShell`, `NoStartupFile`, `NotExpressible`,
    `BrokenBlock`, `OSError`.
    """
    family = find_shell(shell)
    body = family.block(executable, root_prefix)
    edits: list[Edit] = []
    if family.reads_files_only:
        edits.append(_autorun(family, home, environ, registry, body))
    else:
        for path in family.startup_files(home, environ):
            text, coding = _text(read(path))
            after = with_block(text, body, family.marks, path)
            edits.append(_edit(path, after.encode(coding, ERRORS), own=False))
    for path, text in family.files(executable, root_prefix).items():
        edits.append(_edit(path, os.fsencode(text), own=True))
    return tuple(edit for edit in edits if edit.before != edit.after)


def plan_deinit(
    shell: str,
    executable: str,
    root_prefix: str,
    *,
    home: str,
    environ: Mapping[str, str],
    registry: Registry | None = None,
) -> tuple[Edit, ...]:
    """What takes `plan_init` back; nothing if it is not set up. Raises as that does."""
    family = find_shell(shell)
    edits: list[Edit] = []
    if family.reads_files_only:
        edits.append(_autorun(family, home, environ, registry, ""))
    else:
        for path in family.startup_files(home, environ):
            text, coding = _text(read(path))
            after = without_block(text, family.marks, path)
            gone = after != text and family.blank_file_is_none and not after.strip()
            edits.append(_edit(path, None if gone else after.encode(coding, ERRORS), own=False))
    edits += [_edit(path, None, own=True) for path in family.files(executable, root_prefix)]
    return tuple(edit for edit in edits if edit.before is not None and edit.before != edit.after)


def initialised_shells(
    home: str, environ: Mapping[str, str], registry: Registry | None = None
) -> list[str]:
    """The names of the shells that are set up, by their start-up files. Raises `OSError`."""
    return [shell for shell in SUPPORTED if _is_initialised(shell, home, environ, registry)]


def _is_initialised(
    shell: str, home: str, environ: Mapping[str, str], registry: Registry | None
) -> bool:
    family = find_shell(shell)
    try:
        if family.reads_files_only:
            edit = _autorun(family, home, environ, registry, "")
            return edit.before != edit.after
        blocks = [
            block_in(_text(read(path))[0], family.marks, path)
            for path in family.startup_files(home, environ)
        ]
    except (NoStartupFile, BrokenBlock):
        return False
    # Several shells may share a file: the block says whose it is.
    words = [block.replace(")", " ").split() for block in blocks]
    return any(("--shell", shell) in pairwise(each) for each in words)


def _autorun(
    family: Shell, home: str, environ: Mapping[str, str], registry: Registry | None, command: str
) -> AutoRunEdit:
    if registry is None and os.name != "nt":
        family.startup_files(home, environ)  # raises: there is no registry here
    registry = registry or WindowsRegistry()
    value = registry.get()
    return AutoRunEdit(
        registry, value, with_hook(value, command) if command else without_hook(value)
    )


def _edit(path: str, after: bytes | None, *, own: bool) -> FileEdit:
    """*own*: a file of ours, of which no copy need be kept."""
    return FileEdit(path, read(path), after, backup=not own)


ERRORS = "surrogateescape"


def _text(content: bytes | None) -> tuple[str, str]:
    """The text of a start-up file, and how it is to be written again."""
    if content is not None and content.startswith((b"\xff\xfe", b"\xfe\xff")):
        coding = "utf-16-le" if content.startswith(b"\xff\xfe") else "utf-16-be"
        return content.decode(coding), coding
    return (content or b"").decode("utf-8", ERRORS), "utf-8"
