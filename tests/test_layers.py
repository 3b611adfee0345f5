"""Imports point one way: held here, by reading every import of every module."""

import ast
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("hubagent", "drivers", "simulators")

LEAVES = ("hubagent.model", "hubagent.machine", "hubagent.runtime")
CODECS = (
    "drivers.zwave.command_classes",
    "drivers.zwave.encapsulation",
    "drivers.zwave.serial_api",
    "drivers.zwave.serial_frame",
    "drivers.zigbee.wire",
    "drivers.zigbee.ash",
    "drivers.zigbee.ezsp",
    "drivers.zigbee.zcl",
    "drivers.zigbee.zdo",
    "hubagent.uplink.message",
)
WHOLE = ("hubagent.agent",)
COMMAND_LINE = ("hubagent.cli", "hubagent.__main__")
DONGLES = ("simulators.devices", "simulators.zwave", "simulators.zigbee", "simulators.ip", "simulators.cloud")
BESIDE_DONGLES = (
    "simulators.building",
    "simulators.cable",
    "simulators.device_memory",
    "simulators.dongle",
    "simulators.fault_kind",
    "simulators.faults",
    "simulators.kept_file",
    "simulators.kept_record",
    "simulators.listening",
    "simulators.rough_air",
    "simulators.web",
)
WITH_AN_AGENT = (
    "simulators.stage",
    "simulators.cli",
    "simulators.cloud_cli",
    "simulators.far_away",
    "simulators.bench",
    "simulators.herd",
    "simulators.home_rules",
    "simulators.chaos",
    "simulators.internet",
    "simulators.live",
    "simulators.pytest_plugin",
    "simulators.recording",
    "simulators.scratch",
    "simulators.site",
    "simulators.testing",
    "simulators.trials",
)
"""What puts an agent beside a world."""


def modules(*packages: str) -> list[str]:
    """Every module of ours at or below `packages`."""
    return sorted(name for name in _all_modules() if _below(name, packages))


def imports(module: str) -> Iterator[str]:
    """What `module` imports, wherever in its text, `TYPE_CHECKING` blocks excepted."""
    tree = ast.parse(_all_modules()[module].read_text(encoding="utf-8"))
    typing_only = {
        id(below)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and _is_type_checking(node.test)
        for statement in node.body
        for below in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in _all_modules() else str(node.module)


def ours(module: str) -> list[str]:
    return [name for name in imports(module) if _below(name, PACKAGES)]


def outside(module: str, allowed: tuple[str, ...]) -> list[str]:
    """What it imports of ours that is in none of `allowed`."""
    return [name for name in ours(module) if not _below(name, allowed)]


def _all_modules() -> dict[str, Path]:
    if not _found:
        for package in PACKAGES:
            for path in (ROOT / package).rglob("*.py"):
                parts = path.relative_to(ROOT).with_suffix("").parts
                _found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return _found


_found: dict[str, Path] = {}


def _below(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def _is_type_checking(test: ast.expr) -> bool:
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


@pytest.mark.parametrize("module", modules("hubagent.model"))
def test_the_vocabulary_imports_the_standard_library_only(module: str) -> None:
    others = [name for name in imports(module) if not _below(name, ("hubagent.model", *sys.stdlib_module_names))]
    assert others == []


@pytest.mark.parametrize("module", modules("hubagent.machine", "hubagent.runtime"))
def test_leaves_import_nothing_of_ours(module: str) -> None:
    assert ours(module) == []


@pytest.mark.parametrize("module", modules("hubagent"))
def test_the_agent_imports_neither_drivers_nor_simulators(module: str) -> None:
    assert outside(module, ("hubagent",)) == []


@pytest.mark.parametrize("module", modules("drivers"))
def test_drivers_import_the_leaves_only(module: str) -> None:
    assert outside(module, (*LEAVES, "drivers")) == []


@pytest.mark.parametrize("module", modules(*CODECS))
def test_codecs_import_codecs_only(module: str) -> None:
    assert outside(module, CODECS) == []


@pytest.mark.parametrize("module", modules(*DONGLES))
def test_what_is_simulated_shares_the_alphabet_and_nothing_of_the_behaviour(module: str) -> None:
    assert outside(module, (*DONGLES, *CODECS, *BESIDE_DONGLES)) == []


@pytest.mark.parametrize("module", sorted(set(modules("hubagent")) - set(modules(*WHOLE, *COMMAND_LINE))))
def test_parts_do_not_import_the_whole(module: str) -> None:
    assert [name for name in ours(module) if _below(name, (*WHOLE, *COMMAND_LINE))] == []


@pytest.mark.parametrize("module", modules(*WHOLE))
def test_the_whole_does_not_import_the_command_line(module: str) -> None:
    assert [name for name in ours(module) if _below(name, COMMAND_LINE)] == []


@pytest.mark.parametrize("module", modules("hubagent.rules"))
def test_rules_know_neither_home_nor_store_nor_api(module: str) -> None:
    assert outside(module, ("hubagent.rules", "hubagent.model", "hubagent.machine", "hubagent.toml_lines")) == []


@pytest.mark.parametrize("module", sorted(set(modules("simulators")) - set(modules(*WITH_AN_AGENT))))
def test_a_world_contains_no_agent(module: str) -> None:
    shared = ("hubagent.runtime", "hubagent.table_words", "hubagent.toml_lines", "hubagent.uplink.message")
    assert [name for name in outside(module, shared) if _below(name, ("hubagent",))] == []


def test_one_module_imports_pyserial() -> None:
    importers = [module for module in modules(*PACKAGES) if any(_below(name, ("serial",)) for name in imports(module))]
    assert importers == ["drivers.serial_port"]


def test_there_are_modules_to_check() -> None:
    assert len(modules(*PACKAGES)) > 50
    assert "hubagent.model.event" in modules("hubagent.model")


def test_no_other_distribution_installs_packages_of_our_names() -> None:
    owners = metadata.packages_distributions()
    for package in PACKAGES:
        assert set(owners.get(package, [])) <= {"hubagent"}
