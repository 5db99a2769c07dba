"""``env lock``: exactly these packages, for this and other platforms, as a file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mm_cli.command_line import Command, Parsed, Words, flag, greedy, repeated, value
from mm_cli.errors import CliError
from mm_cli.options import CHANNEL, GLOBAL, NETWORK, PREFIX, SOLVER
from mm_cli.report.console import Console
from mm_cli.session import Session, open_session

if TYPE_CHECKING:
    from mm_channels import Transport
    from mm_cli.operations.locking import Wish
    from mm_cli.specfiles.lock_content import LockContent
    from mm_pkg import Prefix
    from mm_pkg.record import RepodataRecord

__all__ = ["COMMAND"]

FORMATS = ("conda-lock", "pixi", "explicit")

PLACEHOLDER = "{platform}"
"""In the name of an explicit file: such a file is for one platform."""


def _run(parsed: Parsed, console: Console) -> int:
    asked = bool(parsed.words or parsed.settings.get("file_specs"))
    if asked and parsed.settings.keys() & {"env_name", "target_prefix"}:
        raise CliError(
            "An environment and a request are two things to lock",
            hint="Leave out -n and -p, or the specs and files.",
        )
    output = str(parsed.settings.get("lock.output") or "")
    if not output and not console.json:
        console.quiet = True  # the lock alone goes to stdout
        parsed.settings["quiet"] = True
    content, session = (_of_request if asked else _of_environment)(parsed, console)
    _check_output(session, content, output)
    return _hand_over(session, content, output)


# what to lock


def _of_environment(parsed: Parsed, console: Console) -> tuple[LockContent, Session]:
    from mm_cli.operations.locking import lock_environment
    from mm_cli.operations.pip_packages import pip_packages
    from mm_config import PrefixRules
    from mm_pkg import Prefix

    session = open_session(parsed, console, PrefixRules.all(), strict=True)
    session.repair()
    session.config.check_environment(session.prefix)
    if session.options.get("lock.update") or session.options.get("lock.check"):
        raise CliError(
            "--update and --check go with a request", hint="Name the specs or files of the lock."
        )
    prefix = Prefix(session.prefix)
    pip = sorted(r.name for r in pip_packages(prefix.path, prefix.records()))
    if pip:
        console.warn(f"Installed by pip, and not locked: {', '.join(pip)}")
    return _with_other_platforms(session, prefix, lock_environment(session, prefix)), session


def _with_other_platforms(session: Session, prefix: Prefix, own: LockContent) -> LockContent:
    """*own*, and what was asked for in *prefix* solved for the other platforms wanted."""
    wanted = set(session.options.get("lock.platforms") or own.platforms)
    others = sorted(wanted - set(own.platforms))
    if not others:
        return own
    from mm_cli.operations.locking import MAIN, Wish, joined

    specs = {MAIN: tuple(prefix.requested_specs().values())}
    solved = _solved(session, [Wish(p, specs) for p in others], channels=own.channels)
    return joined([solved, *([own] if wanted & set(own.platforms) else [])])


def _of_request(parsed: Parsed, console: Console) -> tuple[LockContent, Session]:
    import msgspec

    from mm_cli.operations.locking import wishes_of_files
    from mm_config import PrefixRules

    session = open_session(parsed, console, PrefixRules.none(), strict=True)
    _check_files(session)
    platforms = _platforms(session)
    update = session.options.get("lock.update") or ()
    keep = bool(update) or session.options.get("lock.check", False)
    before = _locked_before(session, platforms) if keep else {}
    wishes = wishes_of_files(session, platforms)
    content = _solved(session, wishes, before=before, update=update)
    return msgspec.structs.replace(content, sources=_sources(session)), session


def _solved(session: Session, wishes: Sequence[Wish], **how: Any) -> LockContent:
    """See `lock_request`."""
    from mm_cli.operations.channels import open_transport
    from mm_cli.operations.interruption import interruptible
    from mm_cli.operations.locking import lock_request

    with interruptible() as cancellation, open_transport(session) as transport:
        return lock_request(session, wishes, transport, cancellation, **how)


def _check_files(session: Session) -> None:
    """Raises `CliError` for what cannot be locked."""
    for file in session.files:
        if file.is_solved:
            raise CliError(
                f"{file.label} lists archives: there is nothing to solve",
                hint="Create an environment from it, and lock that: `micromamba env lock -n NAME`.",
            )
        if file.pip and not session.options.get("lock.no_pip"):
            raise CliError(
                f"{file.label} has a part for pip, which cannot be locked",
                hint="--no-pip leaves it out of the lock.",
            )


def _platforms(session: Session) -> list[str]:
    """Those of the options, or of the files, or the one in force. Raises `CliError`."""
    from mm_cli.specfiles.environment_yaml import is_platform

    named = session.options.get("lock.platforms")
    named = named or [platform for file in session.files for platform in file.platforms]
    for platform in named:
        if not is_platform(platform):
            raise CliError(
                f"{platform!r} is not a platform to install for",
                hint="Platforms are called linux-64, osx-arm64, win-64, and so on.",
            )
    return sorted(set(named or [session.config["platform"]]))


def _locked_before(
    session: Session, platforms: Sequence[str]
) -> Mapping[str, Sequence[RepodataRecord]]:
    """What the lock at ``-o`` has so far, platform by platform.

    Raises `CliError` without ``-o`` or such a file.
    """
    from mm_cli.operations.explicit import explicit_record
    from mm_cli.specfiles import read_spec_files

    output = session.options.get("lock.output")
    if not output:
        raise CliError(
            "--update and --check need the lock that is there", hint="Name it with -o FILE."
        )
    found = {}
    for platform in platforms:
        path = str(output).replace(PLACEHOLDER, platform)
        (file,) = read_spec_files([path], _no_network)
        if file.lock is not None:
            found[platform] = file.lock.chosen(platform, file.lock.groups)
        elif file.explicit is not None:
            found[platform] = tuple(map(explicit_record, file.explicit))
        else:
            raise CliError(f"{path} is no lock", hint="Name a lock with -o, or a new file.")
    return found


def _no_network() -> Transport:
    raise CliError("The lock to update is a file", hint="Give a path with -o.")


def _sources(session: Session) -> tuple[str, ...]:
    """The files, relative to the lock (or to here), and words for what is no file."""
    output = session.options.get("lock.output")
    here = Path(output).absolute().parent if output else Path.cwd()
    sources = ["the command line"] if session.words else []
    for file in session.files:
        path = Path(file.label)
        local = "://" not in file.label and path.is_file()
        sources.append(os.path.relpath(path.absolute(), here) if local else file.label)
    return tuple(sources)


# where it goes


def _check_output(session: Session, content: LockContent, output: str) -> None:
    if session.options.get("lock.format") != "explicit" or len(content.platforms) < 2:
        return
    if PLACEHOLDER not in output:
        raise CliError(
            "An explicit file is for one platform, and here are "
            f"{len(content.platforms)}: {', '.join(content.platforms)}",
            hint=f"Put {PLACEHOLDER} into the name, as in -o explicit-{PLACEHOLDER}.txt.",
        )


def _texts(session: Session, content: LockContent, output: str) -> dict[str, str]:
    """Path (or "") -> what the file there is to hold."""
    from mm_cli.specfiles.conda_lock import conda_lock_text
    from mm_cli.specfiles.pixi_lock import pixi_lock_text
    from mm_cli.specfiles.text import explicit_text

    form = session.options.get("lock.format", "conda-lock")
    if form == "explicit":
        return {
            output.replace(PLACEHOLDER, platform): explicit_text(content, platform)
            for platform in content.platforms
        }
    return {output: conda_lock_text(content) if form == "conda-lock" else pixi_lock_text(content)}


def _hand_over(session: Session, content: LockContent, output: str) -> int:
    from mm_cli.report.json_document import package

    console, texts = session.console, _texts(session, content, output)
    dry_run = session.config["dry_run"]
    console.document |= {
        "dry_run": dry_run,
        "files": [os.path.abspath(path) for path in texts if path],
        "format": session.options.get("lock.format", "conda-lock"),
        "packages": {p: list(map(package, content.records(p))) for p in content.platforms},
        "platforms": list(content.platforms),
        "virtual_packages": {p: list(content.assumed.get(p, ())) for p in content.platforms},
    }
    if session.options.get("lock.check"):
        return _compare(texts, output)
    from mm_cli.report.output_file import write_output

    for path, text in texts.items():
        if not path:
            console.document["content"] = text
            console.result(text.removesuffix("\n"))
        elif not dry_run:
            write_output(path, "the lock", text.encode())
    for platform in content.platforms if output else ():
        count = len(content.records(platform))
        console.say(f"{platform}: {count} package{'s' * (count != 1)}")
    for path in texts if output else ():
        console.say("Dry run. Nothing is written." if dry_run else f"Lock written: {path}")
    return 0


def _compare(texts: Mapping[str, str], output: str) -> int:
    """``--check``. Raises `CliError` where the lock is not what it would become."""
    for path, text in texts.items():
        if Path(path).read_text(encoding="utf-8") != text:
            raise CliError(
                f"{path} does not fit the request any more",
                hint="Make it anew; --update NAME keeps what need not change.",
            )
    return 0


COMMAND = Command(
    "micromamba env lock",
    "Write a lock: exactly these packages, for these platforms.",
    options=(
        *GLOBAL,
        *PREFIX,
        *NETWORK,
        *CHANNEL,
        *SOLVER,
        repeated("-f,--file", "file_specs", "FILE", "Lock what this file asks for."),
        repeated("--platform", "lock.platforms", "PLATFORM", "Lock for this platform, too."),
        value(
            "--format", "lock.format", "FORMAT", "conda-lock (the default), pixi or explicit.",
            choices=FORMATS,
        ),
        value("-o,--output", "lock.output", "FILE", "Write it there, not to stdout."),
        greedy("--update", "lock.update", "NAME", "Keep FILE's packages, but for these."),
        flag("--check", "lock.check", "Fail if FILE is not what it would become."),
        flag("--no-pip", "lock.no_pip", "Leave out what a file leaves to pip."),
        flag("--no-pin", "no_pin", "Ignore pinned packages.", off="--pin"),
    ),
    positionals=Words("SPEC", "What to lock, such as python=3.13; none locks an environment."),
    description=(
        "Each platform is solved for a modest machine of its kind, not for this one; "
        "CONDA_OVERRIDE_GLIBC, _OSX, _CUDA and so on say what will be there. "
        "Create an environment from a lock with `micromamba create -f`."
    ),
    examples=(
        "micromamba env lock -f environment.yml -o conda-lock.yml",
        "micromamba env lock python numpy --platform linux-64 --platform osx-arm64",
        "micromamba env lock -f environment.yml -o conda-lock.yml --update numpy",
        "micromamba env lock -n py --format explicit > py.txt",
    ),
    run=_run,
)  # fmt: skip
