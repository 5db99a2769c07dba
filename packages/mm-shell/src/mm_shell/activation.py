"""Entering, refreshing and leaving an environment: from an environment to changes.

The three functions are pure: all they know is the environment mapping, and what
*facts* tells of a prefix. Levels nest: ``CONDA_SHLVL`` counts them,
``CONDA_PREFIX_<n>`` keeps the prefix of level *n* while a higher one is active,
``CONDA_STACKED_<n>`` says that level *n* came on top of the one below (whose
folders stay on PATH, whose variables and scripts stay in force) rather than in
its place. Leaving a level undoes entering it, variable by variable.

The environment comes from anywhere: a level that is no number, or that has no
prefix, counts as no environment.
"""

from __future__ import annotations

import os

from mm_shell import search_path
from mm_shell.changes import Changes
from mm_shell.draft import Draft
from mm_shell.errors import InvalidPrefix
from mm_shell.prefix_facts import PrefixFacts, read_prefix
from mm_shell.prompt import Prompt, environment_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Facts = Callable[[str], PrefixFacts]

__all__ = ["activate", "deactivate", "reactivate"]

SHOWN = ("CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_PROMPT_MODIFIER")
"""Variables that tell which environment is active; nothing of them remains at level 0."""


def activate(
    environ: Mapping[str, str],
    prefix: str | os.PathLike[str],
    root_prefix: str | os.PathLike[str],
    *,
    stack: bool = False,
    prompt: Prompt | None = None,
    facts: Facts = read_prefix,
) -> Changes:
    """Enter *prefix*: in place of the active environment, or on top of it with *stack*.

    Activating the active environment refreshes it, activating the one below it goes
    back to that. Both prefixes are absolute paths. Whether *prefix* exists is the
    caller's business. Raises `InvalidPrefix` for one that PATH cannot hold.

    >>> changes = activate({"PATH": "/bin"}, "/mm/envs/py", "/mm", facts=lambda p: PrefixFacts())
    >>> changes.apply({"PATH": "/bin"})["PATH"]
    '/mm/envs/py/bin:/bin'
    """
    new, root, prompt = _absolute(prefix), _absolute(root_prefix), prompt or Prompt()
    if os.pathsep in new:
        raise InvalidPrefix(
            f"Cannot activate {new}: PATH cannot hold a folder with '{os.pathsep}' in its name",
            hint="Create the environment at a path without it.",
            prefix=new,
        )
    draft = Draft(environ)
    level, old = _active(environ)
    if level and new == old:
        return reactivate(environ, root, prompt=prompt, facts=facts)
    if level > 1 and new == environ.get(f"CONDA_PREFIX_{level - 1}"):
        return deactivate(environ, root, prompt=prompt, facts=facts)

    old_facts = PrefixFacts()
    folders = search_path.split(environ.get("PATH"))
    if level and not stack:
        old_facts = facts(old)
        draft.leave_variables(old_facts.env_vars, level - 1)
        folders = search_path.without_prefix(folders, old)
    new_facts = facts(new)
    draft.warnings += new_facts.warnings
    draft.warnings += [
        f"{name} is set already; deactivation will bring its value back"
        for name, value in new_facts.env_vars.items()
        if draft.environ.get(name, value) != value
    ]
    draft.enter_variables(new_facts.env_vars, level)
    draft.assign("PATH", search_path.join(search_path.with_prefix(folders, new)))
    if not level:
        for name in SHOWN:
            draft.save(name, level)
    below = _stacked_below(environ, level)
    modifier = prompt.modifier(new, root, [old, *below] if level and stack else below)
    _show(draft, level + 1, new, environment_name(new, root), modifier)
    if level:
        draft.export(f"CONDA_PREFIX_{level}", old)
    draft.assign(f"CONDA_STACKED_{level + 1}", "true" if level and stack else None)
    return draft.changes(
        deactivate_scripts=old_facts.deactivate_scripts,
        activate_scripts=new_facts.activate_scripts,
        prompt=(_shown_modifier(environ), modifier),
    )


