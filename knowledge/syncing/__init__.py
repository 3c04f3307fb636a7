"""Fetching the catalogue from the portal's own interface: slow, polite, resumable, into a file."""

from knowledge.syncing.fetching import SyncReport, sync
from knowledge.syncing.portal_api import BotWall, Portal, PortalDown

__all__ = ["BotWall", "Portal", "PortalDown", "SyncReport", "sync"]
