"""``install``: packages into an environment that exists."""

from __future__ import annotations

from mm_cli.command_line import Command, Parsed, Words, flag, natural, value
from mm_cli.errors import CliError
from mm_cli.options import INSTALL
from mm_cli.report.console import Console
from mm_cli.session import Session, open_session

__all__ = ["COMMAND"]


def _run(parsed: Parsed, console: Console) -> int:
    from mm_cli.operations.install import complete, install
    from mm_config import PrefixRules
    from mm_pkg import Prefix

    session = open_session(parsed, console, PrefixRules.all(), strict=True)
    revision = session.options.get("install.revision")
    if revision is not None:
        return _restore(session, revision)
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


def _restore(session: Session, revision: int) -> int:
    from mm_cli.operations.revisions import restore
    from mm_pkg import Prefix

    if session.words or session.files:
        given = session.words[0] if session.words else "a file"
        raise CliError(
            f"--revision restores what was there, without {given}",
            hint="Restore the revision first; then install.",
        )
    session.repair()
    session.config.check_environment(session.prefix)
    restore(session, Prefix(session.prefix), revision)
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
        value(
            "--revision",
            "install.revision",
            "N",
            "Bring back what revision N had (see list --revisions).",
            convert=natural,
        ),
    ),
    positionals=Words("SPEC", "What to install, such as numpy, 'numpy>=2' or conda-forge::numpy."),
    examples=(
        "micromamba install -n py numpy 'scipy>=1.14'",
        "micromamba install -n py -f requirements.txt",
        "micromamba install -n py --revision 2",
    ),
    run=_run,
)