def deactivate(
    environ: Mapping[str, str],
    root_prefix: str | os.PathLike[str],
    *,
    prompt: Prompt | None = None,
    facts: Facts = read_prefix,
) -> Changes:
    """Leave the active environment, for the one that was active before it, if any."""
    level, old = _active(environ)
    if not level:
        return Changes()
    root, prompt = _absolute(root_prefix), prompt or Prompt()
    new = environ.get(f"CONDA_PREFIX_{level - 1}", "") if level > 1 else ""
    stacked = bool(new) and f"CONDA_STACKED_{level}" in environ
    draft = Draft(environ)
    old_facts = facts(old)
    draft.warnings += old_facts.warnings
    draft.leave_variables(old_facts.env_vars, level - 1)
    folders = search_path.without_prefix(search_path.split(environ.get("PATH")), old)
    draft.unset(f"CONDA_PREFIX_{level - 1}")
    draft.unset(f"CONDA_STACKED_{level}")
    new_facts, modifier = PrefixFacts(), ""
    if new:
        if not stacked:
            new_facts = facts(new)
            draft.enter_variables(new_facts.env_vars, level - 2)
            folders = search_path.with_prefix(folders, new)
        modifier = prompt.modifier(new, root, _stacked_below(environ, level - 1))
    draft.assign("PATH", search_path.join(folders))
    if new:
        _show(draft, level - 1, new, environment_name(new, root), modifier)
    else:
        draft.export("CONDA_SHLVL", "0")
        for name in SHOWN:
            draft.restore(name, 0)
    return draft.changes(
        path_first=True,
        deactivate_scripts=old_facts.deactivate_scripts,
        activate_scripts=new_facts.activate_scripts,
        prompt=(_shown_modifier(environ), modifier),
    )


def reactivate(
    environ: Mapping[str, str],
    root_prefix: str | os.PathLike[str],
    *,
    prompt: Prompt | None = None,
    facts: Facts = read_prefix,
) -> Changes:
    """Bring the active environment up to date, as after an installation into it.

    Its folders come first on PATH again, its variables get the values they have
    now, and its scripts are run: those that deactivate, then those that activate.
    """
    level, prefix = _active(environ)
    if not level:
        return Changes()
    root, prompt = _absolute(root_prefix), prompt or Prompt()
    draft = Draft(environ)
    known = facts(prefix)
    draft.warnings += known.warnings
    draft.refresh_variables(known.env_vars, level - 1)
    folders = search_path.without_prefix(search_path.split(environ.get("PATH")), prefix)
    draft.assign("PATH", search_path.join(search_path.with_prefix(folders, prefix)))
    draft.export("CONDA_SHLVL", str(level))
    modifier = prompt.modifier(prefix, root, _stacked_below(environ, level))
    draft.assign("CONDA_PROMPT_MODIFIER", modifier or None)
    return draft.changes(
        deactivate_scripts=known.deactivate_scripts,
        activate_scripts=known.activate_scripts,
        prompt=(_shown_modifier(environ), modifier),
    )


def _active(environ: Mapping[str, str]) -> tuple[int, str]:
    """The level and the active prefix; (0, "") when there is none.

    >>> _active({"CONDA_SHLVL": "2", "CONDA_PREFIX": "/p"}), _active({"CONDA_SHLVL": "²"})
    ((2, '/p'), (0, ''))
    """
    text = environ.get("CONDA_SHLVL", "")
    prefix = environ.get("CONDA_PREFIX", "")
    # No person nests a thousand environments; a longer number is not a level.
    level = int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 0
    return (level, prefix) if level and prefix else (0, "")


def _stacked_below(environ: Mapping[str, str], level: int) -> list[str]:
    """The prefixes whose folders are still on PATH behind that of *level*, nearest first."""
    below = []
    for each in range(level, 1, -1):
        prefix = environ.get(f"CONDA_PREFIX_{each - 1}")
        if prefix and f"CONDA_STACKED_{each}" in environ:
            below.append(prefix)
    return below


def _shown_modifier(environ: Mapping[str, str]) -> str:
    level, _ = _active(environ)
    return environ.get("CONDA_PROMPT_MODIFIER", "") if level else ""


def _show(draft: Draft, level: int, prefix: str, name: str, modifier: str) -> None:
    """Set the variables that tell which environment is active, in the order all tools use."""
    draft.export("CONDA_PREFIX", prefix)
    draft.export("CONDA_SHLVL", str(level))
    draft.export("CONDA_DEFAULT_ENV", name)
    draft.assign("CONDA_PROMPT_MODIFIER", modifier or None)


def _absolute(prefix: str | os.PathLike[str]) -> str:
    path = os.path.normpath(os.fspath(prefix))
    if not os.path.isabs(path):
        raise InvalidPrefix(f"Not an absolute path: {path}", prefix=path)
    return path
