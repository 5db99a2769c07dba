from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from mm_pkg.errors import LinkScriptFailed
from mm_pkg.prefix import Prefix
from mm_pkg.transaction import LinkItem, LinkOptions, Plan, apply

pytestmark = pytest.mark.skipif(os.name == "nt", reason="runs sh")


def link(prefix: Path, *packages: Any, **options: Any) -> Any:
    return apply(Plan(prefix, (), tuple(map(LinkItem, packages))), LinkOptions(**options))


def test_scripts_run_with_what_they_need(make: Any, prefix: Path) -> None:
    show = 'echo "$PREFIX|$PKG_NAME|$PKG_VERSION|$PKG_BUILDNUM|$ROOT_PREFIX|${SOURCE_DIR-}"\n'
    show += 'echo "path ${PATH%%:*} in $(pwd)"\n'
    package = make(
        "a",
        {
            "bin/.a-pre-link.sh": show.encode(),
            "bin/.a-post-link.sh": b'echo hello >> "$PREFIX/.messages.txt"\necho "$FROM_B"\n',
            "bin/.a-pre-unlink.sh": b'echo bye; test -e "$PREFIX/x"\n',
            "x": b"",
        },
    )
    activation = make("b", {"etc/conda/activate.d/b.sh": b'export FROM_B="activated"\n'})
    outcome = link(prefix, activation, package, root_prefix=Path("/root-prefix"))
    bin_ = package.path / "bin"
    assert outcome.messages == (
        f"pre-link of a-1.0-0: {prefix}|a|1.0|0|/root-prefix|{package.path}\npath {bin_} in {bin_}",
        "post-link of a-1.0-0: activated",
        "hello",
    )
    assert not (prefix / ".messages.txt").exists()
    outcome = apply(Plan(prefix, (package.installed(prefix),)))
    assert outcome.messages == ("pre-unlink of a-1.0-0: bye",)


def test_scripts_can_be_switched_off(make: Any, prefix: Path) -> None:
    package = make("a", {"bin/.a-post-link.sh": b"exit 1\n"})
    assert link(prefix, package, run_scripts=False).messages == ()


@pytest.mark.parametrize("action", ["pre-link", "post-link"])
def test_failing_script_undoes_everything(
    action: str, make: Any, prefix: Path, picture: Any
) -> None:
    link(prefix, make("b", {"x": b"b"}))
    before = picture(prefix)
    script = b"echo why; exit 7\n"
    package = make("a", {f"bin/.a-{action}.sh": script, "x": b"a", "y": b"a"})
    with pytest.raises(LinkScriptFailed) as caught:
        link(prefix, package)
    assert (caught.value.status, caught.value.output) == (7, "why\n")
    assert picture(prefix) == before


def test_failing_script_in_a_new_environment(make: Any, prefix: Path) -> None:
    with pytest.raises(LinkScriptFailed):
        link(prefix, make("a", {"bin/.a-post-link.sh": b"exit 1\n"}))
    assert not prefix.parent.exists()


def test_failing_pre_unlink_does_not_keep_the_package(make: Any, prefix: Path) -> None:
    package = make("a", {"bin/.a-pre-unlink.sh": b"exit 3\n"})
    link(prefix, package)
    outcome = apply(Plan(prefix, (package.installed(prefix),)))
    assert Prefix(prefix).records() == {}
    assert "status 3" in outcome.warnings[0]
