"""Regular expressions of match specs, matched in time linear in the text.

Specs come from channels too, and Python's `re` can take exponential time. So this
takes the part of its language that needs no backtracking (CEP 29 advises against
the rest: lookaround, backreferences) and follows all alternatives at once.

>>> compile_expression(r"py3(10|1[1-3])_.*")("py312_0")
True
"""

from __future__ import annotations

from collections.abc import Callable

from .errors import InvalidMatchSpec

__all__ = ["InvalidExpression", "compile_expression"]

_MOST_STATES = 1000
"""A larger automaton is refused: the time to match is its size times the text's length."""

_MOST_REPEATS = 255
_DEEPEST = 30

_UNSUPPORTED = "Lookaround, backreferences, flags and possessive repeats are not supported."

Accepts = Callable[[str], bool]
"""Of one character."""

Node = Accepts | tuple[str, tuple["Node", ...]] | tuple["Node", int, int | None]
"""A character; ("|" or "", parts) for one of the parts or all in a row; a part and how often."""


class InvalidExpression(InvalidMatchSpec):
    """A text is not a regular expression, or not one that is supported."""

    what = "a regular expression"


def compile_expression(text: str, *, ignore_case: bool = False) -> Callable[[str], bool]:
    """A test whether a whole text matches the expression *text*.

    Raises `InvalidExpression`.
    """
    automaton = _Automaton(text)
    tree = _Parser(text, ignore_case).parse()
    first = automaton.state()
    last = automaton.add(tree, first)
    free, steps = automaton.closure(), automaton.steps

    def matches(value: str) -> bool:
        states = free[first]
        for character in value:
            reached: set[int] = set()
            for state in states:
                step = steps[state]
                if step is not None and step(character):
                    reached |= free[state + 1]
            if not reached:
                return False
            states = frozenset(reached)
        return last in states

    return matches


