"""A hub's beginning: its folder, its online key, and the first draft, which everybody signs."""

import json
import shutil
from datetime import datetime
from pathlib import Path

from sync.durable import sync_folder, write_durably
from sync.hub.drafts import Draft, find_draft
from sync.hub.folder import FORMAT_VERSION, Counters, HubFolder, write_counters
from sync.hub.keys import new_online_key
from sync.hub.plan_drafts import Coming, stage_plan
from sync.hub.sentences import HubRefusalError
from sync.hub.trust_plan import TrustPlan, write_plan


def found(folder: Path, plan: TrustPlan, password: str, now: datetime) -> tuple[HubFolder, Draft]:
    """Make a hub's folder, whole or not at all; the draft waits for signatures. ``password`` is the online key's.

    Raises ``HubRefusalError`` where the folder holds something.
    """
    refuse_filled(folder)
    building = HubFolder(folder.with_name(folder.name + ".part"))
    if building.root.exists():
        shutil.rmtree(building.root)
    try:
        building.feed.mkdir(parents=True)
        building.keys.mkdir(mode=0o700)
        write_counters(building, Counters())
        write_durably(building.plan, write_plan(plan))
        online = new_online_key(building.online_key, password)
        draft = stage_plan(building, Coming(plan, online, ("Khởi tạo: ai được ký phần nào.",)), now)
        write_durably(building.settings, json.dumps({"format_version": FORMAT_VERSION}).encode() + b"\n")
        come_to_be(building, folder)
    except BaseException:
        shutil.rmtree(building.root, ignore_errors=True)
        raise
    hub = HubFolder(folder)
    return hub, find_draft(hub, draft.name)


def refuse_filled(folder: Path) -> None:
    """Raise ``HubRefusalError`` where a folder holds something."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise HubRefusalError(code="hub-exists", folder=folder)


def come_to_be(building: HubFolder, folder: Path) -> None:
    """Give a finished folder its name."""
    if folder.exists():
        folder.rmdir()
    building.root.replace(folder)
    sync_folder(folder.absolute().parent)
