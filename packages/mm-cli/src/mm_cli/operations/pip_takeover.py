"""``prefix_data_interoperability``: a conda package takes the place of pip's of its name."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from mm_cli.operations.pip_packages import pip_folders

if TYPE_CHECKING:
    from mm_cli.operations.transaction import Change
    from mm_pkg.record import PrefixRecord
    from mm_solve import Action

__all__ = ["taking_over"]


def taking_over(change: Change) -> Change:
    """*change*, in which what pip has installed leaves where conda's package of it comes.

    It leaves in the same transaction: what fails brings it back.
    """
    from mm_pkg import Prefix
    from mm_solve import Actions

    installed = Prefix(change.prefix).records()
    folders = {_normal(r.name): (r, folder) for r, folder in pip_folders(change.prefix, installed)}

    def with_pip(action: Action) -> Action:
        found = folders.get(_normal(action.name)) if action.kind == "install" else None
        if found is None:
            return action
        record, folder = found
        files = tuple(_files(change.prefix, folder))
        gone: PrefixRecord = msgspec.structs.replace(record, files=files)
        return msgspec.structs.replace(action, kind="change", unlink=gone)

    actions = Actions(tuple(map(with_pip, change.actions)))
    before = set(map(id, change.actions.unlink))
    foreign = tuple(record for record in actions.unlink if id(record) not in before)
    return msgspec.structs.replace(change, actions=actions, foreign=foreign)


def _normal(name: str) -> str:
    """A package's name as Python's tools compare it."""
    return name.lower().replace("_", "-").replace(".", "-")


def _files(prefix: Path, folder: Path) -> Iterator[str]:
    """The files in the environment that a ``RECORD`` lists, relative to *prefix*."""
    try:
        text = (folder / "RECORD").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    root = os.path.realpath(prefix)
    for row in csv.reader(text.splitlines()):
        if not row or os.path.isabs(row[0]):
            continue
        path = os.path.normpath(os.path.join(os.path.realpath(folder.parent), row[0]))
        if path.startswith(root + os.sep) and os.path.lexists(path):
            yield os.path.relpath(path, root).replace(os.sep, "/")
