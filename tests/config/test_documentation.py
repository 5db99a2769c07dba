"""The page on settings is the table's; the table is what the sources understand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from mm_config.descriptions import long_description
from mm_config.keys import ALIASES, GROUPS, KEYS
from mm_config.spelling import CONDA_KEYS

ROOT = Path(__file__).parents[2]


def test_the_page_is_up_to_date() -> None:
    program = ROOT / "tools" / "describe_settings.py"
    done = subprocess.run(
        [sys.executable, program, "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_page_has_every_setting_and_group() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert [line[4:] for line in text.splitlines() if line.startswith("### ")] == list(GROUPS)
    names = [line.split("`")[1] for line in text.splitlines() if line.startswith("**`")]
    assert names == list(KEYS)


def test_a_name_means_one_thing() -> None:
    variables = [name for key in KEYS.values() for name in key.env]
    assert len(variables) == len(set(variables))
    assert not set(ALIASES) & set(KEYS)
    assert not CONDA_KEYS & (set(KEYS) | set(ALIASES))
    names = [name for key in KEYS.values() for name in (*key.aliases, *key.deprecated)]
    assert len(names) == len(set(names))


def test_every_fact_of_a_setting_is_in_its_description() -> None:
    for key in KEYS.values():
        text = "\n".join(long_description(key))
        for fact in (*key.env, *key.aliases, *key.deprecated, *key.choices):
            assert fact in text, key.name
        assert key.description in text
