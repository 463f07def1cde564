"""The demo's gate keeps what it promises: languages, shares, papers, and the state folder that is made of it."""

import itertools
import re
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from player.shelf import read_folder
from playlists import cli
from playlists.content_digest import content_digest, item_digest, ticker_bulletin
from playlists.errors import ExitCode
from playlists.facts_file import read_facts
from playlists.loop import plan_day
from playlists.playlist import Item, Playlist
from playlists.playlist_file import read_playlist
from playlists.proof import Rendition
from playlists.screen import Screen, ZoneKind
from playlists.screen_file import read_screen

_ROOT = Path(__file__).resolve().parents[2]
_DEPLOY = _ROOT / "deploy"
_GATE = _DEPLOY / "demo-content" / "bo-y"
_FILE, _SCREEN = _GATE / "bo-y.playlist.json", _GATE / "bo-y.screen.json"
_URGENT = _GATE / "khan-cap" / "dien-tap.playlist.json"
_UNREAD = re.compile(r"[\u0e80-\u0eff\u1780-\u17ff]")
_DAY = date(2026, 12, 1)


@pytest.fixture(scope="module")
def playlist() -> Playlist:
    return read_playlist(_FILE.read_bytes())


@pytest.fixture(scope="module")
def screen() -> Screen:
    return read_screen(_SCREEN.read_bytes())


def items_of(playlist: Playlist) -> list[Item]:
    return [slot.item for slot in playlist.slots]


def texts_of(playlist: Playlist) -> Iterator[tuple[str, str]]:
    """Everything that the player draws, with its language."""
    for item in items_of(playlist):
        for text in () if item.bulletin is None else item.bulletin.texts:
            yield from ((text.language, part) for part in (text.title, *text.body.split("\n")) if part)
    yield from ((message.language, message.text) for message in playlist.ticker)


def test_it_shows_every_kind_of_item_and_one_message_in_three_languages(playlist: Playlist) -> None:
    items = items_of(playlist)
    renditions = {item.bulletin.rendition for item in items if item.bulletin is not None}
    assert renditions == {Rendition.TEXT, Rendition.SOUND}
    assert [item.kind.value for item in items].count("page") == 2
    assert {item.kind.value for item in items} == {"clip", "page", "image", "bulletin"}
    versions = [item.languages for item in items if item.message is not None]
    assert versions == [("vi", "lo"), ("vi", "km"), ("vi", "en")]
    assert [message.language for message in playlist.ticker] == ["vi", "lo", "km", "en"]


def test_all_it_shows_at_a_time_is_one_page(playlist: Playlist) -> None:
    facts = read_facts((_GATE / "bo-y.facts.json").read_bytes()).by_item
    assert {item.id for item in items_of(playlist)} < facts.keys()
    assert [name for name, one in facts.items() if any((one.missing_glyphs or {}).values())] == []


def test_files_and_papers_are_those_of_what_is_there(playlist: Playlist) -> None:
    for item in items_of(playlist):
        sources = {item.source: item.sha256}
        if item.bulletin is not None:
            sources = {
                item.bulletin.picture or "": item.bulletin.picture_sha256,
                item.bulletin.sound or "": item.bulletin.sound_sha256,
            }
        for source, digest in sources.items():
            assert not source or sha256((_GATE / source).read_bytes()).hexdigest() == digest
        assert {approval.digest for approval in item.papers.approvals} == {item_digest(item)}
    for message in playlist.ticker:
        approved = {approval.digest for approval in message.papers.approvals}
        assert approved == {content_digest(ticker_bulletin(message))}
    facts = read_facts((_GATE / "bo-y.facts.json").read_bytes()).by_item
    assert {item.id: facts[item.id].of for item in items_of(playlist)} == {
        item.id: item_digest(item) for item in items_of(playlist)
    }


