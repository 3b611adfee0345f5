"""An identity for people: what `hubagent identity` prints."""

from typing import Any

from hubagent.cli.output import show


def show_identity(record: dict[str, Any]) -> None:
    """`hubagent.identity.findings.described` in lines."""
    from hubagent.identity.certificate import date_text  # noqa: PLC0415 - cryptography would slow down --help

    rows = [("hub", record["hub"] or "none yet: hubagent provision --cloud https://HOST:PORT")]
    if (certificate := record["certificate"]) is not None:
        rows += [
            ("certificate", f"{certificate['serial']}, issued by {certificate['issuer']}"),
            ("valid", f"{date_text(certificate['from'])} to {date_text(certificate['until'])}"),
            ("", f"{certificate['days_left']} days left"),
            ("renewal", f"from {date_text(certificate['renewal'])} on, by itself while the agent runs"),
        ]
        if certificate["renewal_failures"]:
            rows.append(("", f"failed {certificate['renewal_failures']} times: hubagent doctor says why"))
    for anchor in record["anchors"]:
        rows += [
            ("trusts", f"{anchor['name']}, until {date_text(anchor['until'])}"),
            ("", f"sha256 {anchor['sha256']}"),
        ]
        if anchor["absent_since"] is not None:
            rows.append(("", f"the cloud does not name it any more since {date_text(anchor['absent_since'])}"))
    if (maker := record["manufacturer"]) is not None:
        rows.append(("made by", f"{maker['issuer']}: {maker['name']}, until {date_text(maker['until'])}"))
    rows += [("seal", record["seal"]), ("cloud", record["cloud"] or "none")]
    for name, value in rows:
        show(f"{name.ljust(12)}{value}")
