"""Names and lists that are not as they should be. Good ones are in tests/vectors/zwave/association_grp_info.toml."""

import pytest

from drivers.zwave.command_classes.association_grp_info import (
    AssociationGroupCommandListReport,
    AssociationGroupInfoReport,
    AssociationGroupNameReport,
)
from drivers.zwave.command_classes.command import MalformedCommand


def test_a_name_ends_at_a_nul_and_is_read_without_bytes_that_are_not_utf_8() -> None:
    assert AssociationGroupNameReport.from_bytes(bytes.fromhex("59020106c3a4ff420043")).name == "äB"


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (AssociationGroupNameReport, "5902010441"),
        (AssociationGroupInfoReport, "590402010000010000"),
        (AssociationGroupCommandListReport, "590601032001f1"),
        (AssociationGroupCommandListReport, "590601042001"),
    ],
)
def test_what_is_shorter_than_it_says_is_malformed(
    kind: type[AssociationGroupNameReport | AssociationGroupInfoReport | AssociationGroupCommandListReport], data: str
) -> None:
    with pytest.raises(MalformedCommand):
        kind.from_bytes(bytes.fromhex(data))
