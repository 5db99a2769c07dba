"""A change as a file: ``--dry-run -o FILE`` writes it, ``apply FILE`` carries it out.

The file says everything that the solver decided and nothing about how to link:
that is up to whoever applies it. Credentials are not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from mm_cli.errors import CliError
from mm_cli.operations.pip_requirements import PipPart, pip_part
from mm_cli.operations.transaction import Change, public_spec
from mm_cli.session import Session

if TYPE_CHECKING:
    from mm_pkg import Prefix
    from mm_pkg.record import PrefixRecord, RepodataRecord
    from mm_solve import Action

__all__ = ["PlanFile", "PlannedAction", "check_prefix", "read_plan", "write_plan"]


class PlannedAction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What happens to one package.

    unlink -- the distribution string of the installed package that goes
    link   -- the record of the package that comes, as in repodata, with its URL and hashes
    stub   -- whether the record knows little more than the URL
    """

    kind: Literal["install", "remove", "upgrade", "downgrade", "change", "reinstall", "omit"]
    unlink: str | None
    link: dict[str, Any] | None
    stub: bool = False


class PlanFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of the file; docs/schemas/plan.json describes it.

    fingerprint   -- of the environment when the plan was made
    afresh        -- all that is installed goes first: the environment is made anew
    keep_platform -- whether the platform is to be remembered in the environment
    """

    format: Literal["mm-plan"]
    version: Literal[1]
    prefix: str
    platform: str
    fingerprint: str
    afresh: bool
    keep_platform: bool
    actions: tuple[PlannedAction, ...]
    update_specs: tuple[str, ...]
    remove_specs: tuple[str, ...]
    variables: dict[str, str]
    pip: tuple[PipPart, ...]

    def change(self, installed: Mapping[str, PrefixRecord]) -> Change:
        """The change of the environment that holds *installed*.

        Raises `CliError` for packages to unlink that are not there, and
        `mm_pkg.record.InvalidRecord`.
        """
        from mm_solve import Actions

        by_dist = {record.dist: record for record in installed.values()}
        return Change(
            Path(self.prefix),
            Actions(tuple(_action(each, by_dist) for each in self.actions)),
            update_specs=self.update_specs,
            remove_specs=self.remove_specs,
            fingerprint=self.fingerprint,
        )


def _action(planned: PlannedAction, installed: Mapping[str, PrefixRecord]) -> Action:
    from mm_pkg.record import RepodataRecord
    from mm_solve import Action

    link = None
    if planned.link is not None:
        link = RepodataRecord.from_dict(planned.link, stub=planned.stub)
    unlink = None
    if planned.unlink is not None:
        unlink = installed.get(planned.unlink)
        if unlink is None:
            raise CliError(
                f"{planned.unlink} is to be removed, but it is not installed",
                hint="Make the plan anew.",
            )
    return Action(planned.kind, unlink=unlink, link=link)


def write_plan(session: Session, change: Change, path: str) -> None:
    """Write *change*, and what the session's files ask for besides, to *path*.

    Raises `CliError` where there is no folder for it, and OSError.
    """
    from mm_cli.operations.creation import asked_platform
    from mm_cli.operations.install import file_variables
    from mm_cli.report.json_document import dump
    from mm_cli.report.output_file import write_output
    from mm_pkg import Prefix

    plan = PlanFile(
        format="mm-plan",
        version=1,
        prefix=str(change.prefix),
        platform=session.config["platform"],
        fingerprint=Prefix(change.prefix).fingerprint(),
        afresh=change.afresh,
        keep_platform=bool(asked_platform(session)),
        actions=tuple(map(_planned, change.actions)),
        update_specs=tuple(map(public_spec, change.update_specs)),
        remove_specs=tuple(map(public_spec, change.remove_specs)),
        variables=file_variables(session),
        pip=tuple(part for file in session.files if (part := pip_part(session, file))),
    )
    for record in change.actions.link:
        if not (record.sha256 or record.md5):
            session.console.warn(f"{record.fn} has no known hash: the plan cannot verify it")
    content = dump(msgspec.to_builtins(plan), "ascii").encode() + b"\n"
    target = write_output(path, "the plan", content)
    session.console.document["plan"] = str(target)
    session.console.say(f"Plan written: {target}")


def _planned(action: Action) -> PlannedAction:
    return PlannedAction(
        action.kind,
        None if action.unlink is None else action.unlink.dist,
        None if action.link is None else _published(action.link).to_dict(),
        action.link is not None and action.link.stub,
    )


def _published(record: RepodataRecord) -> RepodataRecord:
    from mm_pkg.record import PrefixRecord

    return record.as_published() if isinstance(record, PrefixRecord) else record


def read_plan(path: str) -> PlanFile:
    """Read the plan at *path* (``-`` is standard input). Raises `CliError`."""
    from mm_cli.specfiles.source import read_text

    source = read_text(path, _no_network)
    try:
        return msgspec.json.decode(source.text, type=PlanFile)
    except msgspec.ValidationError as error:
        reason = str(error)
    except (msgspec.DecodeError, RecursionError) as error:
        reason = f"not JSON: {error}"
    raise CliError(
        f"{source.label}: not a plan: {reason}", hint="Plans come from --dry-run -o FILE."
    )


def _no_network() -> Any:
    raise CliError("Plans are read from files", hint="Download it, and give its path.")


def check_prefix(session: Session, plan: PlanFile, prefix: Prefix) -> None:
    """Make sure that *prefix* is as the plan takes it to be.

    It is looked at once more, locked, before anything is changed. Raises `CliError`.
    """
    if prefix.fingerprint() != plan.fingerprint:
        raise CliError(
            f"{prefix.path} is not as it was when this was planned",
            hint="Something has changed the environment since; make the plan anew.",
        )
    if prefix.is_environment or prefix.path == session.config.root_prefix:
        return
    if prefix.path.exists() and (not prefix.path.is_dir() or any(prefix.path.iterdir())):
        raise CliError(
            f"There is something else at {prefix.path} by now",
            hint="Move it away, or make a plan for another path.",
        )
