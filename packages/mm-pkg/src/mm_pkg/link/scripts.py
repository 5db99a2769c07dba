"""Link scripts: programs of a package that run when it is linked or unlinked.

``bin/.<name>-<action>.sh``, on Windows ``Scripts/.<name>-<action>.bat``. A
script's exit status counts; its output is captured and given to the caller.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from mm_pkg.cancellation import Cancellation
from mm_pkg.errors import LinkScriptFailed
from mm_pkg.record import PackageRecord

__all__ = ["Action", "link_script", "run_link_script", "take_messages"]

Action = Literal["pre-link", "post-link", "pre-unlink"]

_ACTIVATED = """\
for script in "$CONDA_PREFIX"/etc/conda/activate.d/*.sh; do
    if [ -f "$script" ]; then . "$script"; fi
done
. "$1"
"""
"""Runs a script as if in an activated environment."""

_POLL_SECONDS = 0.2


def link_script(name: str, action: Action, *, windows: bool = os.name == "nt") -> str:
    """The path of a package's script, relative to where it is looked for.

    >>> link_script("fonts", "post-link", windows=False)
    'bin/.fonts-post-link.sh'
    """
    return f"Scripts/.{name}-{action}.bat" if windows else f"bin/.{name}-{action}.sh"


def run_link_script(
    folder: Path,
    record: PackageRecord,
    action: Action,
    *,
    prefix: Path,
    root_prefix: Path,
    base_env: Mapping[str, str] | None = None,
    cancellation: Cancellation | None = None,
) -> str | None:
    """Run the script of *record* below *folder* (the extracted package or the prefix).

    Returns what it printed, or None when there is no such script. Raises
    `LinkScriptFailed` when it cannot be started or does not return 0.
    """
    script = folder / link_script(record.name, action)
    if not script.is_file():
        return None
    env = dict(os.environ if base_env is None else base_env)
    env |= {
        "ROOT_PREFIX": str(root_prefix),
        "PREFIX": str(prefix),
        "PKG_NAME": record.name,
        "PKG_VERSION": record.version,
        "PKG_BUILDNUM": str(record.build_number),
        "PATH": os.pathsep.join(filter(None, [str(script.parent), env.get("PATH", "")])),
    }
    if action == "pre-link":
        env["SOURCE_DIR"] = str(folder)
    if action == "post-link":
        env |= {
            "CONDA_PREFIX": str(prefix),
            "CONDA_DEFAULT_ENV": prefix.name,
            "CONDA_SHLVL": "1",
            "PATH": os.pathsep.join([str(prefix / "bin"), env["PATH"]]),
        }
    status, output = _run(_command(script, action), script.parent, env, cancellation)
    if status:
        last = output.strip().splitlines()[-1:] or ["no output"]
        raise LinkScriptFailed(
            f"{action} script of {record.dist} failed with status {status}: {last[0]}",
            status=status,
            output=output,
        )
    return output


def _command(script: Path, action: Action) -> list[str]:
    if script.suffix == ".bat":
        return [os.environ.get("COMSPEC", "cmd.exe"), "/d", "/c", str(script)]
    shell = shutil.which("bash") or "/bin/sh"
    if action == "post-link":
        return [shell, "-c", _ACTIVATED, shell, str(script)]
    return [shell, str(script)]


def _run(
    command: list[str], folder: Path, env: Mapping[str, str], cancellation: Cancellation | None
) -> tuple[int, str]:
    import subprocess

    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:
        raise LinkScriptFailed(f"{command[-1]} cannot be started: {error.strerror}") from None
    with process:
        while True:
            try:
                output, _ = process.communicate(timeout=_POLL_SECONDS)
                return process.returncode, output.decode("utf-8", "replace")
            except subprocess.TimeoutExpired:
                if cancellation is not None and cancellation.cancelled:
                    process.kill()
                    cancellation.check()
            except BaseException:
                process.kill()
                raise


def take_messages(prefix: Path) -> str:
    """What scripts left in ``.messages.txt`` for the user; the file is deleted."""
    path = prefix / ".messages.txt"
    try:
        text = path.read_text("utf-8", "replace")
        path.unlink()
    except OSError:
        return ""
    return text.strip()
