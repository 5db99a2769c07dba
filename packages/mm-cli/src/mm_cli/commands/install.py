"""``install``: packages into an environment that exists."""

from __future__ import annotations

from mm_cli.command_line import Command, Parsed, Words, flag
from mm_cli.options import INSTALL
from mm_cli.report.console import Console
from mm_cli.session import Session, open_session

__all__ = ["COMMAND"]


def _run(parsed: Parsed, console: Console) -> int:
    from mm_cli.operations.install import complete, install
    from mm_config import PrefixRules
    from mm_pkg import Prefix

    session = open_session(parsed, console, PrefixRules.all(), strict=True)
    if not session.words and not session.files:
        console.say("Nothing to do.")
        return 0
    session.repair()
    if not _is_bare_root(session):
        session.config.check_environment(session.prefix)
    prefix = Prefix(session.prefix)
    if install(session, prefix):
        complete(session, prefix)
    return 0


def _is_bare_root(session: Session) -> bool:
    """Whether the target is a root prefix that nothing was installed into yet.

    The transaction makes an environment of it.
    """
    root = session.config.root_prefix
    return session.prefix == root and not (root / "conda-meta").exists()


COMMAND = Command(
    "micromamba install",
    "Install packages into an environment.",
    options=(
        *INSTALL,
        flag("--freeze-installed", "freeze_installed", "Change no package that is installed."),
        flag("--force-reinstall", "force_reinstall", "Install anew even what is there."),
    ),
    positionals=Words("SPEC", "What to install, such as numpy, 'numpy>=2' or conda-forge::numpy."),
    examples=(
        "micromamba install -n py numpy 'scipy>=1.14'",
        "micromamba install -n py -f requirements.txt",
    ),
    run=_run,
)
