"""``--debug --print-config-only``: every setting in force, and who set it."""

from __future__ import annotations

from mm_cli.errors import CliError, Finished
from mm_cli.session import Session

__all__ = ["print_config"]


def print_config(session: Session) -> None:
    """Print all settings, those included that no file can set, in place of the command.

    Raises `Finished`, or `CliError` without ``--debug``.
    """
    from mm_cli.operations.request import requested_texts
    from mm_config import KEYS, list_text

    if not session.config.flag("debug"):
        raise CliError(
            "--print-config-only and --print-context-only need --debug", hint="Add --debug."
        )
    if not session.options.get("debug.print_config"):
        return
    console = session.console
    console.json, console.stream = False, None
    names = [name for name in KEYS if name != "specs"]
    console.result(list_text(session.config, names, sources=True))
    specs = [f"  - {spec!r}" for spec in requested_texts(session)]
    console.result("\n".join(["specs:", *specs] if specs else ["specs: []"]))
    raise Finished
