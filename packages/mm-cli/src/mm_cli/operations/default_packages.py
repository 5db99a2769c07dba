"""What each new environment holds besides what is asked for: ``create_default_packages``."""

from __future__ import annotations

from mm_cli.operations.request import parse_specs, requested_texts
from mm_cli.session import Session

__all__ = ["add_default_packages"]

ARCHIVES = (".conda", ".tar.bz2")


def add_default_packages(session: Session) -> None:
    """Ask for the packages of the setting as well, unless an option says not to.

    A package that is asked for by name is asked for that way only. A list of
    archives is the whole of an environment: nothing is added to one.
    Raises `mm_solve.errors.InvalidMatchSpec`.
    """
    defaults = session.config["create_default_packages"]
    if not defaults or session.options.get("create.no_defaults"):
        return
    texts = requested_texts(session)
    archives = any(text.partition("#")[0].endswith(ARCHIVES) for text in texts)
    if archives or any(file.is_solved for file in session.files):
        return
    asked = {spec.name for spec in parse_specs(texts)}
    specs = zip(defaults, parse_specs(defaults), strict=True)
    session.words += tuple(text for text, spec in specs if spec.name not in asked)
