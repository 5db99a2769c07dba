from __future__ import annotations

import re
from pathlib import Path

from mm_cli.errors import EXIT_CODES

TABLE = Path(__file__).parents[2] / "docs" / "exit-codes.md"


def test_the_documented_table_is_the_one_in_force() -> None:
    rows = re.findall(r"^\| (\d+) \| (.*) \|$", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    documented = {int(code): meaning.replace("\\|", "|") for code, meaning in rows}
    assert documented == EXIT_CODES
