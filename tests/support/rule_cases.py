"""Every case of a rule with all that it says of it, in order: together they say everything there is to say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from playlists.facts import Contrast, Facts, FlagPicture, Letters, Loudness
from playlists.papers import Approval, Papers
from playlists.playlist import CaptionFile, Slot
from playlists.proof import Rendition
from playlists.rules_case import Case
from playlists.schedule import Precedence, Target
from playlists.screen import Layout, Zone, ZoneKind
from playlists.thresholds import Threshold
from playlists.verdicts import RuleId
from tests.support.judged import (
    DIGEST,
    HANOI,
    ISSUERS,
    ON,
    OTHER,
    OUTDOOR,
    SCREEN,
    approved,
    bulletin,
    case,
    clip,
    picture,
    urgency,
)

COMMERCIAL = Papers(commercial=True)
REASON = Papers(foreign_only_reason="bản tiếng Việt là mục 3")
FLAG = Papers(national_flag=True)
CAPTIONS = (CaptionFile("vi", "c.vi.srt"),)
FLAG_FACTS = FlagPicture(1.5, cropped=False, covered=False)
URGENT = bulletin("vi", urgency=urgency())
URGENT_SLOT = Slot("u", clip(), precedence=Precedence.URGENT)
OVER = replace(SCREEN, layout=Layout((*SCREEN.layout.zones, Zone(ZoneKind.TICKER, 0, 90, 100, 10))))
BESIDE = replace(
    SCREEN,
    layout=Layout(
        (
            Zone(ZoneKind.CLOCK, 0, 0, 50, 50),
            Zone(ZoneKind.MAIN, 10, 10, 70, 80),
            Zone(ZoneKind.MAIN, 10, 10, 40, 40),
            Zone(ZoneKind.LOGO, 80, 0, 20, 90),
            Zone(ZoneKind.LOGO, 0, 0, 10, 90),
            Zone(ZoneKind.CLOCK, 10, 0, 70, 10),
            Zone(ZoneKind.TICKER, 0, 90, 100, 10),
        )
    ),
)


def letters(*heights: tuple[str, float], nominal: float | None = None, part: str = "body") -> tuple[Letters, ...]:
    return tuple(Letters(language, height, nominal, part) for language, height in heights)


def papers_of(*approvals: Approval) -> Papers:
    return Papers(approvals=approvals)


# Every case with all that its rule says of it, in order.
CASES: list[tuple[RuleId, Case, list[str]]] = [
    (RuleId.V1, case(clip(languages=("vi", "lo"))), ["v1-present"]),
    (RuleId.V1, case(clip(sound=("vi",))), ["v1-present"]),
    (RuleId.V1, case(clip(languages=("lo",), captions=CAPTIONS)), ["v1-present"]),
    (RuleId.V1, case(bulletin("lo", papers=REASON)), ["v1-reason"]),
    (RuleId.V1, case(bulletin("lo", papers=Papers(foreign_only_reason=" "))), ["v1-absent"]),
    (RuleId.V1, case(bulletin("lo", "en")), ["v1-absent"]),
    (RuleId.V1, case(bulletin("jra-Latn")), ["v1-absent"]),
    (RuleId.V1, case(clip()), ["v1-unknown"]),
    (RuleId.V1, case(clip(languages=("lo",), sound=("und",))), ["v1-unknown"]),
    (RuleId.V2, case(clip()), ["v2-unknown"]),
    (RuleId.V2, case(bulletin("vi")), ["v2-none"]),
    (RuleId.V2, case(bulletin("lo", "en")), ["v2-none"]),
    (RuleId.V2, case(bulletin("vi", "lo")), ["v2-below", "v2-size-unmeasured"]),
    (RuleId.V2, case(bulletin("vi", "lo"), Facts(letters=letters(("vi", 40)))), ["v2-below", "v2-size-unmeasured"]),
    (RuleId.V2, case(bulletin("vi", "lo"), Facts(letters=letters(("lo", 40)))), ["v2-below", "v2-size-unmeasured"]),
    (
        RuleId.V2,
        case(bulletin("vi", "lo"), Facts(letters=letters(("vi", 40), ("lo", 30)))),
        ["v2-below", "v2-size-small"],
    ),
    (
        RuleId.V2,
        case(bulletin("vi", "lo"), Facts(letters=letters(("vi", 40), ("lo", 30.1)))),
        ["v2-below", "v2-size-drawn"],
    ),
    (
        # The letters as drawn are small enough, the size asked for is not.
        RuleId.V2,
        case(bulletin("vi", "lo"), Facts(letters=letters(("vi", 40), ("lo", 30), nominal=50))),
        ["v2-below", "v2-size-nominal"],
    ),
    (
        # Of the sizes asked for, too, the worst decides; one without its counterpart is left out.
        RuleId.V2,
        case(
            bulletin("vi", "lo"),
            Facts(
                letters=letters(("vi", 80), ("lo", 20), nominal=60, part="title")
                + letters(("vi", 40), nominal=40)
                + letters(("lo", 20), nominal=20)
                + letters(("vi", 40), part="date")
                + letters(("lo", 20), nominal=20, part="date")
            ),
        ),
        ["v2-below", "v2-size-nominal"],
    ),
    (
        # Title against title and body against body: the body is the one too large.
        RuleId.V2,
        case(
            bulletin("vi", "lo"),
            Facts(letters=letters(("vi", 80), ("lo", 60), part="title") + letters(("vi", 40), ("lo", 31))),
        ),
        ["v2-below", "v2-size-drawn"],
    ),
    (
        # A part that the Vietnamese does not have is compared with the smallest Vietnamese.
        RuleId.V2,
        case(
            bulletin("vi", "lo"),
            Facts(letters=letters(("vi", 80), part="title") + letters(("vi", 40)) + letters(("lo", 31), part="x")),
        ),
        ["v2-below", "v2-size-drawn"],
    ),
    (
        RuleId.V2,
        case(picture(languages=("en", "vi", "lo")), Facts(letters=letters(("vi", 40), ("en", 10), ("lo", 40)))),
        ["v2-above", "v2-size-small", "v2-below", "v2-size-drawn"],
    ),
    (RuleId.V3, case(picture()), ["v3-silent"]),
    (RuleId.V3, case(clip(), Facts(sounding=False)), ["v3-silent"]),
    (RuleId.V3, case(clip()), ["v3-unmeasured"]),
    (RuleId.V3, case(clip(sound=("vi", "und"))), ["v3-unmeasured"]),
    (RuleId.V3, case(clip(sound=("vi", "lo"))), ["v3-unmeasured"]),
    (RuleId.V3, case(clip(sound=("vi", "jeh"))), ["v3-no-foreign"]),
    (RuleId.V3, case(clip(), Facts(spoken=())), ["v3-no-foreign"]),
    (RuleId.V3, case(clip(), Facts(spoken=("vi", "lo"))), ["v3-first"]),
    (RuleId.V3, case(clip(sound=("vi",)), Facts(spoken=("lo", "vi"))), ["v3-late"]),
    (RuleId.V3, case(clip(languages=("vi",)), Facts(spoken=("lo",))), ["v3-unspoken"]),
    (RuleId.V3, case(clip(REASON, languages=("vi",)), Facts(spoken=("lo",))), ["v3-foreign-only"]),
    (RuleId.V3, case(clip(languages=("lo",)), Facts(spoken=("lo",))), ["v3-foreign-only"]),
    (RuleId.V5, case(bulletin("vi", "jeh", "lo")), ["v5-equal"]),
    (RuleId.V5, case(bulletin("vi", "lo")), ["v5-none"]),
    (RuleId.V6, case(clip()), ["v6-not-commercial"]),
    (RuleId.V6, case(clip(COMMERCIAL)), ["v6-no-screen"]),
    (RuleId.V6, case(clip(COMMERCIAL), screen=SCREEN), ["v6-premises", "v6-indoors"]),
    (RuleId.V6, case(clip(COMMERCIAL, sound=("und",)), screen=OUTDOOR), ["v6-premises", "v6-sounding"]),
    (RuleId.V6, case(clip(COMMERCIAL), screen=OUTDOOR), ["v6-premises", "v6-unmeasured"]),
    (RuleId.V6, case(clip(COMMERCIAL), Facts(sounding=False), screen=OUTDOOR), ["v6-premises", "v6-silent"]),
    (RuleId.V6, case(clip(COMMERCIAL), Facts(sounding=True), screen=OUTDOOR), ["v6-premises", "v6-sounding"]),
    (RuleId.V6, case(bulletin("vi", papers=COMMERCIAL), screen=OUTDOOR), ["v6-premises", "v6-silent"]),
    (
        RuleId.V6,
        case(bulletin(papers=COMMERCIAL, sound="s.ogg", rendition=Rendition.SOUND), screen=OUTDOOR),
        ["v6-premises", "v6-sounding"],
    ),
    (
        RuleId.V6,
        case(picture(COMMERCIAL), screen=replace(SCREEN, armed_forces=True)),
        ["v6-armed-forces", "v6-indoors"],
    ),
    (
        RuleId.V6,
        case(clip(COMMERCIAL), screen=OUTDOOR, slots=[Slot("s", clip(), target=Target(screens=("other",)))]),
        ["v6-elsewhere"],
    ),
    (RuleId.V9, case(picture()), ["v9-silent"]),
    (RuleId.V9, case(clip()), ["v9-unmeasured"]),
    (RuleId.V9, case(clip(), Facts(loudness=Loudness(-16, -1))), ["v9-level", "v9-peak"]),
    (RuleId.V9, case(clip(), Facts(loudness=Loudness(-15.9, -0.9))), ["v9-loud", "v9-peak-high"]),
    (RuleId.V10, case(clip()), ["v10-not-urgent"]),
    (
        RuleId.V10,
        case(approved(clip(), "Sở A", "Sở B"), Facts(siren=0.0), slots=[URGENT_SLOT]),
        ["v10-no-notice", "v10-approved", "v10-no-siren"],
    ),
    (
        RuleId.V10,
        case(URGENT),
        ["v10-notice", "v10-expires", "v10-no-list", "v10-few-approvals", "v10-silent"],
    ),
    (
        RuleId.V10,
        case(approved(URGENT, "Sở A", "Sở B"), rows=[ISSUERS]),
        ["v10-notice", "v10-expires", "v10-issuer", "v10-approved", "v10-silent"],
    ),
    (
        # The same body twice, written in two ways, is one.
        RuleId.V10,
        case(approved(URGENT, "Sở A", " sở  a"), rows=[replace(ISSUERS, value=("ai khác",))]),
        ["v10-notice", "v10-expires", "v10-foreign-issuer", "v10-few-approvals", "v10-silent"],
    ),
    (
        RuleId.V10,
        case(approved(bulletin("vi", urgency=urgency(issuer=" ", area="")), "A", "B"), rows=[ISSUERS]),
        ["v10-no-issuer", "v10-no-area", "v10-expires", "v10-foreign-issuer", "v10-approved", "v10-silent"],
    ),
    (
        RuleId.V10,
        case(
            bulletin("vi", sound="s.ogg", urgency=urgency(expires=datetime(2026, 11, 24, 8, tzinfo=HANOI))),
            Facts(siren=0.5),
            rows=[ISSUERS],
        ),
        ["v10-notice", "v10-expires-before", "v10-issuer", "v10-few-approvals", "v10-siren"],
    ),
    (
        # A time without an offset is the screen's own.
        RuleId.V10,
        case(
            bulletin("vi", sound="s.ogg", urgency=urgency(expires=datetime(2026, 11, 24, 8, 1))),  # noqa: DTZ001
            rows=[ISSUERS],
        ),
        ["v10-notice", "v10-expires", "v10-issuer", "v10-few-approvals", "v10-siren-unmeasured"],
    ),
    (
        RuleId.V10,
        case(
            bulletin(
                "vi",
                urgency=urgency(
                    issued=datetime(2026, 11, 22, tzinfo=UTC), expires=datetime(2026, 11, 23, 23, 59, tzinfo=UTC)
                ),
            ),
            rows=[ISSUERS],
        ),
        ["v10-notice", "v10-expired", "v10-issuer", "v10-few-approvals", "v10-silent"],
    ),
    (
        RuleId.V10,
        case(replace(approved(clip(), "A", "B"), sha256=None), slots=[URGENT_SLOT]),
        ["v10-no-notice", "v10-unknown-content", "v10-siren-unmeasured"],
    ),
    (
        RuleId.V10,
        case(clip(sha256=None), slots=[URGENT_SLOT]),
        ["v10-no-notice", "v10-few-approvals", "v10-siren-unmeasured"],
    ),
    (RuleId.V11, case(picture()), ["v11-no-flag"]),
    (
        RuleId.V11,
        case(picture(FLAG), screen=SCREEN),
        ["v11-shape-unmeasured", "v11-whole-unmeasured", "v11-cover-unmeasured"],
    ),
    (
        RuleId.V11,
        case(picture(FLAG), Facts(flag=FLAG_FACTS)),
        ["v11-shape", "v11-whole", "v11-cover-unmeasured"],
    ),
    (
        RuleId.V11,
        case(picture(FLAG), Facts(flag=FLAG_FACTS), screen=SCREEN),
        ["v11-shape", "v11-whole", "v11-uncovered"],
    ),
    (
        RuleId.V11,
        case(picture(FLAG), Facts(flag=FLAG_FACTS), screen=BESIDE),
        ["v11-shape", "v11-whole", "v11-uncovered"],
    ),
    (
        RuleId.V11,
        case(picture(FLAG), Facts(flag=FLAG_FACTS), screen=OVER),
        ["v11-shape", "v11-whole", "v11-zone"],
    ),
    (
        RuleId.V11,
        case(picture(FLAG), Facts(flag=FlagPicture(1.52, cropped=True, covered=True))),
        ["v11-misshapen", "v11-cropped", "v11-covered"],
    ),
    (
        RuleId.V11,
        case(clip(FLAG, captions=CAPTIONS), Facts(flag=FLAG_FACTS), screen=SCREEN),
        ["v11-shape", "v11-whole", "v11-captions"],
    ),
    (
        RuleId.V13,
        case(clip()),
        ["v13-contrast-unmeasured", "v13-flash-unmeasured", "v13-captions-unmeasured"],
    ),
    (
        RuleId.V13,
        case(picture(), Facts(contrasts=())),
        ["v13-no-text", "v13-still", "v13-silent"],
    ),
    (
        RuleId.V13,
        case(clip(captions=CAPTIONS), Facts(contrasts=(Contrast(4.5), Contrast(3, large=True)), flash_hz=3.0)),
        ["v13-contrast", "v13-steady", "v13-captions"],
    ),
    (
        # Of two ratios the one that is further below what it needs decides.
        RuleId.V13,
        case(
            clip(sound=("vi",)),
            Facts(contrasts=(Contrast(4.4), Contrast(4.0, large=True)), flash_hz=4.0, captions=False),
        ),
        ["v13-faint", "v13-flashing", "v13-no-captions"],
    ),
    (
        RuleId.V13,
        case(clip(), Facts(contrasts=(Contrast(2.9, large=True),), spoken=(), captions=False)),
        ["v13-faint", "v13-flash-unmeasured", "v13-no-speech"],
    ),
    (
        RuleId.V13,
        case(clip(), Facts(spoken=("vi",), captions=False)),
        ["v13-contrast-unmeasured", "v13-flash-unmeasured", "v13-no-captions"],
    ),
    (
        RuleId.V13,
        case(bulletin("vi", sound="s.ogg"), Facts(flash_hz=5.0)),
        ["v13-contrast-unmeasured", "v13-flashing", "v13-captions"],
    ),
    (
        RuleId.V13,
        case(clip(sound=("und",)), Facts(captions=False)),
        ["v13-contrast-unmeasured", "v13-flash-unmeasured", "v13-captions-unmeasured"],
    ),
    (
        RuleId.V13,
        case(clip(), Facts(captions=True)),
        ["v13-contrast-unmeasured", "v13-flash-unmeasured", "v13-captions"],
    ),
    (RuleId.V15, case(clip()), ["v15-open", "v15-unapproved"]),
    (RuleId.V15, case(approved(clip(), "Sở A")), ["v15-open", "v15-approved"]),
    (RuleId.V15, case(approved(clip(Papers(classified=True)), "Sở A")), ["v15-classified", "v15-approved"]),
    (RuleId.V15, case(clip(papers_of(Approval("Sở A", ON, OTHER)))), ["v15-open", "v15-other-content"]),
    (RuleId.V15, case(clip(papers_of(Approval("Sở A", ON)))), ["v15-open", "v15-other-content"]),
    (RuleId.V15, case(clip(papers_of(Approval(" ", ON, DIGEST)))), ["v15-open", "v15-other-content"]),
    (RuleId.V15, case(approved(clip(), "Sở A", on=ON + timedelta(days=1))), ["v15-open", "v15-early"]),
    (
        RuleId.V15,
        case(clip(papers_of(Approval("Sở A", ON, DIGEST), Approval("Sở B", ON + timedelta(days=1), DIGEST)))),
        ["v15-open", "v15-approved"],
    ),
    (RuleId.V15, case(clip(papers_of(Approval("Sở A", ON, DIGEST)), sha256=None)), ["v15-open", "v15-unknown-content"]),
    (
        RuleId.V15,
        case(clip(papers_of(Approval("Sở A", ON, DIGEST)), sha256=None), Facts(of=DIGEST)),
        ["v15-open", "v15-approved"],
    ),
    (
        RuleId.V15,
        case(approved(clip(), "Sở A"), rows=[Threshold("approvals", ON, 2, "thử", "test")]),
        ["v15-open", "v15-few"],
    ),
    (RuleId.V15, case(approved(bulletin("vi", picture="p.png"), "Sở A")), ["v15-open", "v15-loose-files"]),
    (
        RuleId.V15,
        case(approved(bulletin("vi", picture="p.png", picture_sha256=DIGEST), "Sở A")),
        ["v15-open", "v15-approved"],
    ),
    (RuleId.V17, case(clip(languages=("lo",))), ["v17-no-text"]),
    (RuleId.V17, case(bulletin("vi", "lo")), ["v17-unmeasured", "v17-unmeasured", "v17-normal"]),
    (
        RuleId.V17,
        case(bulletin("vi", "lo"), Facts(missing_glyphs={"vi": ()})),
        ["v17-glyphs", "v17-unmeasured", "v17-normal"],
    ),
    (
        RuleId.V17,
        case(bulletin("vi", issuer="So\u031b\u0309"), Facts(missing_glyphs={"vi": ("ơ̆",)})),
        ["v17-missing", "v17-unmeasured", "v17-not-normal"],
    ),
    (
        RuleId.V17,
        case(bulletin("vi", urgency=urgency(area="Bo\u031b\u0300 Y")), Facts(missing_glyphs={"vi": (), "und": ("ơ̆",)})),
        ["v17-glyphs", "v17-missing", "v17-not-normal"],
    ),
    (RuleId.V17, case(clip(captions=CAPTIONS)), ["v17-unmeasured", "v17-normal-unmeasured"]),
    (
        RuleId.V17,
        case(clip(captions=CAPTIONS), Facts(missing_glyphs={"vi": ()}, normal_text=False)),
        ["v17-glyphs", "v17-captions-not-normal"],
    ),
    (
        RuleId.V17,
        case(clip(captions=CAPTIONS), Facts(missing_glyphs={"vi": ()}, normal_text=True)),
        ["v17-glyphs", "v17-normal"],
    ),
    (RuleId.V18, case(clip()), ["v18-unknown"]),
    (RuleId.V18, case(clip(languages=("vi", "en"))), ["v18-none"]),
    (RuleId.V18, case(bulletin("vi", "lo", "en")), ["v18-unread"]),
    (
        RuleId.V18,
        case(
            clip(
                Papers(readers={"lo": "Bà Kham", "jra": "Ông Siu", "km": " "}),
                languages=("lo", "jra-Latn", "jra-Khmr"),
                captions=(CaptionFile("km", "c.km.srt"), CaptionFile("vi", "c.vi.srt")),
            )
        ),
        ["v18-read", "v18-read", "v18-read", "v18-unread"],
    ),
    (RuleId.V18, case(bulletin("jra-Khmr", papers=Papers(readers={"jra-Latn": "Ông Siu"}))), ["v18-unread"]),
]
