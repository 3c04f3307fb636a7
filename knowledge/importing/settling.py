"""What a draft of a source means for a procedure that is known already, with our corrections in it."""

from dataclasses import dataclass

from knowledge.importing.merging import Difference, merge
from knowledge.publishing import draft_of
from knowledge.records.draft import Draft
from knowledge.records.kinds import Status
from knowledge.records.procedure import Revision


@dataclass(frozen=True, slots=True)
class Settled:
    """What a draft means for a procedure that is known: the facts to store, and why these."""

    draft: Draft
    latest: Revision
    kept: tuple[str, ...] = ()  # fields in which a correction of ours stayed
    conflicts: tuple[Difference, ...] = ()  # those in which the source has changed too
    origin: Draft | None = None  # what the source says, where the facts differ from it


def settle(draft: Draft, revisions: list[Revision]) -> Settled | None:
    """The draft joined with what staff corrected here, or None if it tells nothing new."""
    told = [one for one in revisions if one.status is Status.PUBLISHED or one.author is None]
    if not told:
        return Settled(draft, revisions[-1])  # only staff's own drafts so far
    latest = told[-1]
    draft = completed_from(draft, latest)
    if is_old_news(draft, told):
        return None
    if latest.author is None and latest.origin is None:
        return Settled(draft, latest)  # nothing of ours in it
    base = said_before(told)
    if base is None:
        return Settled(draft, latest)
    if base.fingerprint == draft.fingerprint:
        return None
    merged = merge(base, draft_of(latest), draft)
    origin = draft if merged.kept else None
    return Settled(merged.draft, latest, merged.kept, merged.conflicts, origin)


def written(origin: Draft | None) -> str | None:
    """The source's words as they are stored beside a revision that differs from them."""
    return origin.model_dump_json(exclude_defaults=True) if origin else None


def said_before(revisions: list[Revision]) -> Draft | None:
    """What the source said the last time, without the corrections of staff."""
    for revision in reversed(revisions):
        if revision.origin is not None:
            return Draft.model_validate_json(revision.origin)
        if revision.author is None:
            return draft_of(revision)
    return None


def completed_from(draft: Draft, latest: Revision) -> Draft:
    """The draft with what its source cannot know and the latest revision does.

    No portal record has the everyday names that we collected; a saved page does not say who
    published the procedure, and so not whose it is.
    """
    missing: dict[str, object] = {}
    if not draft.content.everyday_names and latest.everyday_names:
        names = {"everyday_names": latest.everyday_names}
        missing["content"] = draft.content.model_copy(update=names)
    if draft.owner is None and latest.owner is not None:
        missing |= {"owner": latest.owner, "kind": latest.kind, "province": latest.province}
        if draft.decision_number == latest.decision_number and draft.decision_date is None:
            missing["decision_date"] = latest.decision_date
    return draft.model_copy(update=missing) if missing else draft


def is_old_news(draft: Draft, revisions: list[Revision]) -> bool:
    """True when the draft tells nothing that the revisions do not know already or know better."""
    latest = revisions[-1]
    if draft.fingerprint == latest.fingerprint or not draft.is_current:
        return True
    if draft.content.is_list_only and not latest.is_list_only:
        return True
    is_older = (
        draft.source_date is not None
        and latest.source_date is not None
        and draft.source_date < latest.source_date
    )
    return is_older and any(draft.fingerprint == one.fingerprint for one in revisions)
