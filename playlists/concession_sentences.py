"""Concessions as sentences, in Vietnamese for operators and in English for developers."""

from collections.abc import Iterable, Mapping
from typing import Final

from playlists.languages import name_vi
from playlists.playlist import Playlist
from playlists.rota import Concession, Rota, Rule

NOTES: Final = frozenset({Rule.SHARE_OF_VOICE, Rule.WEIGHT})
"""What gives way to stronger rules as a matter of course; the others deserve a warning."""

OF_THE_SCREEN: Final = frozenset({Rule.LANGUAGE_SHARE, Rule.FILLED})
"""Rules kept for the screen; their subject is no slot and no message."""

_VI: Final[Mapping[Rule, str]] = {
    Rule.SETS: "Bộ bản ngữ “{subject}” không được phát, vì {reason}.",
    Rule.FILLED: "Màn hình trống {missing}, vì {reason}.",
    Rule.SPACING: "“{subject}” lặp lại sau {got} thay vì sau ít nhất {wanted}, vì {reason}.",
    Rule.LANGUAGE_SHARE: "{language} chỉ có trong {got} thời lượng phát, cần ít nhất {wanted}, vì {reason}.",
    Rule.SHARE_OF_VOICE: "“{subject}” chiếm {got} thời lượng phát thay vì {wanted}, vì {reason}.",
    Rule.WEIGHT: "“{subject}” được phát {got} lần trong giờ thay vì {wanted} lần theo trọng số, vì {reason}.",
}
_EN: Final[Mapping[Rule, str]] = {
    Rule.SETS: "The set of versions “{subject}” is not shown: {reason}.",
    Rule.FILLED: "The screen is empty for {missing}: {reason}.",
    Rule.SPACING: "“{subject}” comes again after {got} instead of at least {wanted}: {reason}.",
    Rule.LANGUAGE_SHARE: "“{subject}” is present in {got} of airtime, at least {wanted} is wanted: {reason}.",
    Rule.SHARE_OF_VOICE: "“{subject}” has {got} of airtime instead of {wanted}: {reason}.",
    Rule.WEIGHT: "“{subject}” comes {got} times in the hour instead of {wanted} times by its weight: {reason}.",
}
_REASONS: Final[Mapping[Rule, tuple[str, str]]] = {
    Rule.CONTENT: ("không có nội dung được phép phát", "there is no content that may be shown"),
    Rule.SETS: ("các bản ngữ của một thông điệp phải được phát trọn bộ", "sets are shown whole"),
    Rule.MOST_PER_HOUR: ("đã đủ số lần phát tối đa trong giờ", "the most per hour is reached"),
    Rule.FILLED: ("không còn mục nào khác để phát", "there is nothing else to show"),
    Rule.SPACING: ("phải giữ khoảng cách giữa hai lần phát", "the least spacing has to be kept"),
    Rule.LANGUAGE_SHARE: ("phải giữ tỷ lệ ngôn ngữ", "the shares of languages have to be kept"),
    Rule.SHARE_OF_VOICE: ("phải giữ tỷ lệ thời lượng của mục khác", "other shares of voice have to be kept"),
    Rule.WEIGHT: ("phải giữ trọng số", "weights have to be kept"),
}
_REFUSED: Final = (
    "quy tắc nội dung không cho phát một bản trong bộ",
    "content rules refuse one of its versions",
)
_FIXES: Final[Mapping[Rule, tuple[str, str]]] = {
    Rule.SETS: ("Sửa hoặc thay bản bị từ chối.", "Mend or replace the version that is refused."),
    Rule.FILLED: (
        "Thêm nội dung, hoặc tăng số lần phát tối đa trong giờ.",
        "Add content, or allow more turns an hour.",
    ),
    Rule.SPACING: ("Thêm nội dung, hoặc giảm khoảng cách.", "Add content, or ask for less spacing."),
    Rule.LANGUAGE_SHARE: (
        "Thêm nội dung có ngôn ngữ này, cho nó phát nhiều lần hơn, hoặc giảm tỷ lệ.",
        "Add content in this language, let it come more often, or ask for a smaller share.",
    ),
}
_TIMES: Final = frozenset({Rule.FILLED, Rule.SPACING})
_PER_CENT: Final = frozenset({Rule.LANGUAGE_SHARE, Rule.SHARE_OF_VOICE})
_MINUTE_MS: Final = 60_000


def sentence_vi(concession: Concession, title: str | None = None) -> str:
    """Say in Vietnamese what gave way, to what, and by how much.

    :param title: what an operator calls the subject; without one its id stands.
    """
    rule = concession.rule
    return _VI[rule].format(
        subject=title or concession.subject,
        language=name_vi(concession.subject),
        wanted=_measured_vi(rule, concession.wanted),
        got=_measured_vi(rule, concession.got),
        missing=_measured_vi(rule, concession.wanted - concession.got),
        reason=_reason(concession)[0],
    )


def sentence_en(concession: Concession, title: str | None = None) -> str:
    """Say it in English."""
    rule = concession.rule
    return _EN[rule].format(
        subject=title or concession.subject,
        wanted=_measured_en(rule, concession.wanted),
        got=_measured_en(rule, concession.got),
        missing=_measured_en(rule, concession.wanted - concession.got),
        reason=_reason(concession)[1],
    )


def title_of(playlist: Playlist, concession: Concession) -> str | None:
    """What an operator calls the subject of a concession; None where it is no slot and no message."""
    for slot in playlist.slots if concession.rule not in OF_THE_SCREEN else ():
        if concession.subject in {slot.item.message, slot.id}:
            return slot.item.title
    return None


def gathered(rotas: Iterable[Rota]) -> dict[Concession, list[Rota]]:
    """Gather what gives way in several hours, strongest rule first: the worst of it, and the hours it happens in."""
    cases: dict[tuple[Rule, str, Rule], list[tuple[float, Concession, Rota]]] = {}
    for rota in rotas:
        for concession in rota.concessions:
            kind = (concession.rule, concession.subject, concession.yielded_to)
            cases.setdefault(kind, []).append((abs(concession.wanted - concession.got), concession, rota))
    order = list(Rule)
    return {
        max(cases[kind], key=lambda case: case[0])[1]: [rota for _, _, rota in cases[kind]]
        for kind in sorted(cases, key=lambda kind: order.index(kind[0]))
    }


def fix_for(rule: Rule) -> tuple[str, str] | None:
    """Say, in Vietnamese and English, what can be done about a rule that gives way; None where nothing need be."""
    return _FIXES.get(rule)


def time_vi(ms: float) -> str:
    """Write a length of time, in seconds where it is short, else in minutes."""
    return f"{_decimal(ms / 1000)} giây" if ms < _MINUTE_MS else f"{_decimal(ms / _MINUTE_MS)} phút"


def _measured_vi(rule: Rule, value: float) -> str:
    if rule in _TIMES:
        return time_vi(value)
    return f"{_decimal(value)} %" if rule in _PER_CENT else _decimal(value)


def _measured_en(rule: Rule, value: float) -> str:
    if rule in _TIMES:
        return f"{value / 1000:.4g} s" if value < _MINUTE_MS else f"{value / _MINUTE_MS:.4g} min"
    return f"{value:.4g} %" if rule in _PER_CENT else f"{value:.4g}"


def _decimal(value: float) -> str:
    return f"{value:.4g}".replace(".", ",")


def _reason(concession: Concession) -> tuple[str, str]:
    return _REFUSED if concession.rule is Rule.SETS else _REASONS[concession.yielded_to]
