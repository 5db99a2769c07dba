from __future__ import annotations

from typing import Any

import pytest
from universe_factory import MemorySource, install, pkg, prefix_of, run, summary

from mm_pkg.record import RepodataRecord
from mm_solve import Actions, Request, changes, explicit_changes
from mm_solve.change import Action
from mm_solve.solution import Solution


def record(data: dict[str, Any], channel: str = "https://host/chan") -> RepodataRecord:
    fn = f"{data['name']}-{data['version']}-{data['build']}.conda"
    return RepodataRecord.from_dict({**data, "url": f"{channel}/linux-64/{fn}"})


def solution(*records: RepodataRecord, request: Request | None = None) -> Solution:
    return Solution(tuple(records), request or Request())


def noarch(name: str, *depends: str) -> dict[str, Any]:
    return pkg(name, depends=["python", *depends], noarch="python", subdir="noarch")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (None, pkg("a"), {"install a 1.0"}),
        (pkg("a"), None, {"remove a 1.0"}),
        (pkg("a", "1.0"), pkg("a", "2.0"), {"upgrade a 1.0 -> 2.0"}),
        (pkg("a", "2.0"), pkg("a", "1.0"), {"downgrade a 2.0 -> 1.0"}),
        (pkg("a", build="x"), pkg("a", build="y"), {"change a 1.0 -> 1.0"}),
        (pkg("a", "1.0"), pkg("a", "1.0.0"), {"change a 1.0 -> 1.0.0"}),
        (pkg("a"), pkg("a"), set()),
    ],
)
def test_kinds(old: dict[str, Any] | None, new: dict[str, Any] | None, expected: set[str]) -> None:
    installed = prefix_of(old) if old else {}
    wanted = [record(new)] if new else []
    assert summary(changes(installed, solution(*wanted))) == expected


def test_the_same_build_from_elsewhere_is_a_change() -> None:
    data = {**pkg("a"), "sha256": None}
    found = changes(prefix_of(data), solution(record(data, "https://other/chan")))
    assert summary(found) == {"change a 1.0 -> 1.0"}


def test_the_same_archive_from_elsewhere_is_not() -> None:
    found = changes(prefix_of(pkg("a")), solution(record(pkg("a"), "https://mirror/chan")))
    assert not found


def test_a_lock_that_leaves_the_build_number_out_means_the_same_package() -> None:
    url = "https://host/chan/linux-64/xz-5.4-h0_1.conda"
    known = {"name": "xz", "version": "5.4", "build": "h0_1", "build_number": 1, "url": url}
    for hashes in ({"sha256": "0" * 64}, {}):
        installed = RepodataRecord.from_dict(known | hashes)
        locked = RepodataRecord.from_url(url, **hashes)
        assert locked.build_number == 0
        assert not explicit_changes({"xz": installed}, [locked])  # type: ignore[dict-item]
    other = RepodataRecord.from_url(url, sha256="1" * 64)
    installed = RepodataRecord.from_dict(known | {"sha256": "0" * 64})
    assert explicit_changes({"xz": installed}, [other])  # type: ignore[dict-item]


def test_links_come_in_order_and_removals_against_it() -> None:
    installed = prefix_of(pkg("x"), pkg("y", depends=["x"]))
    new = [record(pkg("a")), record(pkg("b", depends=["a"]))]
    found = changes(installed, solution(*new))
    assert [r.name for r in found.link] == ["a", "b"]
    assert [r.name for r in found.unlink] == ["y", "x"]


def test_omitted_packages_are_not_linked() -> None:
    found = Actions((Action("omit", link=record(pkg("a"))),))
    assert not found
    assert found.link == ()
    assert len(found) == 1


class TestPythonRelink:
    INSTALLED = prefix_of(
        pkg("python", "3.10.1"), noarch("pure"), noarch("other"), pkg("native", depends=["python"])
    )

    def _moved(self, version: str, **more: Any) -> set[str]:
        stay = [self.INSTALLED[name] for name in ("native", "other", "pure")]
        python = record(pkg("python", version, **more))
        return summary(changes(self.INSTALLED, solution(python, *stay)))

    def test_minor_version(self) -> None:
        assert self._moved("3.11.0") == {
            "upgrade python 3.10.1 -> 3.11.0",
            "reinstall pure 1.0",
            "reinstall other 1.0",
        }

    def test_patch_version(self) -> None:
        assert self._moved("3.10.2") == {"upgrade python 3.10.1 -> 3.10.2"}

    def test_site_packages_path(self) -> None:
        found = self._moved("3.10.2", python_site_packages_path="lib/python3.10t/site-packages")
        assert "reinstall pure 1.0" in found

    def test_relinked_packages_come_after_python(self) -> None:
        stay = [self.INSTALLED[name] for name in ("native", "other", "pure")]
        found = changes(self.INSTALLED, solution(record(pkg("python", "3.12.0")), *stay))
        assert [r.name for r in found.link] == ["python", "other", "pure"]
        assert {r.name for r in found.unlink} == {"python", "other", "pure"}

    def test_an_omitted_one_is_relinked_too(self) -> None:
        newer = {**noarch("pure"), "version": "2.0", "sha256": "f" * 64}
        wanted = solution(
            record(pkg("python", "3.11.0")), record(newer), request=install("python=3.11")
        )
        installed = prefix_of(pkg("python", "3.10.1"), noarch("pure"))
        found = changes(installed, wanted, no_deps=True)
        assert summary(found) == {"upgrade python 3.10.1 -> 3.11.0", "reinstall pure 1.0"}


def test_an_update_of_everything_without_dependencies_names_what_is_installed() -> None:
    source = MemorySource([pkg("a", "2.0", ["new"]), pkg("new")])
    installed = prefix_of(pkg("a", "1.0"))
    found = run(Request(update_all=True), source, installed=installed)
    assert summary(changes(installed, found, no_deps=True)) == {
        "upgrade a 1.0 -> 2.0",
        "omit new 1.0",
    }


class TestExplicit:
    def test_another_version_is_replaced(self) -> None:
        found = explicit_changes(prefix_of(pkg("a", "1.0")), [record(pkg("a", "2.0"))])
        assert summary(found) == {"upgrade a 1.0 -> 2.0"}

    def test_an_identical_one_is_left_alone(self) -> None:
        assert not explicit_changes(prefix_of(pkg("a")), [record(pkg("a"))])

    def test_file_order_is_kept(self) -> None:
        records = [record(pkg("z", depends=["a"])), record(pkg("a"))]
        assert [r.name for r in explicit_changes({}, records).link] == ["z", "a"]

    def test_others_stay_unless_named(self) -> None:
        installed = prefix_of(pkg("a"), pkg("b"))
        assert summary(explicit_changes(installed, [], remove=["b", "c"])) == {"remove b 1.0"}