def test_every_paper_says_that_it_is_an_example(playlist: Playlist) -> None:
    for slot in (*playlist.slots, *read_playlist(_URGENT.read_bytes()).slots):
        papers = slot.item.papers
        said = [papers.supplier, papers.funding, *(one.by for one in papers.approvals), *papers.readers.values()]
        assert all(name is not None and name.startswith("VÍ DỤ") for name in said)
        assert papers.readers.keys() == {"lo", "km"} & {*slot.item.languages}


def test_no_lao_or_khmer_sentence_is_our_invention(playlist: Playlist) -> None:
    breaks = _ROOT / "tests" / "golden" / "line_breaks"
    public = "\n".join((breaks / f"{language}.txt").read_text("utf-8") for language in ("lo", "km"))
    readme = (_GATE / "README.md").read_text("utf-8")
    texts = [*texts_of(playlist), *texts_of(read_playlist(_URGENT.read_bytes()))]
    unread = [(language, text) for language, text in texts if _UNREAD.search(text)]
    assert len(unread) > 10
    assert {language for language, _ in unread} == {"lo", "km"}
    assert [text for _, text in unread if text not in public and text not in readme] == []


def test_the_shares_of_the_languages_hold_in_every_hour(playlist: Playlist, screen: Screen) -> None:
    assert set(screen.languages) == {"vi", "lo", "km", "en"}
    hours = plan_day(playlist, screen, _DAY)
    assert len(hours) == 24
    for rota in hours:
        whole = sum(turn.length for turn in rota.turns)
        longest = max(turn.length for turn in rota.turns)
        for language, least in screen.shares.items():
            present = sum(turn.length for turn in rota.turns if language in turn.slot.item.languages)
            assert present + longest >= whole * least / 100
        assert rota.concessions == ()
        assert {turn.slot.item.id for turn in rota.turns} == {item.id for item in items_of(playlist)}


def test_any_hundred_seconds_show_lao_and_khmer_bulletins_and_a_clip(playlist: Playlist, screen: Screen) -> None:
    """What `make demo` shows depends on the minute at which it is started; it is all to come up in any."""
    rota = plan_day(playlist, screen, _DAY)[9]
    for language in ("lo", "km"):
        starts = [t.offset for t in rota.turns if t.slot.item.bulletin and language in t.slot.item.languages]
        assert max(after - before for before, after in itertools.pairwise(starts)) < 80_000
    clips = [turn.offset for turn in rota.turns if turn.slot.item.kind.value == "clip"]
    assert max(after - before for before, after in itertools.pairwise(clips)) < 80_000


def test_zones_leave_most_of_the_screen_to_the_content(screen: Screen) -> None:
    zones = {zone.kind: zone for zone in screen.layout.zones}
    assert zones.keys() == set(ZoneKind)
    main = zones[ZoneKind.MAIN]
    assert main.width == main.height > 80, "the shape of the clips, and no bars"


def test_the_checks_find_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--screen", str(_SCREEN), "--thresholds", str(_GATE / "bo-y.thresholds.json"), "--on", "2026-12-01"]
    assert cli.main(["check", str(_FILE), *words, "--facts", str(_GATE / "bo-y.facts.json")]) == ExitCode.OK
    told = capsys.readouterr().out
    assert "Chưa" not in told, "everything is measured and on record"
    assert set(re.findall(r"V\d+", told)) <= {"V13"}, "speech in clips without captions, and nothing else"
    facts = str(_URGENT.with_name("dien-tap.facts.json"))
    assert cli.main(["check", str(_URGENT), *words[:-1], "2026-11-24", "--facts", facts]) == ExitCode.OK
    assert "V10" not in capsys.readouterr().out
    assert cli.main(["check", str(_SCREEN)]) == ExitCode.OK


def test_as_a_plain_folder_it_shows_its_files_and_nothing_else() -> None:
    shown = read_folder(_GATE)
    assert [slot.item.source[:2] for slot in shown.slots] == ["01", "02", "03", "04", "05", "05", "06"]
