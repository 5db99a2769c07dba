"""The name of an environment, and what a shell's prompt shows of it."""

from __future__ import annotations

import os

from mm_shell.value import Value

__all__ = ["Prompt", "environment_name"]


class Prompt(Value):
    """How the prompt tells the active environment.

    ``changeps1``: whether it does at all. ``env_prompt``: what is put in front of
    the prompt, with ``{default_env}``, ``{stacked_env}``, ``{prefix}`` and
    ``{name}`` replaced.
    """

    __slots__ = ("changeps1", "env_prompt")

    changeps1: bool
    env_prompt: str

    def __init__(self, changeps1: bool = True, env_prompt: str = "({default_env}) ") -> None:
        self._set(changeps1=changeps1, env_prompt=env_prompt)

    def modifier(self, prefix: str, root_prefix: str, stacked_below: list[str]) -> str:
        """What goes in front of the prompt while *prefix* is active.

        *stacked_below*: the prefixes it is stacked on, nearest first.

        >>> Prompt().modifier("/opt/mm/envs/py", "/opt/mm", [])
        '(py) '
        >>> Prompt(env_prompt="[{stacked_env}] ").modifier("/mm/envs/b", "/mm", ["/mm"])
        '[b;base] '
        >>> Prompt(changeps1=False).modifier("/opt/mm/envs/py", "/opt/mm", [])
        ''
        """
        if not self.changeps1:
            return ""
        stack = [environment_name(each, root_prefix) for each in (prefix, *stacked_below)]
        return _fill(
            self.env_prompt,
            {
                "default_env": stack[0],
                "stacked_env": ";".join(stack),
                "prefix": prefix,
                "name": os.path.basename(prefix),
            },
        )


def environment_name(prefix: str, root_prefix: str) -> str:
    """The value of ``CONDA_DEFAULT_ENV``: a name where there is one, else the path.

    >>> environment_name("/opt/mm", "/opt/mm")
    'base'
    >>> environment_name("/opt/mm/envs/py", "/opt/mm"), environment_name("/srv/py", "/opt/mm")
    ('py', '/srv/py')
    """
    if prefix == root_prefix:
        return "base"
    folder, name = os.path.split(prefix)
    return name if os.path.basename(folder) == "envs" else prefix


def _fill(template: str, fields: dict[str, str]) -> str:
    """*template* with ``{field}`` replaced, in one pass: a value is not looked into again."""
    head, *rest = template.split("{")
    filled = [head]
    for piece in rest:
        name, brace, tail = piece.partition("}")
        known = brace and name in fields
        filled.append(_inert(fields[name]) + tail if known else "{" + piece)
    return "".join(filled)


def _inert(text: str) -> str:
    """*text* as a prompt may hold it.

    A shell expands its prompt each time it shows it: an environment called
    ``$(reboot)`` must not be run by that, nor one with ``%`` or ``\\`` garble it,
    nor a control character reach the terminal. The template keeps all of these.
    """
    return "".join(each if each.isprintable() and each not in "$`\\%!" else "?" for each in text)
