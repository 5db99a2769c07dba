"""cmd.exe.

It reads code from files only, and has no functions: the batch files that stand for
``micromamba`` and ``mm`` are below the root prefix. In a batch file ``%`` is doubled; in
quotes all else is literal but the quote itself, so a value with quotes goes without
them, each special character behind a caret.
"""

from __future__ import annotations

from mm_shell.changes import Changes
from mm_shell.errors import NoStartupFile, NotExpressible
from mm_shell.shells.shell import Shell, program_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Family", "assignment"]

SPECIAL = frozenset('"^&|<>()! \t,;=')
"""What has a meaning outside of quotes."""

NEVER = frozenset("\r\n\0\x1a")
"""What a line of a batch file cannot hold."""


def assignment(name: str, value: str) -> str:
    """The words after ``SET`` that give *name* a *value*, whatever is in it.

    Raises `NotExpressible` for a line break.

    >>> print(assignment("A", "50% & more"), assignment("A", 'say "hi"'))
    "A=50%% & more" A=say^ ^"hi^"
    """
    if not NEVER.isdisjoint(value):
        raise NotExpressible(
            f"cmd.exe cannot hold the value of {name}: it has a line break",
            variable=name,
            hint="Use another shell, or a value of one line.",
        )
    text = value.replace("%", "%%")
    if '"' not in text:
        return f'"{name}={text}"'
    return f"{name}=" + "".join(f"^{each}" if each in SPECIAL else each for each in text)


def _path(path: str) -> str:
    """*path* as one word of a batch file. Raises `NotExpressible`."""
    if not NEVER.isdisjoint(path) or '"' in path:
        raise NotExpressible(
            f"cmd.exe cannot name the path {path!r}",
            hint="Use another shell, or a path without quotes and line breaks.",
        )
    return '"' + path.replace("%", "%%") + '"'


def _joined(root_prefix: str, *parts: str) -> str:
    """A path below the root prefix, with the slashes that the root prefix has."""
    separator = "/" if root_prefix.startswith("/") else "\\"
    return separator.join([root_prefix.rstrip("/\\"), *parts])


class Family(Shell):
    """cmd.exe. A value of no characters is no value to it."""

    script_extension = ".bat"
    prompt_variable = "PROMPT"
    reads_files_only = True

    def render(self, changes: Changes) -> str:
        """A batch file's text; if not plain ASCII it says that it is UTF-8, and takes that back."""
        code = super().render(changes)
        return code if code.isascii() else f"{UTF_8}{code}{CODE_PAGE_BEFORE}"

    def export(self, name: str, value: str) -> str:
        """As `Shell.export`."""
        return f"@SET {assignment(name, value)}"

    def unset(self, name: str) -> str:
        """As `Shell.unset`."""
        return f'@SET "{name}="'

    def source(self, path: str) -> str:
        """`CALL` looks at its words twice."""
        return f"@CALL {_path(path.replace('%', '%%'))}"

    def set_prompt(self, text: str) -> str:
        """As `Shell.set_prompt`."""
        return f"@SET {assignment('PROMPT', text)}"

    def hook(self, executable: str, root_prefix: str) -> str:
        """Nothing to evaluate: `files` holds it all, to be called as ``mamba_hook.bat``."""
        return ""

    def enter(self, environment: str) -> str:
        """Nothing, likewise."""
        return ""

    def startup_files(self, home: str, environ: Mapping[str, str]) -> tuple[str, ...]:
        """None: there is a place in the registry instead (`mm_shell.autorun`)."""
        raise NoStartupFile(
            "cmd.exe is set up in the registry, which only Windows has",
            shell=self.name,
            hint="Name another shell, as in --shell bash.",
        )

    def block(self, executable: str, root_prefix: str) -> str:
        """The command that the registry is to hold."""
        return f'"{_joined(root_prefix, "condabin", "mamba_hook.bat")}"'

    def files(self, executable: str, root_prefix: str) -> dict[str, str]:
        """The batch files: what the program's names call, and how they are made known."""
        names = [*program_names(executable), "mm"]
        main = _joined(root_prefix, "condabin", f"{names[-2]}.bat")
        hook = _joined(root_prefix, "condabin", "mamba_hook.bat")
        xctivate = _joined(root_prefix, "condabin", f"_{names[-2]}_activate.bat")
        fields = {
            "executable": assignment("MAMBA_EXE", executable),
            "root_prefix": assignment("MAMBA_ROOT_PREFIX", root_prefix),
            "condabin": _joined(root_prefix, "condabin").replace("%", "%%"),
            "main": _path(main),
            "hook": _path(hook),
            "xctivate": _path(xctivate),
            "macros": "".join(f"@DOSKEY {name}={_path(main)} $*\n" for name in names),
        }
        activate = ACTIVATE % fields
        return {
            main: MAIN % fields,
            xctivate: XCTIVATE,
            hook: HOOK % fields,
            _joined(root_prefix, "condabin", "activate.bat"): activate,
            _joined(root_prefix, "Scripts", "activate.bat"): activate,
        }


