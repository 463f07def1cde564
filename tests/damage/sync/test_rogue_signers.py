"""One who may sign withdrawals, or two who may sign urgent items, sign nonsense: the rest goes on."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tuf.api.metadata import TargetFile

from sync.agent.account import report_to_hub
from sync.protocol import LONGEST_MESSAGE
from sync.publication import PieceList, with_pieces
from sync.trust import roles
from tests.support.agent_kiosk import GATE, SCREEN, AgentKiosk, playlist_of, urgent_bulletin
from tests.support.feed_server import feed_server
from tests.support.signed_feed import SignedFeed

NOW = datetime.now(UTC)


@pytest.fixture
def feed(tmp_path: Path) -> SignedFeed:
    return SignedFeed(tmp_path / "feed", now=NOW)


@pytest.fixture
def kiosk(tmp_path: Path, feed: SignedFeed) -> Iterator[AgentKiosk]:
    clip = feed.add_media(b"clip", "clip.mp4")
    feed.add_release(GATE, SCREEN, 1, playlist_of(clip), [clip])
    feed.add_urgent("u1", urgent_bulletin("u1", NOW))
    feed.publish()
    with feed_server(feed.folder) as running:
        yield AgentKiosk(tmp_path / "kiosk", feed.first_root, running.url)


@pytest.mark.parametrize(
    "hashes",
    [
        {"sha512": "0" * 128},
        {"sha256": ""},
        {"sha256": ".."},
        {"sha256": "../../../../../../../../dev/zero"},
        {"sha256": "x" * 64},
        {"sha256": "\0"},
    ],
)
@pytest.mark.parametrize("gate", [GATE, "elsewhere"])
def test_a_withdrawal_named_by_no_digest_bars_nothing_else(
    feed: SignedFeed, kiosk: AgentKiosk, hashes: dict[str, str], gate: str
) -> None:
    target = TargetFile(10, hashes, roles.withdrawal_path("w"))
    target.unrecognized_fields["custom"] = {"screens": [f"{gate}/*"]}
    feed.delegated[roles.WITHDRAWALS].targets[target.path] = target
    feed.publish_role(roles.WITHDRAWALS)
    feed.publish()
    polled = kiosk.open().once()
    assert [refusal.code for refusal in polled.refusals] == (["malformed"] if gate == GATE else [])
    assert (kiosk.agent / "urgent" / "u1.json").is_file()
    assert kiosk.sequence == 1


@pytest.mark.parametrize("name", ["x" * 3000, "a\x1b[2J\nroot: all is well\x00\udcff"])
def test_a_name_without_end_or_with_control_characters_is_told_of_in_a_line(
    feed: SignedFeed, kiosk: AgentKiosk, name: str
) -> None:
    withdrawals = feed.delegated[roles.WITHDRAWALS].targets
    for number in range(100):
        path = roles.withdrawal_path(f"{number}{name}".encode("utf-8", "replace").decode())
        withdrawals[path] = TargetFile(10, {"sha256": "0" * 64}, path)
    feed.publish_role(roles.WITHDRAWALS)
    feed.publish()
    agent = kiosk.open()
    polled = agent.once()
    assert kiosk.sequence == 1
    assert {refusal.code for refusal in polled.refusals} <= {"missing", "not-fetched"}
    for refusal in polled.refusals:
        assert refusal.vi.isprintable()
        assert len(refusal.vi) < 1000
    report = report_to_hub(agent.account())
    assert report.refusals
    assert len(report.write()) < LONGEST_MESSAGE


@pytest.mark.parametrize(
    "pieces", [PieceList("z" * 64, 96), PieceList("../" * 21 + "x", 96), PieceList("0" * 64, 2**60)]
)
def test_a_piece_list_that_can_be_none_is_refused_with_its_release(
    feed: SignedFeed, kiosk: AgentKiosk, pieces: PieceList
) -> None:
    kiosk.open().once()
    clip = with_pieces(feed.add_media(bytes(3 << 20), "long.mp4"), pieces)
    feed.add_release(GATE, SCREEN, 2, playlist_of(clip), [clip])
    feed.publish()
    (kiosk.agent / "probation.json").unlink()
    polled = kiosk.open().once()
    assert [refusal.code for refusal in polled.refusals] == ["malformed"]
    assert kiosk.sequence == 1
