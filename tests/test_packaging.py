"""What is built, installed and locked is what the tree says."""

from __future__ import annotations

import ast
import importlib
import io
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "fundledger"
INITS = sorted(PACKAGE.rglob("__init__.py"))
LOCKS = [ROOT / "requirements.lock", ROOT / "requirements-spark.lock"]
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==(?P<version>[^\s;\\]+)(?P<rest>.*)$")


@pytest.fixture(scope="session")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pinned(path: Path) -> dict[str, tuple[str, list[str]]]:
    """The version and the hashes that a lock gives each package, by canonical name."""
    pins: dict[str, tuple[str, list[str]]] = {}
    hashes: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if pin := PIN.match(line):
            hashes = []
            pins[canonicalize_name(pin["name"])] = (pin["version"], hashes)
        elif line.startswith("    --hash="):
            hashes.append(line.strip().removeprefix("--hash=").removesuffix(" \\"))
        else:
            assert line.startswith("    #"), f"the lock holds a line of its own kind: {line}"
    return pins


@pytest.fixture(scope="session")
def lock() -> dict[str, tuple[str, list[str]]]:
    return pinned(ROOT / "requirements.lock")


def test_an_extra_that_another_package_asks_for_is_pinned_with_it(lock: dict[str, Any]) -> None:
    """Else pip looks for a newer `coverage[toml]` than the pinned `coverage`, and refuses it."""
    wanted = {
        (canonicalize_name(requirement.name), ",".join(sorted(requirement.extras)))
        for package in metadata.distributions()
        for requirement in map(Requirement, package.requires or ())
        if canonicalize_name(package.name) in lock and requirement.extras
        if not requirement.marker or requirement.marker.evaluate({"extra": ""})
    }
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")

    assert ("coverage", "toml") in wanted
    assert [pin for name, extras in wanted if (pin := f"\n{name}[{extras}]==") not in text] == []


def build(root: Path, target: str, folder: Path) -> Path:
    """Build `wheel` or `sdist` into a folder, with the builder that the lock names."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "sdist", tmp_path_factory.mktemp("sdist"))


def below(folder: Path) -> dict[str, bytes]:
    """The files of a folder of the tree, without what Python leaves there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def in_wheel(wheel: Path, folder: str) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {
            name.removeprefix(folder): archive.read(name)
            for name in archive.namelist()
            if name.startswith(folder)
        }


def test_the_wheel_holds_every_file_of_the_package_unchanged(wheel: Path) -> None:
    packed = in_wheel(wheel, "fundledger/")

    assert below(PACKAGE).items() <= packed.items()
    assert "py.typed" in packed
    assert [name for name in packed if re.fullmatch(r"texts/fl\d\.toml", name)]


def test_the_wheel_holds_the_rules_for_a_new_office(wheel: Path) -> None:
    rules = below(ROOT / "rules")

    assert rules
    assert in_wheel(wheel, "fundledger/template/rules/") == rules


def test_the_wheel_holds_the_licence_and_nothing_beside_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (licence,) = [name for name in names if name.endswith("/licenses/LICENSE")]
        text = archive.read(licence)

    assert {name.split("/")[0] for name in names} == {"fundledger", licence.split("/")[0]}
    assert text == (ROOT / "LICENSE").read_bytes()


def test_a_wheel_built_twice_is_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    assert build(ROOT, "wheel", tmp_path).read_bytes() == wheel.read_bytes()


def test_the_source_archive_builds_the_same_wheel(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(sdist.read_bytes())) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    (tmp_path / "built").mkdir()

    assert in_wheel(build(unpacked, "wheel", tmp_path / "built"), "") == in_wheel(wheel, "")


