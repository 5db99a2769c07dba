"""``env export``: an environment as a file from which it can be made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mm_cli.command_line import Command, Parsed, flag, value
from mm_cli.errors import CliError
from mm_cli.options import GLOBAL, PREFIX
from mm_cli.report.console import Console
from mm_cli.session import Session, open_session

if TYPE_CHECKING:
    from mm_pkg import Prefix

__all__ = ["COMMAND"]


def _run(parsed: Parsed, console: Console) -> int:
    from mm_config import PrefixRules
    from mm_pkg import Prefix

    session = open_session(parsed, console, PrefixRules.all())
    _warn_of_ignored(session)
    session.repair()
    session.config.check_environment(session.prefix)
    prefix = Prefix(session.prefix)
    if session.options.get("export.explicit"):
        _explicit(session, prefix)
    else:
        _yaml(session, prefix)
    return 0


OPTIONS = {
    "export.explicit": "--explicit",
    "export.portable": "--portable",
    "export.from_history": "--from-history",
    "export.build": "--no-build",
    "export.channel_subdir": "--channel-subdir",
    "export.md5": "--md5",
    "export.sha256": "--sha256",
}
FORMS = ("export.explicit", "export.portable", "export.from_history")
"""What to write, the strongest first: of several, one counts."""

HASHES = ("export.md5", "export.sha256")


def _warn_of_ignored(session: Session) -> None:
    """Say which options have no effect beside the others."""
    given = [key for key in OPTIONS if key in session.options]
    chosen = next((key for key in FORMS if session.options.get(key)), "")
    if not chosen:
        return
    used = (chosen, *HASHES) if chosen == "export.explicit" else (chosen,)
    for key in given:
        if key not in used:
            session.console.warn(f"{OPTIONS[key]} has no effect beside {OPTIONS[chosen]}")


def _yaml(session: Session, prefix: Prefix) -> None:
    from mm_cli.operations.exporting import ExportStyle, environment_file

    options = session.options
    style = ExportStyle(
        build=options.get("export.build", True),
        md5=options.get("export.md5", False),
        sha256=options.get("export.sha256", False),
        channel=options.get("export.channel_subdir", False),
    )
    file = environment_file(
        session,
        prefix,
        style,
        from_history=options.get("export.from_history", False),
        portable=options.get("export.portable", False),
    )
    session.console.document |= file.data()
    _give(session, file.text())


def _explicit(session: Session, prefix: Prefix) -> None:
    from mm_cli.operations.exporting import explicit_lines, name_of
    from mm_cli.operations.pip_packages import pip_packages

    records = prefix.records()
    unknown = sorted(record.dist for record in records.values() if not record.url)
    if unknown:
        raise CliError(
            f"It is not known where these packages came from: {', '.join(unknown)}",
            hint="Export without --explicit: that names packages, not archives.",
        )
    pip = sorted(record.name for record in pip_packages(prefix.path, records))
    if pip:
        session.console.warn(f"Installed by pip, and not in an explicit file: {', '.join(pip)}")
    options = session.options
    lines = explicit_lines(
        records.values(),
        md5=options.get("export.md5", True),
        sha256=options.get("export.sha256", False),
    )
    platform = session.config["platform"]
    session.console.document |= {
        "explicit": lines,
        "name": name_of(session, prefix),
        "platform": platform,
        "prefix": str(prefix.path),
    }
    header = [
        "# This file may be used to create an environment using:",
        "# $ micromamba create --name <env> --file <this file>",
        f"# platform: {platform}",
        "@EXPLICIT",
    ]
    _give(session, "\n".join([*header, *lines]))


def _give(session: Session, text: str) -> None:
    """Print *text*, or write it into the file that was named."""
    name = session.options.get("export.file")
    if name is None:
        session.console.result(text)
        return
    from mm_cli.report.console import masked
    from mm_cli.report.output_file import write_output

    content = f"{masked(text)}\n".encode("utf-8", "surrogateescape")
    path = write_output(name, "the environment", content)
    session.console.document["file"] = str(path)
    session.console.say(f"Environment exported to {path}")


COMMAND = Command(
    "micromamba env export",
    "Write an environment as a file from which it can be made again.",
    options=(
        *GLOBAL,
        *PREFIX,
        value("-f,--file", "export.file", "FILE", "Write to this file (default: print)."),
        flag("-e,--explicit", "export.explicit", "One archive a line, for this platform only."),
        flag("--md5", "export.md5", "Add md5 hashes (the default of --explicit).", off="--no-md5"),
        flag("--sha256", "export.sha256", "Add sha256 hashes, which are safer.", off="--no-sha256"),
        flag("--build", "export.build", "Name builds (the default).", off="--no-build,--no-builds"),
        flag("--channel-subdir", "export.channel_subdir", "Write channel/subdir:: before names."),
        flag("--from-history", "export.from_history", "Only what was asked for, as it was."),
        flag(
            "--portable",
            "export.portable",
            "Only what was asked for, with minor versions: for other platforms too.",
        ),
    ),
    examples=(
        "micromamba env export -n py > environment.yml",
        "micromamba env export -n py --explicit --sha256 > py-linux-64.txt",
        "micromamba env export -n py --portable > environment.yml",
    ),
    run=_run,
)
