"""A conda environment in a shell: activation, hooks, start-up files, completion, running programs.

Names are imported when they are first used: activation runs at each shell start.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mm_shell.activation import activate, deactivate, reactivate
    from mm_shell.changes import ChangePrompt, Changes, Export, Source, Step, Unset
    from mm_shell.detection import detect_shell
    from mm_shell.errors import (
        BrokenBlock,
        InvalidPrefix,
        NoCommand,
        NoCompletion,
        NoStartupFile,
        NotExpressible,
        ShellError,
        UnknownShell,
    )
    from mm_shell.init import Edit, initialised_shells, plan_deinit, plan_init
    from mm_shell.prefix_facts import PrefixFacts, is_settable, read_prefix
    from mm_shell.process_list import NameTaken, ProcessList, RunningProcess
    from mm_shell.prompt import Prompt, environment_name
    from mm_shell.running import RunPlan, run_plan
    from mm_shell.shells import SUPPORTED, Shell, completion, find_shell, hook, render

__all__ = [
    "SUPPORTED",
    "BrokenBlock",
    "ChangePrompt",
    "Changes",
    "Edit",
    "Export",
    "InvalidPrefix",
    "NameTaken",
    "NoCommand",
    "NoCompletion",
    "NoStartupFile",
    "NotExpressible",
    "PrefixFacts",
    "ProcessList",
    "Prompt",
    "RunPlan",
    "RunningProcess",
    "Shell",
    "ShellError",
    "Source",
    "Step",
    "UnknownShell",
    "Unset",
    "activate",
    "completion",
    "deactivate",
    "detect_shell",
    "environment_name",
    "find_shell",
    "hook",
    "initialised_shells",
    "is_settable",
    "plan_deinit",
    "plan_init",
    "reactivate",
    "read_prefix",
    "render",
    "run_plan",
]

_MODULES = {
    "activation": "activate deactivate reactivate",
    "changes": "ChangePrompt Changes Export Source Step Unset",
    "detection": "detect_shell",
    "errors": "BrokenBlock InvalidPrefix NoCommand NoCompletion "
    "NoStartupFile NotExpressible ShellError UnknownShell",
    "init": "Edit initialised_shells plan_deinit plan_init",
    "prefix_facts": "PrefixFacts is_settable read_prefix",
    "process_list": "NameTaken ProcessList RunningProcess",
    "prompt": "Prompt environment_name",
    "running": "RunPlan run_plan",
    "shells": "SUPPORTED Shell completion find_shell hook render",
}

if not TYPE_CHECKING:  # to type checkers a misspelt name is an error

    def __getattr__(name: str) -> object:
        for module, names in _MODULES.items():
            if name in names.split():
                value = getattr(__import__(f"mm_shell.{module}", fromlist=[name]), name)
                globals()[name] = value
                return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
