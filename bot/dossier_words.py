"""Where a dossier stands, in plain words: what the code alone may show, and what the proof opens."""

from datetime import date
from typing import Final

from bot.phrases import money
from bot.wording import DOSSIER_PAGE, say
from knowledge.calendar import VIETNAM, the_calendar
from knowledge.dossiers.agencies import agency_of
from knowledge.dossiers.facts import Details, Status
from knowledge.records.dossier import State
from nlp.dossier_grammar import Fault, day_of
from nlp.personal_data import mask

LONGEST: Final = 1_800
_FREE_TEXT: Final = 500


def status_text(status: Status, today: date) -> str:
    """All that may be shown of a dossier, one fact a line."""
    lines = [
        say("dossier_head", code=status.code),
        f"{say(f'dossier_state_{status.state.value}')}",
        _procedure(status),
        say("dossier_unit", unit=status.unit),
        *_days(status, today),
        *_lateness(status, today),
        *(_details(status.details, status.state) if status.details else ()),
        *_caution(status),
        say("dossier_as_of", origin=status.origin, at=_moment(status)),
    ]
    return "\n".join(line for line in lines if line)[:LONGEST]


def _procedure(status: Status) -> str:
    code = f" ({status.procedure_code})" if status.procedure_code else ""
    return say("dossier_procedure", name=status.procedure_name[:200] + code)


def _moment(status: Status) -> str:
    return f"{status.as_of.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}"


def _days(status: Status, today: date) -> list[str]:
    days = []
    if status.received_on:
        days.append(say("dossier_received", day=_day(status.received_on)))
    if status.due_on is None:
        if not status.state.is_final:
            days.append(say("dossier_no_due"))
    else:
        left = ""
        if status.state.is_running and status.due_on >= today:
            count = the_calendar().working_days_between(today, status.due_on)
            left = say("dossier_left", count=count) if count else say("dossier_today")
        days.append(say("dossier_due", day=_day(status.due_on), left=left))
    return [" · ".join(days)] if days else []


def days_late(status: Status, today: date) -> int:
    """By how many working days a dossier is late; 0 when it is not, or when the clock stands still."""
    if status.due_on is None:
        return 0
    if status.state.is_running:
        end: date | None = today
    else:
        is_solved = status.state in (State.DONE, State.HANDED_OVER)
        end = status.finished_on if is_solved else None
    return the_calendar().working_days_between(status.due_on, end) if end else 0


def _lateness(status: Status, today: date) -> list[str]:
    late = days_late(status, today)
    if not late:
        return []
    if not status.state.is_running:
        return [say("dossier_was_late", count=late)]
    contact = f" ({status.contact})" if status.contact else ""  # of the unit: meant to be called
    return [
        say("dossier_late", count=late),
        say("dossier_late_rights", unit=status.unit, contact=contact),
    ]


def _details(details: Details, state: State) -> list[str]:
    lines = []
    if details.papers and state is State.SUPPLEMENT:
        lines.append(say("dossier_papers", papers=_free(details.papers)))
    if details.supplement_by and state is State.SUPPLEMENT:
        lines.append(say("dossier_supplement_by", day=_day(details.supplement_by)))
    if details.amount and state is State.PAYMENT:
        lines.append(say("dossier_amount", amount=money(details.amount)))
    if details.reason:
        lines.append(say("dossier_reason", reason=_free(details.reason)))
    if details.fetch_at and state is State.DONE:
        lines.append(say("dossier_fetch_at", place=_free(details.fetch_at)))
    return lines or [say("dossier_no_details")]


def _free(text: str) -> str:
    """What an officer wrote, with every number of a person blotted out once more."""
    safe = mask(text)
    return safe if len(safe) <= _FREE_TEXT else safe[:_FREE_TEXT].rsplit(" ", 1)[0] + " …"


def _caution(status: Status) -> list[str]:
    """A province's synchronisation turns 5, 6 and 8 into 9: the citizen may still have to act."""
    return [say("dossier_copy")] if status.is_copy and status.state is State.DONE else []


def free_text(text: str | None) -> str | None:
    """An officer's words as they may be shown; None where there are none."""
    return _free(text) if text else None


def fault_text(fault: Fault) -> str:
    """What is wrong with a code, part by part, with an example."""
    return f"{say(f'dossier_fault_{fault.kind.value}', part=fault.part)}\n{say('dossier_example')}"


def not_found_text(code: str, today: date) -> str:
    """The one sentence for a code that nobody has and for a proof that is wrong."""
    lines = [say("dossier_not_found"), *_whose(code), *_future(code, today)]
    return "\n".join([*lines, *_portal(code)])


def unavailable_text(code: str) -> str:
    """The honest fallback: where to look oneself, with the code ready to copy."""
    return "\n".join([say("dossier_unavailable"), *_portal(code)])


def fallback_text(code: str) -> str:
    """What is said while no one-stop system is connected."""
    return "\n".join([say("dossier_not_connected"), *_whose(code), *_portal(code)])


def _portal(code: str) -> list[str]:
    return [say("dossier_portal"), DOSSIER_PAGE, say("dossier_copy_code"), code]


def _whose(code: str) -> list[str]:
    agency = agency_of(code)
    if agency is None:
        return []
    name = f"{agency.unit}, {agency.name}" if agency.unit else agency.name
    return [say("dossier_whose", agency=name)]


def _future(code: str, today: date) -> list[str]:
    digits = code.rsplit("-", 2)[1]
    day = day_of(digits)
    return [say("dossier_future", part=digits, day=_day(day))] if day and day > today else []


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
