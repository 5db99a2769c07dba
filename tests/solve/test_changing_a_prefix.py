"""Updates and removals of tiny prefixes, judged by an independent verifier and by trying all.

The verifier reads the data of the packages by itself (`solution_verifier`); what can be
had at all is found by trying every choice of versions.
"""

from __future__ import annotations

import itertools
from random import Random
from typing import Any

import pytest
from solution_verifier import matches, violations
from universe_factory import MemorySource, dists, pkg, planned, prefix_of, run, specs

from mm_solve import Request, Unsolvable
from mm_solve.version import Version

NAMES = "abcd"
VERSIONS = "123"
Data = dict[str, Any]
Choice = dict[str, Data]


def universe(random: Random) -> list[Data]:
    """Four names in up to three versions, that need and exclude each other."""

    def rules(name: str, most: int) -> list[str]:
        others = [other for other in NAMES if other != name]
        return [
            f"{random.choice(others)} {random.choice(('', '>=2', '<3', '<2', '!=2', '2'))}".strip()
            for _ in range(random.randint(0, most))
        ]

    return [
        pkg(name, version, rules(name, 2), constrains=rules(name, 1))
        for name in NAMES
        for version in random.sample(VERSIONS, random.randint(1, 3))
    ]


def choices(records: list[Data]) -> list[Choice]:
    """Every choice of packages that fit together."""
    by_name: dict[str, list[Data | None]] = {name: [None] for name in NAMES}
    for record in records:
        by_name[record["name"]].append(record)
    found = []
    for picked in itertools.product(*by_name.values()):
        chosen = {record["name"]: record for record in picked if record is not None}
        if not violations([], chosen):
            found.append(chosen)
    return found


def closed(chosen: Choice, roots: set[str]) -> set[str]:
    """What *roots* need of *chosen*, themselves included."""
    reached, todo = set[str](), [name for name in roots if name in chosen]
    while todo:
        name = todo.pop()
        if name not in reached:
            reached.add(name)
            todo += [text.split()[0] for text in chosen[name]["depends"]]
    return reached


def chosen_by(records: list[Data], answer: list[str]) -> Choice:
    by_dist = {f"{r['name']}-{r['version']}-{r['build']}": r for r in records}
    return {by_dist[dist]["name"]: by_dist[dist] for dist in answer}


def older(a: Data, b: Data) -> bool:
    return Version.parse(a["version"]) < Version.parse(b["version"])


@pytest.mark.parametrize("seed", range(200))
def test_a_change_of_a_prefix(seed: int) -> None:
    random = Random(seed)
    records = universe(random)
    every = choices(records)
    before = random.choice(every)
    if not before:
        pytest.skip("nothing is installed")
    installed = prefix_of(*before.values())
    source = MemorySource(records)
    target = random.choice(sorted(before))

    # -- update: fits, lowers nothing, takes nothing away, gets the best of its target
    for request in (
        Request.of(update=[target], prune=False),
        Request(update_all=True, prune=False),
    ):
        after = chosen_by(records, dists(run(request, source, installed=installed)))
        assert not violations([], after)
        assert not [name for name in before if name in after and older(after[name], before[name])]
        assert set(before) <= set(after)
    after = chosen_by(
        records,
        dists(run(Request.of(update=[target], prune=False), source, installed=installed)),
    )
    possible = [
        choice
        for choice in every
        if set(before) <= set(choice)
        and not any(older(choice[name], before[name]) for name in before)
    ]
    best = max(Version.parse(choice[target]["version"]) for choice in possible)
    assert Version.parse(after[target]["version"]) == best

    # -- install: succeeds where it can, names a core that cannot where it cannot
    wanted = [f"{random.choice(NAMES)} {random.choice(('1', '2', '3', '>=2', '<3'))}"]
    wanted.append(random.choice(NAMES))
    can = [
        choice
        for choice in every
        if all(any(matches(text, record) for record in choice.values()) for text in wanted)
    ]
    try:
        after = chosen_by(
            records, dists(run(Request(install=specs(*wanted)), source, installed=installed))
        )
    except Unsolvable:
        assert not can
    else:
        assert not violations(wanted, after)

    # -- freeze: nothing installed changes
    try:
        after = chosen_by(
            records,
            dists(
                run(
                    Request(install=specs(*wanted), freeze_installed=True),
                    source,
                    installed=installed,
                )
            ),
        )
    except Unsolvable:
        assert not any(before.items() <= choice.items() for choice in can)
    else:
        assert before.items() <= after.items()

    # -- remove: what needs it goes as well, nothing else does, nothing comes
    for prune in (False, True):
        after = chosen_by(
            records,
            dists(run(Request.of(remove=[target], prune=prune), installed=installed)),
        )
        assert not violations([], after)
        assert after.items() <= before.items()
        needing = {name for name in before if target in closed(before, {name})}
        assert not needing & set(after)
        if not prune:
            assert set(after) == set(before) - needing
        # With channels at hand, what needs it may also go to a version that does not.
        request = Request.of(remove=[target], prune=prune)
        after = chosen_by(records, dists(run(request, source, installed=installed)))
        assert not violations([], after)
        assert target not in after

    # -- pin: what the pin names moves only within it
    pin = f"{target} <={before[target]['version']}"
    request = Request.of(update=[target], pins=[pin], prune=False)
    after = chosen_by(records, dists(run(request, source, installed=installed)))
    assert after[target]["version"] <= before[target]["version"]
    assert not violations([], after)


