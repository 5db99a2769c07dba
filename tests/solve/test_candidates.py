"""Candidates of one name: who states a rule."""

from __future__ import annotations

from mm_pkg.record import PackageRecord
from mm_solve.candidates import LOOKS, Candidates, Entry
from mm_solve.version import Version


def test_the_table_says_what_looking_says() -> None:
    entries = [
        Entry(
            PackageRecord(
                name="a",
                version=str(number),
                build="0",
                build_number=0,
                depends=("x", f"y{number % 3}"),
                constrains=("x",) if number % 2 else (),
            ),
            f"a-{number}-0.conda",
            0,
            0,
        )
        for number in range(1, 8)
    ]
    candidates = Candidates("a", entries, Version.parse)
    questions = [("x", False), ("x", True), ("y0", False), ("y1", True), ("z", False)]

    def answers() -> list[int]:
        return [candidates.stating(text, constrains=kind) for text, kind in questions]

    looked_up = answers()
    assert [answer.bit_count() for answer in looked_up] == [7, 4, 2, 0, 0]
    for _ in range(LOOKS):
        assert answers() == looked_up
