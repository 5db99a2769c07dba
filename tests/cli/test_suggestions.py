"""One line of advice for what is misspelt; none where nothing is near."""

from __future__ import annotations

import pytest

from mm_cli.main import main
from mm_cli.operations.channel_names import similar_channel


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (["instal"], 109, "Did you mean 'install'?"),
        (["env", "lst"], 109, "Did you mean 'list'?"),
        (["whoneeds", "zlib"], 109, "Did you mean 'repoquery whoneeds'?"),
        (["vars"], 109, "Did you mean 'env config vars'?"),
        (["rm", "zlib"], 109, "Did you mean 'remove'?"),
        (["help"], 109, "Did you mean '--help'?"),
        (["deactivate"], 109, "`deactivate` needs the shell's help: micromamba shell init"),
        (["install", "--chanel", "x"], 109, "Did you mean '--channel'?"),
        (["-c", "x", "install", "y"], 109, "It belongs behind the command: micromamba install -c"),
        (["install", "--channel-priority", "strikt"], 105, "Did you mean 'strict'?"),
        (["create", "--safety-checks=wrn"], 105, "Did you mean 'warn'?"),
        (["create", "--verify-artifacts"], 109, "No signatures are verified here"),
        (["create", "--trusted-channels", "x"], 109, "It belongs to --verify-artifacts"),
        (["xyzzy"], 109, "Run it with --help to see what it takes."),
    ],
)
def test_the_hint(
    words: list[str], code: int, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == code
    err = capsys.readouterr().err
    assert hint in err
    assert len(err.splitlines()) == 2


def test_channels() -> None:
    assert similar_channel("Conda-Forg") == "conda-forge"
    assert similar_channel("mylab", ["my-lab"]) == "my-lab"
    assert similar_channel("my-lab", ["my-lab"]) == ""
    assert similar_channel("something-else") == ""
