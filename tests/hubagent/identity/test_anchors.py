"""Whom the hub trusts while authorities come and go."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from hubagent.identity.anchors import ABSENT_S, ANCHORS_MAX, Anchors, merged, usable
from hubagent.identity.certificate import fingerprint, life_of
from simulators.cloud.ca import DAY_S, Authority, Dates, new_authority
from tests.hubagent.identity.a_hub import NOW, YEAR_S, AHub

OLD, NEW, NEXT = (new_authority(lambda: NOW, name) for name in ("old", "new", "next"))


def known(*authorities: Authority, absent: dict[str, float] | None = None) -> Anchors:
    return Anchors(tuple(one.root for one in authorities), absent or {})


def named(anchors: Anchors) -> list[str]:
    return [str(one.subject.rfc4514_string()).removeprefix("CN=").removesuffix(" root") for one in anchors.certificates]


def test_a_new_anchor_comes_in_beside_the_old() -> None:
    """Fault 13: the authority changes under the fleet; two anchors overlap."""
    after = merged(known(OLD), [OLD.root, NEW.root, OLD.issuing], [], NOW, NOW)
    assert named(after) == ["old", "new"]
    assert after.absent == {}


def test_one_that_is_absent_once_stays() -> None:
    after = merged(known(OLD, NEW), [NEW.root], [], NOW, NOW)
    assert named(after) == ["old", "new"]
    assert after.absent == {fingerprint(OLD.root): NOW}


def test_one_that_is_absent_twice_within_30_days_stays_and_later_goes() -> None:
    """Fault 13: the old anchor leaves only when it is sure that nobody needs it."""
    anchors = merged(known(OLD, NEW), [NEW.root], [], NOW, NOW)
    anchors = merged(anchors, [NEW.root], [], NOW + ABSENT_S - 1, NOW + ABSENT_S - 1)
    assert named(anchors) == ["old", "new"]
    assert named(merged(anchors, [NEW.root], [], NOW + ABSENT_S, NOW + ABSENT_S)) == ["new"]


def test_one_that_comes_back_counts_from_the_beginning() -> None:
    anchors = merged(known(OLD, NEW), [NEW.root], [], NOW, NOW)
    anchors = merged(anchors, [NEW.root, OLD.root], [], NOW + ABSENT_S - 1, NOW + ABSENT_S - 1)
    assert anchors.absent == {}
    anchors = merged(anchors, [NEW.root], [], NOW + ABSENT_S, NOW + ABSENT_S)
    assert named(anchors) == ["old", "new"]


def test_one_that_the_cloud_itself_still_uses_is_not_absent() -> None:
    anchors = known(OLD, absent={fingerprint(OLD.root): NOW - 10 * ABSENT_S})
    after = merged(anchors, [NEW.root], [OLD.server().certificate, OLD.issuing, OLD.root], NOW, NOW)
    assert named(after) == ["old", "new"]
    assert after.absent == {}


def test_while_the_clock_is_not_sure_nobodys_absence_counts() -> None:
    anchors = merged(known(OLD, NEW), [NEW.root], [], NOW, None)
    assert anchors.absent == {}
    long_absent = known(OLD, NEW, absent={fingerprint(OLD.root): NOW - 10 * ABSENT_S})
    assert named(merged(long_absent, [NEW.root], [], NOW, None)) == ["old", "new"]


def test_an_expired_one_goes_when_there_is_another() -> None:
    expired = new_authority(lambda: NOW, "expired", Dates(NOW - YEAR_S, NOW - DAY_S))
    assert named(merged(known(expired, NEW), [NEW.root], [], NOW, None)) == ["new"]


@pytest.mark.parametrize(
    "offered",
    [
        [],
        [OLD.issuing],
        [OLD.server().certificate],
        [new_authority(lambda: NOW, "expired", Dates(NOW - YEAR_S, NOW - DAY_S)).root],
    ],
)
def test_a_list_without_a_usable_anchor_changes_nothing(offered: list[x509.Certificate]) -> None:
    before = known(OLD, absent={fingerprint(OLD.root): NOW - 10 * ABSENT_S})
    assert merged(before, offered, [], NOW, NOW) is before


def test_a_weak_root_is_no_anchor() -> None:
    key = rsa.generate_private_key(65537, 1024)
    life = life_of(OLD.root)
    builder = (
        x509.CertificateBuilder()
        .subject_name(OLD.root.subject)
        .issuer_name(OLD.root.subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(OLD.root.not_valid_before_utc)
        .not_valid_after(OLD.root.not_valid_after_utc)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    )
    assert life.end > NOW
    assert usable([builder.sign(key, hashes.SHA256()), OLD.root], NOW) == [OLD.root]


def test_there_is_a_limit_to_how_many_are_trusted() -> None:
    many = [new_authority(lambda: NOW, f"a{number}").root for number in range(ANCHORS_MAX + 3)]
    after = merged(known(OLD), many, [OLD.root], NOW, NOW)
    assert len(after.certificates) == ANCHORS_MAX
    assert OLD.root in after.certificates


@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from([0, 1, 2]), max_size=3),
            st.floats(min_value=0, max_value=100 * DAY_S),
            st.booleans(),
        ),
        max_size=15,
    )
)
def test_there_is_always_somebody_to_trust(refreshes: list[tuple[list[int], float, bool]]) -> None:
    roots = [OLD.root, NEW.root, NEXT.root]
    anchors, now = known(OLD), NOW
    for offered, later, sure in refreshes:
        now += later
        anchors = merged(anchors, [roots[number] for number in offered], [], now, now if sure else None)
        assert anchors.certificates
        assert len(set(anchors.certificates)) == len(anchors.certificates)
        assert set(anchors.absent) <= {fingerprint(one) for one in anchors.certificates}


async def test_a_hub_moves_to_a_new_authority_without_a_day_off(hub: AHub) -> None:
    """Fault 13: the authority changes under the fleet."""
    await hub.claimed()
    old, new = hub.authority, new_authority(lambda: hub.time.now, "new")
    hub.cloud.server.anchors.append(new.root)
    hub.time.now += DAY_S
    await hub.enrolment.refresh()
    assert {one.subject for one in hub.identity.anchors()} == {old.root.subject, new.root.subject}

    # The cloud shows certificates of the new authority; hubs still have theirs of the old one.
    from tests.helpers.connects import connects

    both = old.anchors_pem + new.anchors_pem
    assert connects(hub.identity, _with_anchors(old, both), hub.folder / "x", shown=new.server()) == ""
    # And the enrolment server belongs to the new one, too.
    hub.cloud.server = hub.new_server(new)
    hub.cloud.server.anchors.append(old.root)
    hub.identity.clock.learned(hub.time.now)
    await hub.enrolment.refresh()
    assert connects(hub.identity, _with_anchors(new, both), hub.folder / "y") == ""


async def test_a_hub_that_missed_the_change_says_so_plainly(hub: AHub) -> None:
    await hub.claimed()
    from tests.helpers.connects import connects

    stranger = new_authority(lambda: hub.time.now, "new")
    complaint = connects(hub.identity, stranger, hub.folder / "x")
    assert "or the hub's trust anchors are not this cloud's" in complaint


def _with_anchors(authority: Authority, pem: bytes) -> Authority:
    """The authority for a server that trusts hubs of several."""

    class Both(Authority):
        anchors_pem = property(lambda _self: pem)

    return Both(authority.now, authority._root, authority._issuing)
