"""``update`` (also ``upgrade``): newer versions of what is installed."""

from __future__ import annotations

from mm_cli.command_line import Command, Parsed, Words, flag
from mm_cli.errors import CliError
from mm_cli.options import INSTALL
from mm_cli.report.console import Console
from mm_cli.session import Session, open_session

__all__ = ["COMMAND"]


def _run(parsed: Parsed, console: Console) -> int:
    from mm_cli.operations.install import complete
    from mm_cli.operations.update import update
    from mm_config import PrefixRules
    from mm_pkg import Prefix

    parsed.settings["pip.upgrade"] = True
    session = open_session(parsed, console, PrefixRules.all(), strict=True)
    everything = session.options.get("update.all", False)
    if not session.words and not session.files and not everything:
        console.say("Nothing to do.")
        return 0
    _check_files(session)
    session.repair()
    session.config.check_environment(session.prefix)
    prefix = Prefix(session.prefix)
    prune = session.options.get("update.prune_deps", True)
    if update(session, prefix, everything=everything, prune=prune):
        complete(session, prefix)
    return 0


def _check_files(session: Session) -> None:
    for file in session.files:
        if file.is_solved:
            raise CliError(
                f"{file.label} lists archives: there is nothing to update about them",
                hint="Use `micromamba install -f` to install what it lists.",
            )


COMMAND = Command(
    "micromamba update",
    "Update packages of an environment.",
    options=(
        *INSTALL,
        flag("-a,--all", "update.all", "Update every package."),
        flag(
            "--prune-deps",
            "update.prune_deps",
            "Remove what nothing needs any more (the default).",
            off="--no-prune-deps",
        ),
    ),
    positionals=Words("SPEC", "What to update, such as numpy, 'numpy<3' or 'lib*'."),
    description=(
        "Nothing goes to a lower version unless it is named in one, or with --allow-downgrade; "
        "nothing that was asked for goes."
    ),
    examples=("micromamba update -n py numpy", "micromamba update -n py --all"),
    run=_run,
)