def test_the_source_archive_leaves_out_what_is_private_or_made_here(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        tops = {name.split("/")[1] for name in archive.getnames()}

    assert not tops & {".git", ".venv", "private", "out", "ledgers"}


def test_the_command_starts_what_the_package_names(project: dict[str, Any]) -> None:
    module, _, function = project["project"]["scripts"]["fundledger"].partition(":")

    assert callable(getattr(importlib.import_module(module), function))


def test_every_public_name_is_there_once() -> None:
    package = importlib.import_module("fundledger")

    assert len(package.__all__) == len(set(package.__all__))
    assert [name for name in package.__all__ if not hasattr(package, name)] == []


def hands_on(node: ast.stmt) -> bool:
    """Tell whether a statement imports, lists names, or hands a name on at first use."""
    match node:
        case ast.Expr(value=ast.Constant(value=str())) | ast.ImportFrom() | ast.Import():
            return True
        case ast.Assign(targets=[ast.Name(id="open")], value=ast.Name(id="Office")):
            return True
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name.startswith("_")
        case ast.If(
            test=ast.Name(id="TYPE_CHECKING")
            | ast.UnaryOp(op=ast.Not(), operand=ast.Name(id="TYPE_CHECKING")),
            body=body,
            orelse=[],
        ):
            return all(hands_on(inner) for inner in body)
        case ast.FunctionDef(name=name):
            return name in {"__getattr__", "__dir__"}
        case _:
            return False


@pytest.mark.parametrize("init", INITS, ids=lambda path: path.parent.name)
def test_an_init_only_hands_names_on(init: Path) -> None:
    tree = ast.parse(init.read_text(encoding="utf-8"))

    assert [ast.unparse(node) for node in tree.body if not hands_on(node)] == []


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {path.parent for path in PACKAGE.rglob("*.py")}

    assert folders == {init.parent for init in INITS}


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_every_locked_package_has_hashes(path: Path) -> None:
    for name, (_, hashes) in pinned(path).items():
        assert hashes, name
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in hashes), name


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_a_lock_names_no_place_to_fetch_from(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert re.findall(r"https?:|file:|--\w*index\w*|--find-links|(?<!\w)/\w+|~/", text) == []


def test_the_lock_for_spark_has_what_the_other_has_but_for_spark(
    lock: dict[str, Any], project: dict[str, Any]
) -> None:
    """PySpark is under Apache-2.0 alone, and has no wheel: it is in a lock of its own."""
    for_spark = pinned(ROOT / "requirements-spark.lock")
    extras = project["project"]["optional-dependencies"]

    assert {name: for_spark[name][0] for name in for_spark if name in lock} == {
        name: lock[name][0] for name in for_spark if name in lock
    }
    assert set(for_spark) - set(lock) == {"py4j", "pyspark", "setuptools"}
    for requirement in map(Requirement, [*extras["match"], *extras["spark"]]):
        version, _ = for_spark[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement


def test_the_lock_satisfies_every_declared_dependency(
    project: dict[str, Any], lock: dict[str, tuple[str, list[str]]]
) -> None:
    declared = [
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
        *project["build-system"]["requires"],
    ]

    for requirement in map(Requirement, declared):
        version, _ = lock[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement


def runtime_closure(project: dict[str, Any]) -> set[str]:
    """The canonical names of all that fundledger needs to run here."""
    found: set[str] = set()
    waiting = [Requirement(text) for text in project["project"]["dependencies"]]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        waiting += [Requirement(text) for text in metadata.requires(name) or []]
    return found


def test_what_runs_here_is_what_the_lock_says(
    project: dict[str, Any], lock: dict[str, tuple[str, list[str]]]
) -> None:
    running = {name: metadata.version(name) for name in runtime_closure(project)}

    assert running == {name: lock[name][0] for name in running}


def test_no_dependency_at_run_time_is_under_apache_alone(project: dict[str, Any]) -> None:
    allowed = {"regex"}  # beancount itself needs it: docs/decisions.md

    assert {name for name in runtime_closure(project) if is_apache_alone(name)} == allowed


def is_apache_alone(name: str) -> bool:
    """Tell whether a distribution's metadata offers nothing but Apache-2.0 for some part of it."""
    fields = metadata.metadata(name)
    words = [*(fields.get_all("License-Expression") or []), *(fields.get_all("License") or [])]
    classifiers = fields.get_all("Classifier") or []
    licences = [line for line in classifiers if line.startswith("License ::")]
    offers_other = any(" OR " in line for line in words) or any(
        "Apache" not in line for line in licences
    )
    return "Apache" in f"{words} {licences}" and not offers_other