# -- prefixes in which something is wrong already ------------------------------------

BROKEN = [
    pkg("lost", "1", ["gone >=2"]),
    pkg("above", "1", ["lost 2"]),
    pkg("third", "1", constrains=["above <1"]),
    pkg("far", "1", ["__win"]),
]
"""Each has something unmet; nothing can meet "gone"."""

CHANNEL = MemorySource([*BROKEN, pkg("new"), pkg("third", "2"), pkg("lost", "2")])


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (Request.of("new"), {"install new 1.0"}),
        (Request.of("new", freeze_installed=True), {"install new 1.0"}),
        (Request.of("new", keep=["lost", "above"]), {"install new 1.0"}),
        (Request.of(remove=["third"]), {"remove third 1"}),
        (Request.of(remove=["far"]), {"remove far 1"}),
        (Request.of(update=["third"]), {"upgrade third 1 -> 2"}),
    ],
)
def test_what_was_wrong_before_is_no_reason_to_remove_it(
    request_: Request, expected: set[str]
) -> None:
    assert planned(request_, CHANNEL, installed=prefix_of(*BROKEN)) == expected


def test_what_is_named_is_put_right() -> None:
    installed = prefix_of(pkg("app", "1", ["lib"]), pkg("other", "1", ["lib"]))
    source = MemorySource([pkg("app", "1", ["lib"]), pkg("lib")])
    assert planned(Request.of("app"), source, installed=installed) == {"install lib 1.0"}
    assert planned(Request.of("app"), MemorySource([pkg("lib")]), installed=installed) == {
        "install lib 1.0"
    }


def test_what_was_met_before_stays_met() -> None:
    installed = prefix_of(pkg("app", "1", ["lib 1"]), pkg("lib", "1"))
    source = MemorySource([pkg("app", "1", ["lib 1"]), pkg("lib", "1"), pkg("lib", "2")])
    assert planned(Request.of(update=["lib"]), source, installed=installed) == set()


def test_what_is_ignored_is_not_learned() -> None:
    """Other builds need what the installed one does without: they are set aside, it is not."""
    lost = [pkg("lost", v, ["gone >=2"]) for v in "123"]
    source = MemorySource([*lost, pkg("app", "1", ["lost"]), pkg("gone", "1")])
    installed = prefix_of(lost[0], pkg("gone", "1"))
    assert planned(Request.of("app"), source, installed=installed) == {"install app 1"}
    request = Request(update_all=True, prune=False)
    assert planned(request, source, installed=installed) == set()
