"""Findings as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format), for code hosts and editors."""

from collections.abc import Iterable
from typing import Any

from hubagent.rules.analysis.finding import CODES, Finding, Grade


def sarif(findings: Iterable[Finding], version: str) -> dict[str, Any]:
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "hubagent rules check",
                        "version": version,
                        "rules": [{"id": code, "shortDescription": {"text": text}} for code, text in CODES.items()],
                    }
                },
                "results": [_result(finding) for finding in findings],
            }
        ],
    }


def _result(finding: Finding) -> dict[str, Any]:
    path, _, rest = finding.mistake.place.partition(":")
    line, _, column = rest.partition(":")
    region: dict[str, int] = {"startLine": int(line) if line.isdecimal() else 1}
    if column.isdecimal():
        region["startColumn"] = int(column)
    return {
        "ruleId": finding.code,
        "level": "error" if finding.grade is Grade.ERROR else "warning",
        "message": {"text": finding.mistake.what},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": path}, "region": region}}],
    }
