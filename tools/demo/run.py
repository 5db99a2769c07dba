#!/usr/bin/env python3
"""The demonstration: a channel from files, an environment from it, its program run.

Works offline, in a temporary folder that is removed at the end; shows the real
commands and what they print.  Exit code 0 only if everything did what it says.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from make_demo_channel import make_channel

MICROMAMBA = Path(sys.executable).with_name("micromamba")
ACTIVATED = """\
eval "$(micromamba shell hook -s posix)"
micromamba activate demo
echo "activated:   GREET_LANGUAGE=$GREET_LANGUAGE, $(command -v greet)"
micromamba deactivate
echo "deactivated: GREET_LANGUAGE=${GREET_LANGUAGE-(not set)}"
"""


class Demo:
    """A scratch folder with its own home, root prefix and channel."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ = {
            "PATH": f"{MICROMAMBA.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "HOME": str(folder),
            "MAMBA_ROOT_PREFIX": str(folder / "root"),
            "LANG": os.environ.get("LANG", "C.UTF-8"),
        }

    def micromamba(self, *words: str) -> str:
        """Show a command and what it prints; returns what it printed."""
        print(f"\n$ micromamba {' '.join(words)}", flush=True)
        return self._show([str(MICROMAMBA), *words])

    def shell(self, script: str) -> str:
        """Show a shell script, then what it prints."""
        print()
        for line in script.splitlines():
            print(f"$ {line}", flush=True)
        return self._show(["sh", "-c", script])

    def _show(self, argv: list[str]) -> str:
        done = subprocess.run(
            argv,
            cwd=self.folder,
            env=self.environ,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for line in done.stdout.splitlines():
            if line.strip():
                print(f"  {line.replace(str(self.folder), '~')}")
        if done.returncode:
            sys.exit(f"demo: exit code {done.returncode}, expected 0")
        return done.stdout


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="mm-demo-") as tmp:
        folder = Path(tmp).resolve()
        artifacts = make_channel(folder / "channel")
        print(f"A channel of {len(artifacts)} packages, built from tools/demo/recipes:")
        print("  " + "  ".join(artifacts))
        demo = Demo(folder)
        demo.micromamba("create", "-y", "-q", "-n", "demo", "-c", "./channel", "greet=1.0")
        demo.micromamba("list", "-n", "demo")
        first = demo.micromamba("run", "-n", "demo", "greet")
        demo.micromamba("install", "-y", "-q", "-n", "demo", "-c", "./channel", "greet>=2")
        second = demo.micromamba("run", "-n", "demo", "greet", "reader")
        shown = demo.shell(ACTIVATED)
        prefix = str(folder / "root" / "envs" / "demo")
        if first != f"Bonjour, from {prefix}/share/greet/phrases\n":
            sys.exit("demo: greet 1.0 did not say what it should")
        if not second.startswith("Bonjour, reader,"):
            sys.exit("demo: greet 2.0 did not replace 1.0")
        if "GREET_LANGUAGE=french" not in shown or "(not set)" not in shown:
            sys.exit("demo: the activation script did not do its work")
    print("\nAll of it worked, and nothing is left behind.")


if __name__ == "__main__":
    main()
