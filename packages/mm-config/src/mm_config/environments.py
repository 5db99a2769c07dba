"""The environments there are, and whether a path is one.

Reading only; `mm_pkg` keeps the register (``~/.conda/environments.txt``).
"""

from __future__ import annotations

from pathlib import Path

from mm_config.errors import NotAnEnvironment, NoTargetPrefix, PrefixExists, PrefixNotFound
from mm_config.frozen import Frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["PrefixChecks", "check_prefix", "known_environments"]


class PrefixChecks(Frozen):
    """What must hold of a target prefix.

    allow_existing        -- else there must be nothing at the path
    allow_missing_value   -- else there must be a path
    allow_not_environment -- else a directory there must be an environment
    expect_existing       -- there must be a directory
    """

    __slots__ = (
        "allow_existing",
        "allow_missing_value",
        "allow_not_environment",
        "expect_existing",
    )
    allow_existing: bool
    allow_missing_value: bool
    allow_not_environment: bool
    expect_existing: bool

    def __init__(
        self,
        *,
        allow_existing: bool = True,
        allow_missing_value: bool = False,
        allow_not_environment: bool = False,
        expect_existing: bool = True,
    ) -> None:
        self._set(
            allow_existing=allow_existing,
            allow_missing_value=allow_missing_value,
            allow_not_environment=allow_not_environment,
            expect_existing=expect_existing,
        )


def check_prefix(prefix: Path | None, checks: PrefixChecks | None = None) -> None:
    """Make sure that *prefix* is what *checks* ask for; by default, an environment.

    Raises `NoTargetPrefix`, `PrefixExists`, `PrefixNotFound`, `NotAnEnvironment`.
    """
    checks = checks or PrefixChecks()
    if prefix is None:
        if not checks.allow_missing_value:
            raise NoTargetPrefix(
                "No target prefix specified", hint="Name one with -n NAME or -p PATH."
            )
        return
    if not prefix.is_dir():
        _check_absent(prefix, checks)
        return
    if not checks.allow_existing:
        raise PrefixExists(f"Not allowed pre-existing prefix: {prefix}", hint="Choose another.")
    if not checks.allow_not_environment and not (prefix / "conda-meta").is_dir():
        raise NotAnEnvironment(
            f"Expected environment not found at prefix: {prefix}",
            hint="The folder has no conda-meta; `create` makes an environment.",
        )


def _check_absent(prefix: Path, checks: PrefixChecks) -> None:
    if prefix.exists() and not (checks.allow_not_environment and not checks.expect_existing):
        raise NotAnEnvironment(
            f"Expected environment not found at prefix: {prefix}", hint="There is a file."
        )
    if checks.expect_existing:
        raise PrefixNotFound(
            f"No prefix found at: {prefix}",
            hint="`env list` shows the environments there are; `create -n NAME` makes one.",
        )


def known_environments(register: Path, envs_dirs: Iterable[Path], root: Path) -> tuple[Path, ...]:
    """The environments that are registered, in an envs dir, or the root; sorted.

    *register* is a text file of one absolute path a line. What is no longer an
    environment is left out; the root prefix is always there.
    """
    found = {path for path in _registered(register) if _is_environment(path)}
    for folder in envs_dirs:
        found.update(path for path in _children(folder) if _is_environment(path))
    return tuple(sorted({*found, root}))


def _registered(register: Path) -> list[Path]:
    try:
        lines = register.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []
    paths = (Path(line.strip()) for line in lines if line.strip())
    return [path for path in paths if path.is_absolute()]


def _children(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _is_environment(path: Path) -> bool:
    try:
        return (path / "conda-meta" / "history").is_file()
    except (OSError, ValueError):
        return False
