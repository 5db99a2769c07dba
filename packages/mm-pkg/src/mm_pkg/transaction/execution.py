"""The transaction: from a plan to a changed environment, all of it or nothing."""

# Text paths and os functions: thousands of files go through here.

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec

from mm_pkg.cancellation import Cancellation
from mm_pkg.errors import LinkScriptFailed, PrefixChanged
from mm_pkg.link.method import CANNOT_LINK, LinkMethod, copy_file
from mm_pkg.link.scripts import Action, run_link_script, take_messages
from mm_pkg.prefix.conda_meta import encode_record, with_paths
from mm_pkg.prefix.history import format_entry
from mm_pkg.record import PackageRecord, PathEntry
from mm_pkg.reporter import SILENT, Reporter, Task
from mm_pkg.transaction.bulk import link_all
from mm_pkg.transaction.checked import CheckedPlan
from mm_pkg.transaction.compiling import compile_bytecode, keep_bytecode
from mm_pkg.transaction.journal import Changes, Journal, move
from mm_pkg.transaction.opening import open_environment
from mm_pkg.transaction.plan import LinkOptions, Outcome, Plan
from mm_pkg.transaction.staging import StagedPackage, stage_packages
from mm_pkg.transaction.system_errors import plain_errors
from mm_pkg.transaction.verification import verify

__all__ = ["apply"]

_CHECK_EVERY = 256


def apply(
    plan: Plan,
    options: LinkOptions | None = None,
    reporter: Reporter = SILENT,
    cancellation: Cancellation | None = None,
) -> Outcome:
    """Carry out *plan*: afterwards the environment is as planned, or as it was.

    A new environment that cannot be completed vanishes again. What link scripts
    did by themselves is the one thing that cannot be undone. Raises what
    `verify` raises, `PrefixLocked`, `LinkScriptFailed`, `LinkFailed` and
    `Cancelled`.
    """
    options = options or LinkOptions()
    with plain_errors(plan.prefix, "the change failed and was undone"):
        opened = open_environment(plan.prefix, options, reporter, cancellation)
        with opened.lock:
            transaction = None
            try:
                checked = verify(plan, options)
                transaction = _Transaction(checked, opened.journal, reporter, cancellation)
                transaction.run()
            except BaseException:
                _undo(opened.journal)
                raise
            transaction.clean_up()
    return Outcome(tuple(transaction.warnings), tuple(transaction.messages))


def _undo(journal: Journal) -> None:
    if journal.committed:
        return
    hint = "Its journal is kept: any further command on this environment tries again."
    with plain_errors(journal.prefix, "the change failed, and undoing it too", hint):
        journal.roll_back()


