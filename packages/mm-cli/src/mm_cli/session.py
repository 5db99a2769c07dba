"""One run of a command: what was asked, the settings in force, and the way out."""

from __future__ import annotations

TYPE_CHECKING = False  # this module is on the way of `shell activate`: it imports little
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from mm_channels import Transport
    from mm_cli.command_line import Parsed
    from mm_cli.report.console import Console
    from mm_cli.specfiles import SpecFile
    from mm_config import Config, PrefixRules

__all__ = ["Session", "open_session"]

_TRACES = (".mm-journal", ".mm-journal-done", ".mm-lock")
"""What `mm_pkg.recover` looks for; known here so that nothing is imported for a healthy prefix."""


class Session:
    """What every command works with.

    words   -- the positional words
    options -- the command's own options, by key
    files   -- the spec files given with ``-f``, read
    asks_anew -- whether channels are asked for their metadata however fresh the cached one is
    """

    __slots__ = ("asks_anew", "config", "console", "files", "options", "words")

    def __init__(
        self,
        config: Config,
        console: Console,
        words: tuple[str, ...],
        options: dict[str, Any],
        files: tuple[SpecFile, ...] = (),
    ) -> None:
        self.config = config
        self.console = console
        self.words = words
        self.options = options
        self.files = files
        self.asks_anew = False

    @property
    def prefix(self) -> Path:
        """The environment acted upon. Raises `CliError` when none was named."""
        from mm_cli.errors import CliError

        if self.config.target_prefix is None:
            raise CliError("No target prefix specified", hint="Name one with -n NAME or -p PATH.")
        return self.config.target_prefix

    def repair(self, prefix: str = "") -> None:
        """Undo or finish what a killed process left half done in the environment.

        Every command that opens an environment calls it; usually it costs one look.
        *prefix* is another one than the target.
        """
        import os

        prefix = prefix or self.config.text("target_prefix")
        meta = os.path.join(prefix, "conda-meta")
        traces = (os.path.join(meta, name) for name in _TRACES)
        # without conda-meta: a creation or removal that was killed leaves things next to it
        if not prefix or (os.path.isdir(meta) and not any(map(os.path.lexists, traces))):
            return
        from pathlib import Path

        from mm_pkg import recover

        if recover(Path(prefix)):
            self.console.warn(f"An interrupted change of {prefix} was found and put right")

    @property
    def always_yes(self) -> bool:
        """Whether questions answer themselves."""
        return self.config.flag("always_yes")


def open_session(
    parsed: Parsed, console: Console, rules: PrefixRules, *, strict: bool = False
) -> Session:
    """Load the settings for *parsed* and set the console up by them.

    Keys with a dot are the command's own options; all others are settings.
    strict -- a configuration file that cannot be used is an error, not a warning:
    for commands that would otherwise act on the wrong channels or caches
    Raises `mm_config.errors.ConfigError`, `CliError`.
    """
    import mm_config

    options = {key: value for key, value in parsed.settings.items() if "." in key}
    settings = {key: value for key, value in parsed.settings.items() if "." not in key}
    files = _read_files(settings, console, rules)
    named = None
    names = list(dict.fromkeys(file.name for file in files if file.name))
    if files:
        named = mm_config.SpecFileSettings(
            name=names[0] if names else "",
            channels=tuple(channel for file in files for channel in file.channels),
        )
    config = mm_config.load(cli=settings, rules=rules, spec_file=named, executable=executable())
    _set_up(console, config)
    if options.get("plan.output") and not config.flag("dry_run"):
        from mm_cli.errors import CliError

        raise CliError("-o writes a plan, which is what --dry-run makes", hint="Add --dry-run.")
    if strict:
        _check_rc_files(config)
    for warning in config.warnings:
        console.warn(warning)
    for file in files:
        for warning in file.warnings:
            console.warn(warning)
    if len(names) > 1:
        console.warn(f"The files name several environments: {names[0]} counts, not {names[1]}")
    session = Session(config, console, tuple(parsed.words), options, files)
    if console.debug:
        console.warn("Debug mode: failures are shown with where in the code they come from")
    if "debug.print_config" in options or "debug.print_context" in options:
        from mm_cli.operations.config_dump import print_config

        print_config(session)
    return session


def executable() -> str:
    """The launcher that started this process: what hooks and rc files call."""
    import os
    import sys

    started = sys.argv[0] if sys.argv else ""
    name = os.path.basename(started)
    if name in ("__main__.py", "-c", "-m", "") or not os.path.exists(started):
        started = os.path.join(os.path.dirname(sys.executable), "micromamba")
    return os.path.abspath(started)


def _read_files(
    settings: dict[str, Any], console: Console, rules: PrefixRules
) -> tuple[SpecFile, ...]:
    paths = settings.get("file_specs")
    if not paths:
        return ()
    from contextlib import ExitStack

    from mm_cli.specfiles import read_spec_files

    with ExitStack() as stack:

        def transport() -> Transport:
            # Files bring settings, so what is needed to reach them is read without them.
            import mm_config
            from mm_cli.operations.channels import open_transport

            config = mm_config.load(cli=settings, rules=rules, executable=executable())
            return stack.enter_context(open_transport(Session(config, console, (), {})))

        return read_spec_files(paths, transport)


def _set_up(console: Console, config: Config) -> None:
    console.json = config.flag("json") or console.stream is not None
    console.quiet = config.flag("quiet")
    console.level = config.text("log_level")
    console.debug = config.flag("debug")
    console.progress = config.text("progress")
    console.color = config.text("color")
    console.remember_dropped(config.number("log_backtrace"))
    if config.setting("log_pattern").configured:
        console.pattern = config.text("log_pattern")
    if console.quiet and not console.json and not config.setting("log_level").configured:
        console.level = "error"


def _check_rc_files(config: Config) -> None:
    """Raise `CliError` for a configuration file in the search path that cannot be used."""
    from mm_cli.errors import CliError

    for file in config.rc_files:
        if file.problem:
            raise CliError(
                f"Configuration file '{file.label}' {file.problem}",
                hint="Correct it, or do without configuration files: --no-rc.",
            )
