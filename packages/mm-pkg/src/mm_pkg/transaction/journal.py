"""The journal: how an interrupted transaction is undone or finished.

``conda-meta/.mm-journal/`` exists from before the first change until after the
last::

    fresh       this transaction created the environment (see `Fresh`)
    stage/      files made ready, to be renamed into place
    plan.json   everything that will change; written and flushed before any change
    trash/      what was taken out, by its number in the plan's ``moves``
    history     the history as it was
    commit      everything is done; only cleaning up is left

Without ``plan.json`` nothing was changed. Without ``commit`` the old state is
restored, with it the new state is completed. Both can be interrupted and
repeated: every step is one rename or removal that finds out by itself whether
it was done before.
"""

# Text paths and os functions: thousands of files go through here.

from __future__ import annotations

import os
import shutil
from pathlib import Path

import msgspec

from mm_pkg.transaction.removal import discard, remove_tree

__all__ = ["JOURNAL_NAME", "Changes", "Fresh", "Journal"]

JOURNAL_NAME = ".mm-journal"
_DONE_NAME = ".mm-journal-done"


class Fresh(msgspec.Struct, frozen=True):
    """What did not exist before: the environment's directory, or just its ``conda-meta``.

    parents -- directories above it that were created too, outermost first
    """

    prefix: bool
    parents: tuple[str, ...] = ()


class Changes(msgspec.Struct, frozen=True):
    """All changes, as paths relative to the environment.

    moves       -- taken out into the trash, in this order
    directories -- created, parents first; none existed before
    creates     -- created files; those also in ``moves`` replace what was there
    prunes      -- directories to delete in the end if they are empty, deepest first
    history     -- whether there was a history before
    """

    moves: tuple[str, ...] = ()
    directories: tuple[str, ...] = ()
    creates: tuple[str, ...] = ()
    prunes: tuple[str, ...] = ()
    history: bool = False


class Journal:
    """The journal of one environment. All methods raise OSError."""

    def __init__(self, prefix: Path) -> None:
        self.prefix = prefix
        self.meta = prefix / "conda-meta"
        self.folder = self.meta / JOURNAL_NAME
        self.stage = self.folder / "stage"
        self.trash = self.folder / "trash"

    @property
    def exists(self) -> bool:
        """Whether a transaction was begun and not ended."""
        return self.folder.is_dir()

    @property
    def committed(self) -> bool:
        """Whether the transaction passed the point of no return."""
        return (self.folder / "commit").exists()

    @property
    def remains(self) -> bool:
        """Whether an ended transaction was killed while deleting its journal."""
        return (self.meta / _DONE_NAME).exists()

    def clear_remains(self) -> None:
        """Delete what is left of a journal whose transaction has ended."""
        if self.remains:
            remove_tree(self.meta / _DONE_NAME)

    def begin(self) -> None:
        """Open the journal; nothing else may be changed before `record`."""
        self.clear_remains()
        self.folder.mkdir(exist_ok=True)
        try:
            self.stage.mkdir(exist_ok=True)
            self.trash.mkdir(exist_ok=True)
        except BaseException:
            self.roll_back()
            raise

    def record(self, changes: Changes) -> None:
        """Write down *changes*, durably. From here on `roll_back` has work to do."""
        history = self.meta / "history"
        if changes.history:
            shutil.copy2(history, self.folder / "history")
        write_durably(self.folder / "plan.json", msgspec.json.encode(changes))

    def commit(self) -> None:
        """Pass the point of no return."""
        write_durably(self.folder / "commit", b"")

    def changes(self) -> Changes | None:
        """What was recorded; None when nothing was changed yet."""
        try:
            content = (self.folder / "plan.json").read_bytes()
        except FileNotFoundError:
            return None
        return msgspec.json.decode(content, type=Changes)

    def fresh(self) -> Fresh | None:
        """What did not exist before, or None for an old environment."""
        try:
            content = (self.folder / "fresh").read_bytes()
        except FileNotFoundError:
            return None
        return msgspec.json.decode(content, type=Fresh)

    def roll_back(self) -> None:
        """Restore the state from before the transaction, and end it."""
        fresh = self.fresh()
        if fresh is not None and fresh.prefix:
            discard(self.prefix)
            for parent in reversed(fresh.parents):
                try:
                    os.rmdir(parent)
                except OSError:
                    break
            return
        changes = self.changes()
        if changes is not None:
            self._undo(changes)
        if fresh is not None:
            discard(self.meta)
        else:
            self._end()

    def _undo(self, changes: Changes) -> None:
        root = f"{self.prefix}/"
        numbers = {path: number for number, path in enumerate(changes.moves)}
        try:
            trashed = set(os.listdir(self.trash))
        except FileNotFoundError:
            trashed = set()
        for path in reversed(changes.creates):
            number = numbers.get(path)
            # a path to be replaced whose old file is not in the trash is still the old file
            if number is None or str(number) in trashed:
                _unlink(root + path)
        for path in reversed(changes.directories):
            try:
                os.rmdir(root + path)
            except OSError:
                # not made yet, or something of somebody else's is in it
                continue
        for number in range(len(changes.moves) - 1, -1, -1):
            if str(number) in trashed:
                target = root + changes.moves[number]
                os.makedirs(os.path.dirname(target), exist_ok=True)
                if os.path.isdir(target) and not os.path.islink(target):
                    # the new directory in the old file's place, with what scripts put there
                    remove_tree(Path(target))
                move(f"{self.trash}/{number}", target)
        saved = self.folder / "history"
        if saved.exists():
            saved.replace(self.meta / "history")
        elif not changes.history:
            (self.meta / "history").unlink(missing_ok=True)

    def finish(self) -> None:
        """Complete a committed transaction: drop what was taken out, and end it."""
        changes = self.changes()
        for path in changes.prunes if changes is not None else ():
            try:
                os.rmdir(f"{self.prefix}/{path}")
            except OSError:
                # still in use, or gone already
                continue
        self._end()

    def _end(self) -> None:
        self.clear_remains()
        done = self.meta / _DONE_NAME
        # at once, for a journal that has lost its commit mark would be rolled back
        self.folder.rename(done)
        remove_tree(done)


def write_durably(path: Path, content: bytes) -> None:
    """Write a new file such that, once it is there, it is there with all its content."""
    temporary = path.with_name(f"{path.name}.tmp")
    with open(temporary, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)
    if os.name != "nt":
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def move(source: str, target: str) -> None:
    """Rename *source* to *target*; between file systems, copy and delete.

    A rename that was interrupted after its copy can be repeated.
    """
    import errno

    try:
        os.replace(source, target)
        return
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
    temporary = f"{target}.mm-{os.getpid()}.tmp"
    if os.path.isdir(source) and not os.path.islink(source):
        shutil.copytree(source, temporary, symlinks=True)
        os.replace(temporary, target)
        remove_tree(Path(source))
    else:
        _unlink(temporary)
        shutil.copy2(source, temporary, follow_symlinks=False)
        os.replace(temporary, target)
        os.unlink(source)


def _unlink(path: str) -> None:
    try:
        os.unlink(path)
    except (FileNotFoundError, NotADirectoryError):
        return
