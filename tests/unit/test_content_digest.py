"""What an approval is bound to: any change of a bulletin's content changes its digest, nothing else does."""

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from playlists.bulletin import Bulletin, BulletinText
from playlists.content_digest import canonical_bytes, content_digest, item_digest, ticker_bulletin
from playlists.papers import Papers
from playlists.playlist import TickerText
from playlists.proof import Rendition
from tests.support.judged import DIGEST, HANOI, bulletin, clip, urgency

WHOLE = Bulletin(
    texts=(BulletinText("vi", "Tin", "một\nhai", {"style": "b"}), BulletinText("lo", "Tin")),
    issuer="Sở A",
    issued=datetime(2026, 11, 24, 8, tzinfo=HANOI),
    picture="p.png",
    picture_sha256=DIGEST,
    link="https://example.invalid/",
    urgency=replace(urgency(), extra={"level": 2}),
    extra={"z": 1, "a": 1.5},
)


def test_the_bytes_are_these() -> None:
    assert canonical_bytes(WHOLE).decode() == (
        '{"a":1.5,"format":1,"issued":"2026-11-24T08:00:00+07:00","issuer":"Sở A","link":"https://example.invalid/",'
        f'"picture":"p.png","picture_sha256":"{DIGEST}","rendition":"text",'
        '"texts":[{"body":"một\\nhai","language":"vi","style":"b","title":"Tin"},'
        '{"body":"","language":"lo","title":"Tin"}],'
        '"urgency":{"area":"xã Bờ Y","expires":"2026-11-24T14:00:00+07:00","issued":"2026-11-24T08:00:00+07:00",'
        '"issuer":"Ban Chỉ huy Phòng thủ dân sự","level":2},"z":1}'
    )
    assert content_digest(WHOLE) == sha256(canonical_bytes(WHOLE)).hexdigest()


def test_every_change_of_content_is_another_digest() -> None:
    texts = WHOLE.texts
    changed = [
        WHOLE,
        replace(WHOLE, texts=texts[::-1]),
        replace(WHOLE, texts=(replace(texts[0], title="Tín"), texts[1])),
        replace(WHOLE, texts=(replace(texts[0], body="một hai"), texts[1])),
        replace(WHOLE, texts=(replace(texts[0], language="en"), texts[1])),
        replace(WHOLE, texts=(replace(texts[0], extra={}), texts[1])),
        replace(WHOLE, rendition=Rendition.IMAGE),
        replace(WHOLE, issuer="Sở B"),
        replace(WHOLE, issued=None),
        replace(WHOLE, picture="q.png"),
        replace(WHOLE, picture_sha256="b" * 64),
        replace(WHOLE, sound="s.ogg"),
        replace(WHOLE, sound_sha256=DIGEST),
        replace(WHOLE, link=None),
        replace(WHOLE, urgency=None),
        replace(WHOLE, urgency=urgency()),
        replace(WHOLE, urgency=replace(urgency(), area="xã Đắk Plô")),
        replace(WHOLE, urgency=replace(urgency(), issuer="Sở A")),
        replace(WHOLE, urgency=replace(urgency(), expires=urgency().expires + timedelta(minutes=1))),
        replace(WHOLE, urgency=replace(urgency(), issued=urgency().issued - timedelta(minutes=1))),
        replace(WHOLE, extra={}),
    ]
    assert len({content_digest(one) for one in changed}) == len(changed)


def test_the_order_of_unknown_fields_is_nothing() -> None:
    assert content_digest(replace(WHOLE, extra={"a": 1.5, "z": 1})) == content_digest(WHOLE)


def test_a_known_field_stands_for_itself() -> None:
    assert content_digest(replace(WHOLE, extra=WHOLE.extra | {"issuer": "Sở B"})) == content_digest(WHOLE)


def test_an_item_s_content_is_its_file_or_its_bulletin() -> None:
    assert item_digest(clip()) == DIGEST
    assert item_digest(clip(sha256=None)) is None
    item = replace(bulletin("vi"), sha256=DIGEST)
    assert item.bulletin is not None
    assert item_digest(item) == content_digest(item.bulletin)
    assert item_digest(replace(item, papers=Papers(commercial=True), title="khác")) == item_digest(item)


@given(st.text(max_size=5), st.text(max_size=5), st.text(max_size=5), st.text(max_size=5))
def test_no_two_messages_of_a_ticker_share_a_digest(one: str, other: str, first: str, second: str) -> None:
    a, b = (ticker_bulletin(TickerText(*words)) for words in ((one, first), (other, second)))
    assert (content_digest(a) == content_digest(b)) is ((one, first) == (other, second))
