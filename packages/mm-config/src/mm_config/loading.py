"""From options, variables and files to the settings in force."""

from __future__ import annotations

import os

from mm_config import layers, prefixes, rcfiles
from mm_config.errors import BadRootPrefix, ConflictingSettings, RcFileError
from mm_config.hooks import check
from mm_config.keys import KEYS
from mm_config.machine import Machine
from mm_config.prefixes import PrefixRules
from mm_config.resolve import Config
from mm_config.setting import DEFAULT, Candidate, Setting, Source, merge
from mm_config.values import WORDS, split_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mm_config.layers import Layer, SpecFileSettings
    from mm_config.rcfiles import Level, RcFile
    from mm_config.setting import SourceKind

__all__ = ["load"]

ALL = PrefixRules()


def load(
    cli: Mapping[str, object] | None = None,
    api: Mapping[str, object] | None = None,
    env: Mapping[str, str] | None = None,
    rules: PrefixRules = ALL,
    spec_file: SpecFileSettings | None = None,
    *,
    executable: str | os.PathLike[str] | None = None,
    home: str | os.PathLike[str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
    system_dirs: Iterable[str | os.PathLike[str]] | None = None,
) -> Config:
    """Read every source of settings and return those in force.

    cli         -- settings from parsed options; None means not given
    api         -- settings from the calling program, stronger than *cli*
    env         -- the environment variables; default: the process's
    rules       -- what may stand in for a target prefix that was not named
    spec_file   -- what ``-f`` files say; with the command line, after it
    executable  -- the program's launcher; its own prefix may be the root prefix
    home, cwd   -- default: the user's, the process's
    system_dirs -- folders of configuration files for all users, the weakest first

    Files in the search path that cannot be used become `Config.warnings`.
    Raises `ConfigError`: for variables and options with bad values, settings
    that exclude each other, and files of ``--rc-file`` that cannot be used.
    Raises `KeyError` for names in *cli* or *api* that are no settings.
    """
    machine = Machine(env, home=home, cwd=cwd, executable=executable, system_dirs=system_dirs)
    options = [layers.given(api or {}, "API"), layers.given(cli or {}, "CLI")]
    no_env = _no_env(Config(machine, options))
    if spec_file:
        options.append(layers.of_spec_files(spec_file, machine.env))
    if not no_env:
        options.append(layers.of_variables(machine.env))
    config = _Loading(Config(machine, options), rules, spec_file, no_env).config(options)
    config.warnings += tuple(check(config))
    return config


def _no_env(options: Config) -> bool:
    """Whether variables are ruled out, by an option or by a variable (checked elsewhere)."""
    if options.candidates("no_env"):
        return options.flag("no_env")
    return WORDS.get(options.machine.env.get("MAMBA_NO_ENV", "").strip().lower(), False)


class _Loading:
    """The steps from options and variables to settings.

    They go round a corner: the target prefix may hold configuration files, and
    configuration files say where it is looked up.
    """

    def __init__(
        self,
        given: Config,
        rules: PrefixRules,
        spec_file: SpecFileSettings | None,
        no_env: bool,
    ) -> None:
        self.given = given
        self.machine = given.machine
        self.rules = rules
        self.spec_file = spec_file
        self.no_env = no_env
        self.warnings: list[str] = []
        self.files: dict[str, RcFile] = {}
        self.layers: dict[str, Layer] = {}

    def config(self, options: Sequence[Layer]) -> Config:
        """The settings of *options* and of the configuration files they lead to."""
        root = self._root()
        # Without the target prefix first: its files cannot say where it is.
        self._read_files(str(root.value), "")
        dirs = self._envs_dirs(str(root.value))
        target = self._target(str(root.value), dirs)
        self._read_files(str(root.value), str(target.value or ""))
        return Config(
            self.machine,
            [*options, *(self.layers[path] for path in self.files)],
            settled={"root_prefix": root, "envs_dirs": dirs, "target_prefix": target},
            rc_files=self.files.values(),
            warnings=self.warnings,
        )

    def _root(self) -> Setting:
        for candidate in self.given.candidates("root_prefix"):
            if not candidate.value:
                raise BadRootPrefix("The root prefix cannot be empty", hint="Give a path after -r.")
            path = self.machine.canonical(str(candidate.value))
            return self._settled("root_prefix", path, candidate.source)
        path, label = prefixes.default_root(self.machine)
        if label == "MAMBA_DEFAULT_ROOT_PREFIX":
            self.warnings.append(f"{label} is set, which is meant for tests only")
        return self._settled("root_prefix", path, _source_called(label))

    def _settled(self, name: str, value: str, source: Source) -> Setting:
        """The setting *name* as *source* has it, the strongest of its candidates."""
        others = [c for c in self.given.candidates(name) if c.source != source]
        return Setting(KEYS[name], value, (Candidate(source, value), *others))

    def _envs_dirs(self, root: str) -> Setting:
        candidates = list(self.given.candidates("envs_dirs"))
        for path in self.files:
            candidates += self.layers[path].get("envs_dirs", ())
        merged = merge(KEYS["envs_dirs"], candidates)
        assert isinstance(merged.value, tuple)
        # The source of each folder survives its path being made canonical.
        sources: dict[str, tuple[Source, ...]] = {os.path.join(root, "envs"): (DEFAULT,)}
        for path, source in zip(reversed(merged.value), reversed(merged.parts), strict=True):
            sources[prefixes.directory(path, self.machine, "envs_dirs")] = source
        paths = prefixes.envs_dirs(merged.value, root, self.machine)
        return merged.with_value(paths, tuple(sources[path] for path in paths))

    def _target(self, root: str, dirs: Setting) -> Setting:
        assert isinstance(dirs.value, tuple)
        path, label, warning = prefixes.find_target(
            self._first("target_prefix"),
            self._target_name(),
            self.rules,
            root,
            dirs.value,
            self.machine,
        )
        if warning:
            self.warnings.append(warning)
        if not path:
            return Setting(KEYS["target_prefix"], None)
        return self._settled("target_prefix", path, _source_called(label))

    def _first(self, name: str) -> tuple[str, str] | None:
        candidates = self.given.candidates(name)
        return (str(candidates[0].value), candidates[0].source.label) if candidates else None

    def _target_name(self) -> tuple[str, str] | None:
        """The name given by option, else by a spec file unless there is a path by option."""
        asked = self._first("env_name")
        path = self._first("target_prefix")
        if asked or not (self.spec_file and self.spec_file.name):
            return asked
        return None if path and path[1] in ("API", "CLI") else (self.spec_file.name, "CLI")

    def _read_files(self, root: str, target: str) -> None:
        """Find and read configuration files, the strongest first, each only once.

        One that comes up twice (by ``$CONDARC`` and in its usual place) keeps the
        stronger position.
        """
        known = self.files
        found: dict[str, RcFile] = {}
        for path, level in reversed(self._wanted(root, target)):
            if path in found:
                continue
            found[path] = known[path] if path in known else self._read(path, level)
        self.files = found

    def _read(self, path: str, level: Level) -> RcFile:
        file = rcfiles.read(path, level, self.machine)
        if file.problem and level == "explicit":
            raise RcFileError(
                f"Configuration file '{path}' {file.problem}",
                path=path,
                hint="Correct the file, or do without --rc-file.",
            )
        if file.problem:
            self.warnings.append(f"{file.label} {file.problem}; the file is skipped")
        self.layers[path], warnings = layers.of_rc_file(file)
        self.warnings += warnings
        return file

    def _wanted(self, root: str, target: str) -> list[tuple[str, Level]]:
        """The files to be read, the weakest first."""
        asked = self.given.texts("rc_files")
        if self.given.no_rc:
            if asked:
                raise ConflictingSettings(
                    "Configuration files disabled by 'no_rc'",
                    hint="Give --rc-file or --no-rc, not both.",
                )
            return []
        if asked:
            return [
                (file, "explicit")
                for path in reversed(asked)
                for file in rcfiles.explicit_files(self._existing(path))
            ]
        searched = rcfiles.search_path(self.machine, root, target)
        return self._with_variables(
            [
                (path, searched.get(path) or searched[os.path.dirname(path)])
                for path in rcfiles.present(searched)
            ]
        )

    def _existing(self, path: str) -> str:
        absolute = self.machine.absolute(path)
        if not os.path.exists(absolute):
            raise RcFileError(
                f"Configuration file specified but does not exist at '{absolute}'",
                path=absolute,
                hint="Correct the path after --rc-file.",
            )
        return absolute

    def _with_variables(self, found: list[tuple[str, Level]]) -> list[tuple[str, Level]]:
        """*found*, with the files of ``$CONDARC`` and ``$MAMBARC`` above all others."""
        if self.no_env:
            return found
        named: list[tuple[str, Level]] = []
        for variable in ("CONDARC", "MAMBARC"):
            for text in reversed(_paths_named(self.machine.env.get(variable, ""))):
                path = self.machine.absolute(text)
                if os.path.exists(path):
                    named += [(file, "user") for file in rcfiles.explicit_files(path)]
                else:
                    warning = f"{variable} names a file that does not exist: {path}"
                    if warning not in self.warnings:
                        self.warnings.append(warning)
        return found + named


def _paths_named(text: str) -> tuple[str, ...]:
    """The paths in a variable: a list as in YAML; what is no such list is one path."""
    try:
        return split_list(text)
    except ValueError:
        return (text,)


def _source_called(label: str) -> Source:
    """The source of a prefix: an option, a variable, or a guess."""
    kinds: dict[str, SourceKind] = {"CLI": "cli", "API": "api", "fallback": "fallback"}
    return Source(kinds.get(label, "env"), label)
