"""An environment on disk, to be read: records, history, pins, variables, marker.

Reading never locks and never changes anything. Changes are transactions
(`mm_pkg.transaction`), except for the small files with a setter here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mm_pkg.prefix.frozen import FrozenMarker
    from mm_pkg.prefix.history import HistoryEntry, Revision
    from mm_pkg.prefix.revision import State
    from mm_pkg.record import PrefixRecord

__all__ = ["Prefix"]


class Prefix:
    """The directory of an environment, which need not exist yet.

    >>> prefix = Prefix(Path("/no/such/directory"))
    >>> prefix.exists, prefix.is_environment, prefix.records(), prefix.history()
    (False, False, {}, ())
    """

    __slots__ = ("meta", "path")

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(os.path.abspath(path))
        """The absolute path, links not followed."""
        self.meta = self.path / "conda-meta"
        """The directory of its records."""

    def __repr__(self) -> str:
        return f"Prefix({str(self.path)!r})"

    def __fspath__(self) -> str:
        return str(self.path)

    @property
    def exists(self) -> bool:
        """Whether there is a directory at all."""
        return self.path.is_dir()

    @property
    def is_environment(self) -> bool:
        """Whether it has a ``conda-meta/history``, which marks an environment (CEP 32)."""
        return (self.meta / "history").is_file()

    @property
    def interrupted(self) -> bool:
        """Whether a transaction has left its journal: one is running or was killed."""
        return (self.meta / ".mm-journal").is_dir()

    def records(self) -> dict[str, PrefixRecord]:
        """Package name -> record. Where two claim a name the newer file counts.

        Raises `InvalidPrefixFile`.
        """
        found = self.all_records()
        records = {record.name: record for record in found}
        if len(records) < len(found):

            def written(record: PrefixRecord) -> float:
                try:
                    return (self.meta / f"{record.dist}.json").stat().st_mtime
                except FileNotFoundError:
                    return 0.0

            records = {record.name: record for record in sorted(found, key=written)}
        return records

    def all_records(self) -> tuple[PrefixRecord, ...]:
        """Every record, also where several claim one name (other tools leave such)."""
        from mm_pkg.prefix.conda_meta import read_records

        return read_records(self.meta)

    def history(self) -> tuple[HistoryEntry, ...]:
        """All entries, oldest first; empty when there is no history."""
        from mm_pkg.prefix.history import parse_history

        return parse_history(self._text("history"))

    def revisions(self) -> tuple[Revision, ...]:
        """The entries that changed packages, numbered from 0."""
        from mm_pkg.prefix.history import revisions

        return revisions(self.history())

    def state_at(self, number: int) -> State:
        """Packages and requested specs as they were after revision *number*.

        Raises `UnknownRevision`.
        """
        from mm_pkg.prefix.revision import Dist, state_at

        installed = [
            Dist(r.channel, r.subdir or "", r.name, r.version, r.build)
            for r in self.records().values()
        ]
        return state_at(number, self.history(), installed)

    def requested_specs(self) -> dict[str, str]:
        """Package name -> the spec last asked for, from the history."""
        from mm_pkg.prefix.history import requested_specs

        return requested_specs(self.history())

    def append_history(self, entry: HistoryEntry) -> None:
        """Add an entry, atomically. Transactions do so themselves."""
        from mm_pkg.prefix.atomic_file import replace_file
        from mm_pkg.prefix.history import format_entry

        content = self._text("history") + format_entry(entry)
        replace_file(self.meta / "history", content.encode("utf-8", "surrogateescape"))

    def fingerprint(self) -> str:
        """A text that changes whenever packages or the history do. Raises OSError."""
        from mm_pkg.prefix.fingerprint import fingerprint

        return fingerprint(self.meta)

    def pins(self) -> tuple[str, ...]:
        """The specs of ``conda-meta/pinned``."""
        from mm_pkg.prefix.pinned import parse_pinned

        return parse_pinned(self._text("pinned"))

    def env_vars(self) -> dict[str, str]:
        """Variables that activation sets (``conda-meta/state``)."""
        from mm_pkg.prefix.state import read_env_vars

        return read_env_vars(self.meta)

    def set_env_vars(self, env_vars: Mapping[str, str]) -> None:
        """Replace the variables that activation sets; other state is kept."""
        from mm_pkg.prefix.state import write_env_vars

        write_env_vars(self.meta, env_vars)

    @property
    def frozen(self) -> FrozenMarker | None:
        """The marker that forbids changes, if there is one (CEP 22)."""
        from mm_pkg.prefix.frozen import read_frozen

        return read_frozen(self.meta)

    def _text(self, name: str) -> str:
        try:
            return (self.meta / name).read_text("utf-8", "surrogateescape")
        except (FileNotFoundError, NotADirectoryError):
            return ""
