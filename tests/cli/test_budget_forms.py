"""`budget forms`: what is not there is written, what is there is left, a dry run writes nothing."""

from __future__ import annotations

from pathlib import Path

from support.terminals import Terminal

YEAR = 2027


def test_the_command_writes_what_is_not_there_and_leaves_what_is(
    empty: Terminal, tmp_path: Path
) -> None:
    folder = tmp_path / "out" / "申报表"
    call = ("budget", "forms", str(YEAR), "--output", str(folder), "--as-of", "2026-03-31")

    told = empty.done(*call, "--dry-run", "--unit", "CASC", "--unit", "总工会")
    assert not folder.exists()
    assert (told.count("将写出"), "CASC.xlsx" in told, "Union.xlsx" in told) == (2, True, True)

    folder.mkdir(parents=True)
    (folder / "CASC.xlsx").write_bytes(b"filled in")
    said = empty.json(*call)["forms"]
    assert (folder / "CASC.xlsx").read_bytes() == b"filled in"
    assert {one["unit"]: one["written"] for one in said}["Union"]
    assert [one["unit"] for one in said if one["exists"]] == ["CASC"]
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        f"{one['unit']}.xlsx" for one in said
    )
    again = empty.done(*call, lang="en")
    assert again.count("is there already and was left as it is") == len(said)


def test_a_unit_that_has_nothing_to_declare_is_refused_by_name(empty: Terminal) -> None:
    refused = empty.run("budget", "forms", str(YEAR), "--unit", "无此部门")

    assert refused.exit_code == 2
    assert "CASC" in refused.output
