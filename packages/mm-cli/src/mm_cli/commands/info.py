"""``info``: this installation in a dozen lines."""

from __future__ import annotations

import os
import re
from typing import Any

from mm_cli import __version__
from mm_cli.command_line import Command, Parsed, flag
from mm_cli.options import GLOBAL, PREFIX
from mm_cli.report.console import Console
from mm_cli.session import Session, executable, open_session

__all__ = ["COMMAND"]


def _info(parsed: Parsed, console: Console) -> int:
    from mm_config import PrefixRules

    session = open_session(parsed, console, PrefixRules.all())
    if session.options.get("info.licenses"):
        return _show(console, _licenses())
    if session.options.get("info.base"):
        return _show(console, {"base environment": str(session.config.root_prefix)})
    if session.options.get("info.envs"):
        from mm_cli.commands.env.list import show_environments

        return show_environments(session)
    return _show(console, _facts(session))


def _show(console: Console, facts: dict[str, Any]) -> int:
    console.document |= facts
    width = max(map(len, facts)) + 2
    lines = [""]
    for label, fact in facts.items():
        first, *rest = (fact or [""]) if isinstance(fact, list) else [fact]
        lines.append(f"{label:>{width}} : {first}".rstrip())
        lines += [f"{'':>{width}}   {each}" for each in rest]
    console.result("\n".join(lines))
    return 0


def _facts(session: Session) -> dict[str, Any]:
    from mm_cli.operations.channels import channel_context
    from mm_solve import detect_virtual_packages

    config = session.config
    platform = config["platform"]
    return {
        "libmamba version": __version__,
        f"{os.path.basename(executable())} version": __version__,
        "curl version": _version("urllib3"),
        "libarchive version": _version("zstandard"),
        "envs directories": [str(path) for path in config.envs_dirs],
        "package cache": [str(path) for path in config.pkgs_dirs],
        "environment": _environment(session),
        "env location": str(config.target_prefix or "-"),
        "user config files": [os.path.expanduser("~/.mambarc")],
        "populated config files": [str(file.path) for file in config.rc_files if not file.problem],
        "virtual packages": [
            f"{p.name}={p.version}={p.build}"
            for p in detect_virtual_packages(platform, os.environ, session.console.warn)
        ],
        "channels": _channel_urls(session, channel_context(session)),
        "base environment": str(config.root_prefix),
        "platform": platform,
    }


def _channel_urls(session: Session, context: Any) -> list[str]:
    from mm_channels import resolve_channels

    channels = resolve_channels(session.config["channels"], context)
    return [subdir.url for channel in channels for subdir in channel.subdirs]


def _version(distribution: str) -> str:
    from importlib.metadata import version

    return f"{distribution}/{version(distribution)}"


def _environment(session: Session) -> str:
    prefix = session.config.target_prefix
    if prefix is None:
        return "None (not found)"
    name = session.config.env_name(prefix)
    if os.path.realpath(os.environ.get("CONDA_PREFIX") or os.sep) == os.path.realpath(prefix):
        return f"{name} (active)"
    if not prefix.exists():
        return f"{name} (not found)"
    is_environment = (prefix / "conda-meta").is_dir() or prefix == session.config.root_prefix
    return name if is_environment else f"{name} (not env)"


def _licenses() -> dict[str, Any]:
    """The licence of mm and of everything it brings along, by name."""
    from importlib.metadata import PackageNotFoundError, distribution

    found: dict[str, str] = {}
    waiting = ["mm-cli"]
    while waiting:
        name = waiting.pop()
        try:
            metadata = distribution(name)
        except PackageNotFoundError:  # needed elsewhere only
            continue
        found[name] = _licence(metadata.metadata)
        needed = [text for text in metadata.requires or () if "extra ==" not in text]
        names = (re.split(r"[^\w.-]", text, maxsplit=1)[0] for text in needed)
        waiting += [each for each in names if each not in found]
    return dict(sorted(found.items(), key=lambda item: item[0].lower()))


def _licence(metadata: Any) -> str:
    """What a distribution says of its licence, in one line."""
    text = metadata["License-Expression"] or metadata["License"] or ""
    if text and "\n" not in text:
        return str(text)
    classifiers = metadata.get_all("Classifier") or ()
    named = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License :: ")]
    return ", ".join(named) or "see its page"


COMMAND = Command(
    "micromamba info",
    "Show where things are and what this machine offers.",
    options=(
        *GLOBAL,
        *PREFIX,
        flag("--licenses", "info.licenses", "Licences of what is inside."),
        flag("--base", "info.base", "The root prefix only."),
        flag("-e,--envs", "info.envs", "The environments, as `env list`."),
    ),
    examples=("micromamba info", "micromamba info -n py --json", "micromamba info --licenses"),
    run=_info,
)
