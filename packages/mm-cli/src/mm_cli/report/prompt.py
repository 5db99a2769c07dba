"""Questions that are answered yes or no."""

from __future__ import annotations

from mm_cli.report.console import Console

__all__ = ["confirm"]

ANSWERS = {"y": True, "yes": True, "n": False, "no": False}


def confirm(console: Console, question: str, *, default: bool, always_yes: bool) -> bool:
    """Ask *question*; print ``Aborted.`` when the answer is no.

    ``-y``, ``--json``, ``--json-stream`` and ``--quiet`` answer yes. A closed standard input
    answers no: nothing is changed that nobody agreed to. Other answers are
    asked again.
    """
    if always_yes or console.json or console.quiet:
        if console.stream is not None:
            console.stream.prompt(question, answer=True)
        return True
    choices = "[Y/n]" if default else "[y/N]"
    answer = None
    while answer is None:
        console.out.write(f"{question}: {choices} ")
        console.out.flush()
        answer = _read_answer(default)
    if not answer:
        console.say("Aborted.")
    return answer


def _read_answer(default: bool) -> bool | None:
    import signal
    import sys

    # nothing is under way: signals need not wait for a safe point, this is one
    interrupt = signal.signal(signal.SIGINT, signal.default_int_handler)
    terminate = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        sys.stdout.write("\n")  # what is said of it has its own line
        sys.stdout.flush()
        raise
    finally:
        signal.signal(signal.SIGINT, interrupt)
        signal.signal(signal.SIGTERM, terminate)
    if not line:
        sys.stdout.write("\n")
        return False
    word = line.strip().lower()
    return default if not word else ANSWERS.get(word)
