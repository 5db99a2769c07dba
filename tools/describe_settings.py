"""Writes docs/configuration.md from the table of settings; --check only compares.

python tools/describe_settings.py [--check]
"""

from __future__ import annotations

import sys
from pathlib import Path

import mm_config
from mm_config.descriptions import DETAILS, KINDS, default_text
from mm_config.keys import KEYS, Key
from mm_config.rcfiles import SEARCH_PATH

PAGE = Path(__file__).parents[1] / "docs" / "configuration.md"

HEAD = """\
# Configuration

<!-- Written by tools/describe_settings.py from the table in mm_config.keys: edit that. -->

Settings come from the command line, from environment variables and from configuration files.
`micromamba config list --sources` shows what is in force and who said so, `micromamba config
explain KEY` who was overruled, with file and line.

## Who wins

From strong to weak: options, with what spec files (`-f`) say after them; environment variables, in
the order given below; configuration files; the default.

| Type | What several sources amount to |
| --- | --- |
| one value | the strongest counts |
| list | one source after the other, the strongest first, without duplicates |
| map | entry by entry, the strongest for each |

A default counts only where nobody says anything: `-c bioconda` alone is not followed by conda-forge.

## Configuration files

From weak to strong, as far as they exist:

| Level | Files |
| --- | --- |
"""

PLACES = {
    "system": "`/etc/conda`, then `/var/lib/conda` (Windows: `C:\\ProgramData\\conda`)",
    "root": "the root prefix",
    "config": "`$XDG_CONFIG_HOME` or `~/.config` (Windows: `%APPDATA%`)",
    "home": "`~`",
    "active": "`$CONDA_PREFIX`, unless it is the target prefix",
    "target": "the target prefix",
}

FILES = """\
| variables | the files that `$CONDARC` names, then those of `$MAMBARC` |

A name ending in `.d` is a folder: of its files (`*.yml`, `*.yaml`, or named like the others) later
names are stronger. A path that comes up twice keeps its weaker place.

- `--rc-file FILE…` reads these files instead, the first being the strongest; the files may have any
  name.
- `--no-rc` reads none; `--no-env` ignores environment variables, `$CONDARC` and `$MAMBARC` too.

In values, `$NAME` and `${NAME}` stand for environment variables; one that is not set stays as
written. Settings of conda that mean nothing here are passed over; what looks like a slip of the pen
is pointed out, and so is a value of the wrong kind, with file and line. A file that is no valid YAML
is skipped with a warning, but an error for commands that change something.

## Changing files

| Command | Does |
| --- | --- |
| `config get KEY` | shows what a file says |
| `config set KEY VALUE` | gives a setting a value; `a,b` is a list, `{a: b}` a map |
| `config append KEY VALUE`, `prepend` | adds to a list; what is in it already moves |
| `config remove KEY VALUE` | takes a value out of a list, or an entry out of a map |
| `config remove-key KEY` | takes a setting out |

All work on `~/.condarc`, or with `--file FILE`, `--env` (the environment's own) or `--system` on
another file. `MAP.ENTRY` stands for one entry of a map: `config set proxy_servers.https http://p`.
Comments, order, quotes and every line that is not concerned stay as they are; the file is replaced
as a whole or not at all; `--dry-run` shows the difference.

## Settings

Where no variable or file is named, a setting has none: it is for options only, or for variables.
"""


def page() -> str:
    """The whole page."""
    levels: dict[str, list[str]] = {}
    for level, folder, names in SEARCH_PATH:
        place, *rest = folder.split("/")
        inside = "".join(f", `{part}` in it" for part in rest)
        files = ", ".join(f"`{name}`" for name in names)
        levels.setdefault(level, []).append(f"{PLACES[place]}{inside}: {files}")
    lines = [f"| {level} | {'<br>'.join(files)} |" for level, files in levels.items()]
    blocks = [HEAD + "\n".join(lines) + "\n" + FILES]
    for group in mm_config.GROUPS:
        keys = [key for key in KEYS.values() if key.group == group]
        blocks.append(f"### {group}\n")
        blocks += [described(key) for key in keys]
    return "\n".join(blocks)


def described(key: Key) -> str:
    """What there is to know about one setting."""
    facts = [f"one of {', '.join(key.choices)}" if key.choices else KINDS[key.kind]]
    default = default_text(key.default)
    if default:
        facts.append(f"default: `{default}`")
    elif key.default is None:
        facts.append("default: depends on the machine")
    if key.env:
        facts.append(f"environment: {', '.join(f'`{name}`' for name in key.env)}")
    if not key.rc:
        facts.append("not in files")
    elif key.rc == "home":
        facts.append("not in the target prefix's files")
    if key.aliases:
        facts.append(f"also known as {', '.join(f'`{name}`' for name in key.aliases)}")
    if key.deprecated:
        facts.append(f"once called {', '.join(f'`{name}`' for name in key.deprecated)}")
    text = " ".join((key.description, *DETAILS.get(key.name, ())))
    return (
        f"**`{key.name}`**: {escaped(text)}\n\n" + "\n".join(f"- {fact}" for fact in facts) + "\n"
    )


def escaped(text: str) -> str:
    """*text* with what Markdown would take for its own."""
    return "".join(f"\\{sign}" if sign in "*<>_|" else sign for sign in text)


def main() -> int:
    text = page()
    if "--check" in sys.argv[1:]:
        same = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text
        print(f"{PAGE} is up to date" if same else f"{PAGE} is out of date: run {sys.argv[0]}")
        return 0 if same else 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