class _Transaction:
    """One run: the steps in their order, and what they found out."""

    def __init__(
        self,
        checked: CheckedPlan,
        journal: Journal,
        reporter: Reporter,
        cancellation: Cancellation | None,
    ) -> None:
        self._checked = checked
        self._journal = journal
        self._reporter = reporter
        self._cancellation = cancellation
        self._root = f"{checked.prefix}/"
        self._changes: Changes = checked.changes()
        self._numbers = {path: number for number, path in enumerate(self._changes.moves)}
        self._creates = frozenset(self._changes.creates)
        self._bytecode: list[dict[str, bool]] = []
        self.warnings = list(checked.warnings)
        self.messages: list[str] = []

    def run(self) -> None:
        """Everything up to the commit mark. On an exception the caller rolls back."""
        packages = stage_packages(self._checked, self._journal.stage, self._cancellation)
        self._journal.record(self._changes)
        self._before_scripts()
        self._take_out()
        self._put_in(packages)
        self._compile()
        self._after_scripts()
        self._write_records(packages)
        self._check()
        self._journal.commit()

    def clean_up(self) -> None:
        """After the commit mark: nothing here can make the transaction fail."""
        self.messages += filter(None, [take_messages(self._checked.prefix)])
        try:
            keep_bytecode(self._checked, self._bytecode)
            self._journal.finish()
        except OSError as error:
            self.warnings.append(f"cleaning up after the transaction failed: {error}")

    def _check(self) -> None:
        if self._cancellation is not None:
            self._cancellation.check()

    # taking out

    def _before_scripts(self) -> None:
        for record in self._checked.unlink:
            try:
                self._script(self._checked.prefix, record, "pre-unlink")
            except LinkScriptFailed as error:
                # a broken script must not make its package irremovable
                self.warnings.append(error.message)
        for layout in self._checked.layouts:
            self._script(layout.path, layout.record, "pre-link")

    def _script(self, folder: Path, record: PackageRecord, action: Action) -> None:
        options = self._checked.options
        if not options.run_scripts:
            return
        output = run_link_script(
            folder,
            record,
            action,
            prefix=self._checked.prefix,
            root_prefix=options.root_prefix or self._checked.prefix,
            cancellation=self._cancellation,
        )
        if output is not None and output.strip():
            self.messages.append(f"{action} of {record.dist}: {output.strip()}")

    def _take_out(self) -> None:
        trash = self._journal.trash
        tasks = [Task("unlink", record.dist) for record in self._checked.unlink]
        for task in tasks:
            self._reporter.started(task)
        for number, path in enumerate(self._checked.moves):
            if number % _CHECK_EVERY == 0:
                self._check()
            self._trash(f"{trash}/{number}", path)
        for task in tasks:
            self._reporter.finished(task)

    def _trash(self, target: str, path: str) -> None:
        try:
            move(self._root + path, target)
        except FileNotFoundError:
            if path in self._creates:
                # a roll-back would take the new file for the old one
                raise PrefixChanged(f"{self._root}{path} has just vanished") from None

    # putting in

    def _put_in(self, packages: Sequence[StagedPackage]) -> None:
        root = self._root
        for folder in self._checked.directories:
            try:
                os.mkdir(root + folder)
            except FileExistsError:
                if not os.path.isdir(root + folder):
                    raise
        # soft links first: other packages' files may lie behind them
        for package in packages:
            for text, path in package.soft:
                os.symlink(text, root + path)
        for relocation in self._checked.relocations:
            number = self._numbers[relocation.source]
            _link_or_copy(f"{self._journal.trash}/{number}", root + relocation.destination)
        for package in packages:
            self._put_in_package(package)

    def _put_in_package(self, package: StagedPackage) -> None:
        root = self._root
        task = Task("link", package.layout.dist, len(package.entries))
        self._reporter.started(task)
        make = os.symlink if package.method is LinkMethod.SOFT else os.link

        def link(source: str, path: str) -> None:
            try:
                make(source, root + path)
            except OSError as error:
                if error.errno not in CANNOT_LINK:
                    raise
                self._link_otherwise(source, root + path)

        link_all(package.links, link, self._cancellation)
        for source, path in package.staged:
            move(source, root + path)
        self._reporter.finished(task)

    def _link_otherwise(self, source: str, target: str) -> None:
        """For one file that could not be linked, such as one with too many links."""
        if self._checked.options.allow_softlinks:
            try:
                os.symlink(source, target)
                return
            except OSError:
                pass
        copy_file(source, target)

    def _compile(self) -> None:
        self._bytecode, warnings = compile_bytecode(
            self._checked, self._journal.stage, self._reporter, self._cancellation
        )
        self.warnings += warnings

    def _after_scripts(self) -> None:
        for layout in self._checked.layouts:
            self._script(self._checked.prefix, layout.record, "post-link")

    # records and history

    def _write_records(self, packages: Sequence[StagedPackage]) -> None:
        """All prepared first; then one rename each."""
        contents = {
            f"conda-meta/{package.layout.dist}.json": self._record(number, package)
            for number, package in enumerate(packages)
        }
        contents |= self._rewritten_records()
        staged: list[tuple[str, str]] = []
        for number, (path, content) in enumerate(contents.items()):
            source = f"{self._journal.stage}/record-{number}"
            with open(source, "wb") as stream:
                stream.write(content)
            staged.append((source, path))
        history = self._history()
        for path in self._changes.moves[len(self._checked.moves) :]:
            self._trash(f"{self._journal.trash}/{self._numbers[path]}", path)
        for source, path in staged:
            os.replace(source, self._root + path)
        if history is not None:
            os.replace(history, f"{self._root}conda-meta/history")

    def _record(self, number: int, package: StagedPackage) -> bytes:
        layout = package.layout
        compiled = self._bytecode[number]
        bytecode = [PathEntry(path=path, path_type="pyc_file") for path in compiled]
        return encode_record(
            layout.record,
            [*package.entries, *bytecode],
            extracted=layout.path,
            archive=layout.archive,
            link_type=int(package.method),
            requested_specs=layout.requested_specs,
        )

    def _rewritten_records(self) -> dict[str, bytes]:
        """Records of packages that stay, whose files were put aside or came back."""
        changes: dict[str, dict[str, PathEntry]] = {}
        for relocation in self._checked.relocations:
            path = f"conda-meta/{relocation.record.dist}.json"
            changes.setdefault(path, {})[relocation.source] = relocation.new_entry
        return {
            path: with_paths(Path(self._root + path).read_bytes(), entries)
            for path, entries in changes.items()
        }

    def _history(self) -> str | None:
        """The new history in the stage; None when it stays as it is."""
        path = Path(f"{self._root}conda-meta/history")
        old = path.read_text("utf-8", "surrogateescape") if self._changes.history else ""
        content = _encoded_history(self._checked, old)
        if self._changes.history and self._checked.plan.history is None:
            return None
        staged = self._journal.stage / "history"
        staged.write_bytes(content)
        return str(staged)


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError) as error:
        if isinstance(error, OSError) and error.errno not in CANNOT_LINK:
            raise
        shutil.copy2(source, target, follow_symlinks=False)


def _encoded_history(checked: CheckedPlan, old: str) -> bytes:
    """The history with this transaction added, unless there is nothing to add."""
    entry = checked.plan.history
    text = old
    if entry is not None:
        entry = msgspec.structs.replace(
            entry,
            unlink=tuple(f"{r.platform_url}::{r.dist}" for r in checked.unlink),
            link=tuple(f"{x.record.platform_url}::{x.dist}" for x in checked.layouts),
        )
        if text and not text.endswith("\n"):
            text += "\n"
        text += format_entry(entry)
    return text.encode("utf-8", "surrogateescape")
