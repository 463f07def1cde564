"""V6 and V9: what may be heard where, at which hour, and how loud."""

from collections.abc import Iterator

from playlists.rules_case import Case, sounds, verdict
from playlists.schedule import Target
from playlists.screen import Screen
from playlists.thresholds import Thresholds
from playlists.verdicts import Severity, Verdict
from playlists.volume import excesses


def commerce_quiet(case: Case) -> Iterator[Verdict]:
    """V6: a commercial item is silent outdoors and refused on premises of the armed forces."""
    screen = case.screen
    if not case.item.papers.commercial:
        yield case.say("v6-not-commercial")
    elif screen is None:
        yield case.say("v6-no-screen")
    elif case.slots and not any(aims_at(slot.target, screen) for slot in case.slots):
        yield case.say("v6-elsewhere")
    else:
        yield case.say("v6-armed-forces" if screen.armed_forces else "v6-premises")
        yield _silence(case, screen)


def _silence(case: Case, screen: Screen) -> Verdict:
    if not screen.outdoor:
        return case.say("v6-indoors")
    code = {True: "v6-sounding", False: "v6-silent", None: "v6-unmeasured"}[sounds(case)]
    return case.say(code, "sound")


def aims_at(target: Target, screen: Screen) -> bool:
    """Whether a slot is for a screen: any of its names, or none given at all."""
    anywhere = not (target.screens or target.clusters or target.gates or target.tags)
    named = screen.id in target.screens or screen.cluster in target.clusters or screen.gate in target.gates
    return anywhere or named or bool(set(target.tags) & set(screen.tags))


def loud_enough(case: Case) -> Iterator[Verdict]:
    """V9, for an item: its sound is no louder than the volume curve counts on."""
    loudness, limits = case.facts.loudness, case.thresholds
    if sounds(case) is False:
        yield case.say("v9-silent")
    elif loudness is None:
        yield case.say("v9-unmeasured", "sound")
    else:
        code = "v9-loud" if loudness.lufs > limits.loudness_lufs else "v9-level"
        yield case.say(code, "sound", lufs=f"{loudness.lufs:.1f}", most=f"{limits.loudness_lufs:.1f}")
        code = "v9-peak-high" if loudness.peak_dbfs > limits.peak_dbfs else "v9-peak"
        yield case.say(code, "sound", peak=f"{loudness.peak_dbfs:.1f}", most=f"{limits.peak_dbfs:.1f}")


def curve_within_limits(screen: Screen | None, thresholds: Thresholds) -> Iterator[Verdict]:
    """V9, for the screen: its curve asks for no more than the limits; the player never gives more anyway."""
    if screen is None:
        yield verdict("v9-no-screen", (), Severity.ERROR, "")
    elif not screen.volume:
        yield verdict("v9-no-curve", (), Severity.ERROR, "")
    else:
        found = list(excesses(screen, thresholds))
        for one in found:
            values = {"begins": f"{one.begins:%H:%M}", "percent": one.percent, "limit": one.limit}
            yield verdict("v9-curve-high", ("volume", one.step), Severity.ERROR, "", **values)
        if not found:
            yield verdict("v9-curve", ("volume",), Severity.ERROR, "")
