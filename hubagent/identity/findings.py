"""What is to be said of the hub's identity: for `doctor`, as drivers' findings are, and for `identity`."""

from typing import Any, Final

from hubagent.identity.certificate import common_name, date_text, fingerprint, life_of
from hubagent.identity.identity import Identity, seal_for
from hubagent.identity.key import MANUFACTURER, OPERATIONAL, KeySealed, open_key
from hubagent.identity.notes import Notes, read_notes
from hubagent.identity.renewal import alert_days, due_at
from hubagent.identity.seal import SealElsewhere, SealRefused
from hubagent.identity.trouble import IdentityUnusable

CLOCK_OFF_S: Final = 300.0
_ANCHOR_DAYS: Final = 180
_DAY_S: Final = 86_400.0
_GOOD, _DOUBTFUL, _BAD = "ok", "warning", "error"

Record = dict[str, Any]


def findings(identity: Identity) -> list[Record]:
    """Each with grade, text and fix."""
    try:
        certificate = identity.certificate()
    except IdentityUnusable as error:
        return [_finding(_BAD, str(error), "hubagent provision")]
    found = _of_seal(identity)
    if certificate is None:
        text = "the hub has no certificate yet, and cannot connect to a cloud"
        return [*found, _finding(_DOUBTFUL, text, "hubagent provision --cloud https://HOST:PORT --claim CODE")]
    return [*found, _of_certificate(identity, read_notes(identity.files)), *_of_anchors(identity), *_of_clock(identity)]


def described(identity: Identity) -> Record:
    """All that may be shown: no key, no password. Raises IdentityUnusable."""
    certificate, notes = identity.certificate(), read_notes(identity.files)
    anchors = [
        {
            "name": common_name(one.subject),
            "sha256": fingerprint(one),
            "until": int(life_of(one).end),
            "absent_since": _seconds(notes.absent.get(fingerprint(one))),
        }
        for one in identity.anchors()
    ]
    record: Record = {
        "hub": None,
        "certificate": None,
        "anchors": anchors,
        "revocation_lists": len(identity.revoked()),
        "manufacturer": _manufacturer(identity),
        "seal": str(identity.source),
        "cloud": notes.cloud or None,
    }
    if certificate is not None:
        life, now = life_of(certificate), identity.clock.now()[0]
        record["hub"] = identity.hub
        record["certificate"] = {
            "serial": f"{certificate.serial_number:x}",
            "issuer": common_name(certificate.issuer),
            "from": int(life.begin),
            "until": int(life.end),
            "days_left": int((life.end - now) // _DAY_S),
            "renewal": int(due_at(certificate)),
            "renewal_failures": notes.failures,
        }
    return record


def _of_seal(identity: Identity) -> list[Record]:
    """Whether the keys can be opened at all."""
    found = []
    for path, shown in ((identity.files.operational, OPERATIONAL), (identity.files.manufacturer, MANUFACTURER)):
        sealed = identity.files.read(path)
        if sealed is None:
            continue
        try:
            open_key(sealed, seal_for(identity.source, shown).open(), shown)
        except SealRefused as error:
            found.append(_finding(_BAD, str(error), str(error).rpartition("mend it: ")[2]))
        except SealElsewhere as error:
            # Who looks may be another process than the hub's, which has it.
            text = f"whether the hub can open its key cannot be seen from here: {error}"
            return [_finding(_DOUBTFUL, text, "if the hub runs with it, nothing: `hubagent uplink` tells")]
        except IdentityUnusable as error:
            found.append(_finding(_BAD, str(error), "put the sealing key back, or hubagent identity reset"))
        except KeySealed as error:
            text = f"{path}: {error}"
            found.append(_finding(_BAD, text, "put the right sealing key back, or hubagent identity reset"))
    return found


def _of_certificate(identity: Identity, notes: Notes) -> Record:
    certificate = identity.certificate()
    assert certificate is not None
    now, life = identity.clock.now()[0], life_of(certificate)
    left = (life.end - now) / _DAY_S
    failed = f"; it could not be renewed ({notes.failures} tries; the last: {notes.failed})" if notes.failures else ""
    fix = "hubagent identity renew, and see what it says; local control goes on" if failed else ""
    if left <= 0:
        text = f"the hub's certificate has ended on {date_text(life.end)}{failed}"
        return _finding(_BAD, text, fix or "hubagent identity renew, or hubagent provision --claim CODE")
    text = f"{identity.hub}: certificate for another {int(left)} days, renewed from {date_text(due_at(certificate))} on"
    days = alert_days(certificate, now)
    if days is None:
        return _finding(_DOUBTFUL if failed else _GOOD, text + failed, fix)
    text = f"the hub's certificate ends in {int(left)} days and is not renewed yet{failed}"
    return _finding(_BAD if days <= 7 else _DOUBTFUL, text, fix or "hubagent identity renew")


def _of_anchors(identity: Identity) -> list[Record]:
    try:
        anchors = identity.anchors()
    except IdentityUnusable as error:
        return [_finding(_BAD, str(error), "hubagent provision --anchor FILE")]
    if not anchors:
        return [_finding(_BAD, "the hub trusts nobody", "hubagent provision --anchor FILE")]
    last = max(life_of(one).end for one in anchors)
    if last - identity.clock.now()[0] > _ANCHOR_DAYS * _DAY_S:
        return []
    text = f"the last trust anchor ends on {date_text(last)}, and the cloud has named no other yet"
    return [_finding(_DOUBTFUL, text, "ask the cloud's operator for the next one: hubagent provision --anchor FILE")]


def _of_clock(identity: Identity) -> list[Record]:
    off_s = identity.clock.wall_off_s
    if off_s is None or abs(off_s) <= CLOCK_OFF_S:
        return []
    text = f"this machine's clock is {abs(off_s):.0f} s {'ahead of' if off_s > 0 else 'behind'} the cloud's"
    return [_finding(_DOUBTFUL, text, "see whether it is set from the network: timedatectl")]


def _manufacturer(identity: Identity) -> Record | None:
    try:
        chain = identity.files.certificates(identity.files.manufacturer)
    except (OSError, ValueError):
        return None
    if not chain:
        return None
    return {
        "name": common_name(chain[0].subject),
        "issuer": common_name(chain[0].issuer),
        "until": int(life_of(chain[0]).end),
    }


def _seconds(unix: float | None) -> int | None:
    return None if unix is None else int(unix)


def _finding(grade: str, text: str, fix: str = "") -> Record:
    return {"grade": grade, "text": text, "fix": fix}
