"""xonsh: Python.

Everything is said in Python, whose literals hold any text; scripts are those of the
POSIX shells, run by bash, whose environment is taken over.
"""

from __future__ import annotations

import os

from mm_shell.shells.shell import Shell, program_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mm_shell.changes import Changes

__all__ = ["Family"]


class Family(Shell):
    """xonsh, which shows the environment in its own prompt (``{env_name}``)."""

    script_extension = ".sh"

    def render(self, changes: Changes) -> str:
        """With the function that sources scripts, if there are any."""
        code = super().render(changes)
        return SOURCE + code if changes.scripts(self.script_extension) else code

    def export(self, name: str, value: str) -> str:
        """As `Shell.export`."""
        return f"__xonsh__.env[{name!r}] = {value!a}"

    def unset(self, name: str) -> str:
        """Quiet where a script has removed the variable already."""
        return f"__xonsh__.env.pop({name!r}, None)"

    def source(self, path: str) -> str:
        """As `Shell.source`."""
        return f"_mamba_source({path!a})"

    def hook(self, executable: str, root_prefix: str) -> str:
        """Commands called ``micromamba``, ``mm`` and as the executable is."""
        return HOOK % {
            "executable": ascii(executable),
            "root_prefix": ascii(root_prefix),
            "condabin": ascii(os.path.join(root_prefix, "condabin")),
            "names": [*program_names(executable), "mm"],
        }

    def enter(self, environment: str) -> str:
        """As Python: the alias would have to be known when the text is compiled."""
        return f"_mamba(['activate', {environment!r}])\n"

    def startup_files(self, home: str, environ: Mapping[str, str]) -> tuple[str, ...]:
        """``~/.xonshrc``."""
        return (os.path.join(home, ".xonshrc"),)

    def block(self, executable: str, root_prefix: str) -> str:
        """As `Shell.block`."""
        return BLOCK % {"executable": ascii(executable), "root_prefix": ascii(root_prefix)}

    def files(self, executable: str, root_prefix: str) -> dict[str, str]:
        """What others source to have the commands: the hook."""
        path = os.path.join(root_prefix, "etc", "profile.d", "mamba.xsh")
        return {path: self.hook(executable, root_prefix)}


SOURCE = r'''
def _mamba_source(script):
    """Run *script* in bash and take over what it does to the environment."""
    import os, subprocess, sys

    tell = "import os, sys; os.fdopen(int(sys.argv[1]), 'wb').write(" \
        "b''.join(k + b'=' + v + b'\\0' for k, v in os.environb.items()))"
    code = 'p=$1 f=$2 e=$3 t=$4; set --; . "$p"; exec "$e" -I -c "$t" "$f"'
    before = dict(__xonsh__.env.detype())
    reading, writing = os.pipe()
    with subprocess.Popen(
        ["bash", "-c", code, "bash", script, str(writing), sys.executable, tell],
        env=before, pass_fds=[writing],
    ) as shell:
        os.close(writing)
        with open(reading, "rb") as told:
            pairs = [each.partition(b"=") for each in told.read().split(b"\0") if each]
    after = {os.fsdecode(name): os.fsdecode(value) for name, _, value in pairs}
    own = ("_", "SHLVL", "PWD", "OLDPWD")
    for name, value in after.items():
        if name not in own and before.get(name) != value:
            __xonsh__.env[name] = value
    for name in before:
        if after and name not in own and name not in after:
            __xonsh__.env.pop(name, None)

'''

HOOK = r'''# micromamba and mm as commands: this shell evaluates their activation code.
__xonsh__.env["MAMBA_EXE"] = %(executable)s
__xonsh__.env["MAMBA_ROOT_PREFIX"] = %(root_prefix)s


def _mamba_run(words, stdin=None, stdout=None, stderr=None):
    """The program itself; its streams are the command's."""
    import subprocess

    def real(stream):
        try:
            stream.fileno()
        except Exception:
            return None
        return stream

    streams = {"stdin": real(stdin), "stdout": real(stdout), "stderr": real(stderr)}
    command = [%(executable)s, *words]
    return subprocess.run(command, env=__xonsh__.env.detype(), **streams).returncode


def _mamba_xctivate(words):
    """Evaluate the code that the program prints."""
    import os, subprocess

    command = [%(executable)s, "shell", *words]
    if "-h" in words or "--help" in words:
        return _mamba_run(["shell", *words])
    done = subprocess.run(
        [*command, "--shell", "xonsh"], env=__xonsh__.env.detype(), stdout=subprocess.PIPE
    )
    if done.returncode == 0:
        exec(os.fsdecode(done.stdout), {"__xonsh__": __xonsh__})
    return done.returncode


def _mamba(args, stdin=None, stdout=None, stderr=None):
    """micromamba, in this shell."""
    import os

    verb = args[0] if args else ""
    if verb in ("activate", "deactivate", "reactivate"):
        return _mamba_xctivate(args)
    code = _mamba_run(args, stdin, stdout, stderr)
    if code == 0 and verb in ("install", "update", "upgrade", "remove", "uninstall"):
        if __xonsh__.env.get("CONDA_PREFIX"):
            return _mamba_xctivate(["reactivate"])
    if code == 0 and verb == "self-update" and os.path.exists(%(executable)s + ".bkup"):
        os.remove(%(executable)s + ".bkup")
    return code


def _mamba_set_up():
    from xonsh.tools import unthreadable

    for name in %(names)s:
        __xonsh__.aliases[name] = unthreadable(_mamba)
    if "CONDA_SHLVL" not in __xonsh__.env:
        __xonsh__.env["CONDA_SHLVL"] = "0"
        if %(condabin)s not in __xonsh__.env["PATH"]:
            __xonsh__.env["PATH"].insert(0, %(condabin)s)


def _mamba_complete(prefix, line, begidx, endidx, ctx):
    """What may follow: the program knows."""
    import subprocess

    words = line[:endidx].split(" ")
    if words[0] not in [%(executable)s, *%(names)s] or len(words) < 2:
        return None
    command = [%(executable)s, "completer", "--lines", *words[1:]]
    done = subprocess.run(
        command, env=__xonsh__.env.detype(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    return set(done.stdout.decode("utf-8", "replace").splitlines()) or None


_mamba_set_up()
if __xonsh__.env.get("XONSH_INTERACTIVE"):
    from xonsh.completers.completer import add_one_completer

    add_one_completer("mamba", _mamba_complete, "start")
'''

BLOCK = """\
$MAMBA_EXE = %(executable)s
$MAMBA_ROOT_PREFIX = %(root_prefix)s
import os as _mamba_os
if _mamba_os.path.exists($MAMBA_EXE):
    execx($($MAMBA_EXE shell hook --shell xonsh --root-prefix $MAMBA_ROOT_PREFIX))
"""