UTF_8 = """\
@FOR /F "tokens=2 delims=:." %%A IN ('CHCP') DO @SET "__MAMBA_CP=%%A"
@CHCP 65001 > NUL
"""

CODE_PAGE_BEFORE = """\
@IF DEFINED __MAMBA_CP CHCP %__MAMBA_CP% > NUL
@SET "__MAMBA_CP="
"""

MAIN = """\
@REM What `micromamba` calls: activation changes this shell, all else is for the program.
@SET %(executable)s
@SET %(root_prefix)s
@FOR %%%%A IN (activate deactivate reactivate) DO @IF "%%~1"=="%%%%A" GOTO :xctivate
@"%%MAMBA_EXE%%" %%*
@IF ERRORLEVEL 1 EXIT /B %%ERRORLEVEL%%
@FOR %%%%A IN (install update upgrade remove uninstall) DO @IF "%%~1"=="%%%%A" GOTO :changed
@IF "%%~1"=="self-update" IF EXIST "%%MAMBA_EXE%%.bkup" DEL /F /Q "%%MAMBA_EXE%%.bkup"
@EXIT /B 0
:changed
@IF NOT DEFINED CONDA_PREFIX EXIT /B 0
@CALL %(xctivate)s reactivate
@EXIT /B %%ERRORLEVEL%%
:xctivate
@CALL %(xctivate)s %%*
@EXIT /B %%ERRORLEVEL%%
"""

XCTIVATE = """\
@REM Call the batch file that `shell activate` writes and names, and remove it.
@SET "__MAMBA_BAT="
@FOR %%A IN (%*) DO @IF "%%~A"=="--help" GOTO :help
@FOR %%A IN (%*) DO @IF "%%~A"=="-h" GOTO :help
@FOR /F "delims=" %%A IN ('CALL "%MAMBA_EXE%" shell %* --shell cmd.exe') DO @SET "__MAMBA_BAT=%%A"
@IF NOT DEFINED __MAMBA_BAT EXIT /B 1
@CALL "%__MAMBA_BAT%"
@IF NOT DEFINED CONDA_TEST_SAVE_TEMPS DEL /F /Q "%__MAMBA_BAT%"
@SET "__MAMBA_BAT="
@EXIT /B 0
:help
@"%MAMBA_EXE%" shell %*
@EXIT /B %ERRORLEVEL%
"""

HOOK = """\
@REM Makes `micromamba` and `mm` commands of this cmd.exe that can change its environment.
@SET %(executable)s
@SET %(root_prefix)s
%(macros)s\
@IF DEFINED CONDA_SHLVL EXIT /B 0
@SET "CONDA_SHLVL=0"
@SET "PATH=%(condabin)s;%%PATH%%"
"""

ACTIVATE = """\
@CALL %(hook)s
@CALL %(main)s activate %%*
"""