class _Automaton:
    """States that a text can lead to.

    steps -- of each state: the characters that lead to the next state, if any do
    free  -- of each state: the states that are reached without a character
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.steps: list[Accepts | None] = []
        self.free: list[list[int]] = []

    def state(self, step: Accepts | None = None) -> int:
        if len(self.steps) >= _MOST_STATES:
            raise InvalidExpression("it is too large", text=self.text)
        self.steps.append(step)
        self.free.append([])
        return len(self.steps) - 1

    def add(self, node: Node, start: int) -> int:
        """States for *node* that begin at *start*; returns the one where they end."""
        if callable(node):
            self.free[start].append(self.state(node))
            return self.state()
        if len(node) == 3:
            return self._add_repeat(*node, start)
        join, parts = node
        if not join:
            for part in parts:
                start = self.add(part, start)
            return start
        ends = [self.add(part, self._after(start)) for part in parts]
        last = self.state()
        for end in ends:
            self.free[end].append(last)
        return last

    def _after(self, start: int) -> int:
        state = self.state()
        self.free[start].append(state)
        return state

    def _add_repeat(self, node: Node, least: int, most: int | None, start: int) -> int:
        for _ in range(least):
            start = self.add(node, start)
        if most is None:
            loop = self._after(start)
            self.free[self.add(node, loop)].append(loop)
            return self._after(loop)
        skipped = []
        for _ in range(most - least):
            skipped.append(start)
            start = self.add(node, start)
        last = self._after(start)
        for state in skipped:
            self.free[state].append(last)
        return last

    def closure(self) -> list[frozenset[int]]:
        """Of each state, all that are reached from it without a character; itself too."""
        closed = []
        for state in range(len(self.free)):
            reached, waiting = {state}, [state]
            while waiting:
                new = set(self.free[waiting.pop()]) - reached
                reached |= new
                waiting += new
            # Only states with a step, and the last, matter afterwards.
            closed.append(frozenset(reached))
        return closed


class _Parser:
    """Recursive descent over the characters."""

    def __init__(self, text: str, ignore_case: bool) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        self.ignore_case = ignore_case

    def parse(self) -> Node:
        node = self.alternatives()
        if self.at < len(self.text):
            raise self.invalid("')' that was never opened", self.at)
        return node

    def alternatives(self) -> Node:
        parts = [self.sequence()]
        while self.take("|"):
            parts.append(self.sequence())
        return parts[0] if len(parts) == 1 else ("|", tuple(parts))

    def sequence(self) -> Node:
        parts: list[Node] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            parts.append(self.repeated())
        return ("", tuple(parts))

    def repeated(self) -> Node:
        node = self.atom()
        at = self.at
        bounds = self.repetition()
        if bounds is None:
            return node
        least, most = bounds
        if max(least, most or 0) > _MOST_REPEATS:
            raise self.invalid(f"more than {_MOST_REPEATS} repeats", at)
        if most is not None and most < least:
            raise self.invalid("the most repeats are fewer than the least", at)
        self.take("?")  # "As few as possible" makes no difference to whole texts.
        at = self.at
        if self.take("+"):
            raise self.invalid("'+' after a repeat", at, _UNSUPPORTED)
        if self.repetition() is not None:
            raise self.invalid(f"{self.text[at]!r} after a repeat", at)
        return (node, least, most)

    def repetition(self) -> tuple[int, int | None] | None:
        for mark, bounds in _REPEATS.items():
            if self.take(mark):
                return bounds
        if not self.text.startswith("{", self.at):
            return None
        inside, closed, _ = self.text[self.at + 1 :].partition("}")
        low, comma, high = inside.partition(",")
        numbers = low + high
        # Any other "{" stands for itself, as in Python.
        if not (closed and numbers.isascii() and numbers.isdigit() and len(numbers) < 10):
            return None
        self.at += len(inside) + 2
        least = int(low or 0)
        return (least, (int(high) if high else None) if comma else least)

    def atom(self) -> Node:
        at = self.at
        character = self.text[at]
        if self.repetition() is not None:
            raise self.invalid(f"{character!r} with nothing before it to repeat", at)
        self.at += 1
        if character == "(":
            return self.group(at)
        if character == "[":
            return self.characters(at)
        if character == "\\":
            return self.one_of([self.escape(at)])
        if character == ".":
            return lambda found: found != "\n"
        if character in "^$":
            raise self.invalid(f"{character!r} inside the expression", at, "Write it as ^...$.")
        return self.one_of([character.__eq__])

    def group(self, at: int) -> Node:
        if self.take("?") and not self.take(":"):
            name = self.text[self.at :].partition(">")[0]
            if not (name.startswith("P<") and name[2:].isidentifier()):
                raise self.invalid("'(?' with what is not supported", at, _UNSUPPORTED)
            self.at += len(name) + 1
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.invalid(f"more than {_DEEPEST} nested parentheses", at)
        node = self.alternatives()
        if not self.take(")"):
            raise self.invalid("'(' is never closed", at)
        self.depth -= 1
        return node

    def characters(self, at: int) -> Accepts:
        """What stands between brackets."""
        negated = self.take("^")
        tests: list[Accepts] = []
        first = True
        while first or not self.text.startswith("]", self.at):
            first = False
            low = self.member(at)
            if self.text.startswith("-", self.at) and self.text[self.at + 1 : self.at + 2] != "]":
                dash = self.at
                self.at += 1
                high = self.member(at)
                if callable(low) or callable(high) or low > high:
                    raise self.invalid("'-' is not between two characters in order", dash)
                tests.append(lambda found, low=low, high=high: low <= found <= high)  # type: ignore[misc]
            else:
                tests.append(low if callable(low) else low.__eq__)
        self.at += 1
        test = self.one_of(tests)
        return (lambda found: not test(found)) if negated else test

    def member(self, at: int) -> Accepts | str:
        """One character between brackets, or a class of them."""
        if self.at >= len(self.text):
            raise self.invalid("'[' is never closed", at)
        character = self.text[self.at]
        self.at += 1
        if character != "\\":
            return character
        place = self.at
        accepts = self.escape(place - 1)
        letter = self.text[place]
        return accepts if letter in _CLASSES else _CONTROLS.get(letter, letter)

    def escape(self, at: int) -> Accepts:
        """What a backslash and the next character stand for."""
        if self.at >= len(self.text):
            raise self.invalid("'\\' with nothing after it", at)
        letter = self.text[self.at]
        self.at += 1
        if letter in _CLASSES:
            return _CLASSES[letter]
        if letter.isascii() and letter.isalnum() and letter not in _CONTROLS:
            raise self.invalid(f"'\\{letter}' is not supported", at, _UNSUPPORTED)
        return _CONTROLS.get(letter, letter).__eq__

    def one_of(self, tests: list[Accepts]) -> Accepts:
        if self.ignore_case:
            return lambda found: any(
                test(case) for case in (found.lower(), found.upper(), found) for test in tests
            )
        return tests[0] if len(tests) == 1 else lambda found: any(test(found) for test in tests)

    def take(self, mark: str) -> bool:
        found = self.text.startswith(mark, self.at)
        self.at += len(mark) * found
        return found

    def invalid(self, why: str, position: int, hint: str = "") -> InvalidExpression:
        return InvalidExpression(why, text=self.text, position=position, hint=hint)


_REPEATS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}

_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}


def _is_word(character: str) -> bool:
    return character == "_" or character.isalnum()


_CLASSES: dict[str, Accepts] = {
    "d": str.isdecimal,
    "D": lambda character: not character.isdecimal(),
    "w": _is_word,
    "W": lambda character: not _is_word(character),
    "s": str.isspace,
    "S": lambda character: not character.isspace(),
}
"""Letter after a backslash -> the class of characters it stands for."""
