"""``apply``: carry out a plan that ``--dry-run -o`` has written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mm_cli.command_line import Command, Parsed, Words, value
from mm_cli.options import GLOBAL, LINK, NETWORK
from mm_cli.report.console import Console
from mm_cli.session import Session, open_session

if TYPE_CHECKING:
    from mm_cli.operations.planned import PlanFile
    from mm_pkg import Prefix

__all__ = ["COMMAND"]


def _run(parsed: Parsed, console: Console) -> int:
    from mm_cli.operations.install import perform
    from mm_cli.operations.planned import check_prefix, read_plan
    from mm_cli.operations.transaction import Change
    from mm_config import PrefixRules
    from mm_pkg import Prefix

    plan = read_plan(parsed.words[0])
    parsed.settings["target_prefix"] = plan.prefix
    session = open_session(parsed, console, PrefixRules.none(), strict=True)
    prefix = Prefix(plan.prefix)
    session.repair()
    check_prefix(session, plan, prefix)
    creates = not prefix.is_environment

    def make(*_: object) -> Change:
        return plan.change(prefix.records() if prefix.is_environment else {})

    if perform(session, prefix, make, afresh=plan.afresh):
        _settle(session, plan, prefix, creates=creates or plan.afresh)
    return 0


def _settle(session: Session, plan: PlanFile, prefix: Prefix, *, creates: bool) -> None:
    """What comes after the packages."""
    from mm_cli.operations.install import store_variables
    from mm_cli.operations.pip_requirements import install_pip_part

    if creates:
        from mm_cli.operations.creation import settle

        settle(prefix, plan.platform if plan.keep_platform else "")
    store_variables(session, prefix, plan.variables)
    for part in plan.pip:
        install_pip_part(session, prefix, part)


COMMAND = Command(
    "micromamba apply",
    "Carry out a plan that --dry-run -o has written.",
    options=(
        *GLOBAL,
        *NETWORK,
        *LINK,
        value("-r,--root-prefix", "root_prefix", "PATH", "Where environments and caches live."),
    ),
    positionals=Words("PLAN", "The file; - is standard input.", least=1, most=1),
    description=(
        "The packages are those of the plan, verified by their hashes. "
        "It is refused if the environment is not as it was when the plan was made."
    ),
    examples=(
        "micromamba install -n py numpy --dry-run -o plan.json",
        "micromamba apply plan.json",
    ),
    run=_run,
)
