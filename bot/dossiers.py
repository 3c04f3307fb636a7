"""The conversation about dossiers: states and moves, pure, with no input or output.

A state keeps codes sealed: it is stored, and a code may be stored only while somebody follows it.
"""

from dataclasses import dataclass
from typing import Any, Final

from bot.due_days import asks_day
from nlp.confidence import Verdict
from nlp.dossier_grammar import Fault
from nlp.intents import Intent
from nlp.normalize import fold
from nlp.picks import LAST
from nlp.understanding import Understanding


@dataclass(frozen=True)
class AwaitingCode:
    """The bot asked for a dossier code."""


@dataclass(frozen=True)
class AwaitingConsent:
    """The privacy sentence was shown; the look-up waits for a yes."""

    sealed: str


@dataclass(frozen=True)
class ChoosingCode:
    """One typed code can be several: the citizen picks."""

    sealed: tuple[str, ...]


@dataclass(frozen=True)
class AwaitingProof:
    """A dossier is on the table; four digits open its details."""

    sealed: str


@dataclass(frozen=True)
class AwaitingFollowConsent:
    """What following keeps was said; it waits for a yes."""

    sealed: str


DossierState = AwaitingCode | AwaitingConsent | ChoosingCode | AwaitingProof | AwaitingFollowConsent


@dataclass(frozen=True)
class LookUp:
    """Say where the dossier stands; with `proof`, its details too."""

    code: str = ""
    sealed: str = ""  # in place of the code, where it comes from a state
    proof: str | None = None
    was_whole_number: bool = False
    gives_consent: bool = False


@dataclass(frozen=True)
class AskWhich:
    """Ask which of these codes is meant."""

    codes: tuple[str, ...]
    are_several: bool = False  # several dossiers, not several readings of one


@dataclass(frozen=True)
class Explain:
    """Say what is wrong with a code."""

    fault: Fault


@dataclass(frozen=True)
class Say:
    """Say a fixed sentence about dossiers; `name` is in wording.toml."""

    name: str


@dataclass(frozen=True)
class Follow:
    """Begin to tell of changes; first, without `is_agreed`, say what that keeps."""

    sealed: str
    is_agreed: bool = False


@dataclass(frozen=True)
class Unfollow:
    """Stop telling of changes, of all dossiers of this chat."""


@dataclass(frozen=True)
class ListFollowed:
    """Say which dossiers this chat follows."""


DossierMove = LookUp | AskWhich | Explain | Say | Follow | Unfollow | ListFollowed
Step = tuple[DossierState | None, DossierMove]

_MOST_CODES: Final = 9  # asked about at once
FOLLOW: Final = "báo cho tôi khi có thay đổi"
AGREE: Final = "đồng ý"
DECLINE: Final = "không đồng ý"
_FOLLOW: Final = (
    "bao cho toi khi", "theo doi ho so", "theo doi giup", "nhan tin khi co", "bao toi khi",
)  # fmt: skip
_UNFOLLOW: Final = ("bo theo doi", "ngung theo doi", "huy theo doi", "thoi theo doi")
_LIST: Final = ("ho so dang theo doi", "dang theo doi ho so nao", "danh sach theo doi")
_YES: Final = ("dong y", "toi dong y", "co", "vang", "ok", "duoc", "uh", "u", "da", "tra di")
_NO: Final = ("khong", "khong dong y", "thoi", "ko", "k", "dung")


def step(state: object, heard: Understanding) -> Step | None:
    """What a message means for dossiers; None when it is not about them. A state None is the start."""
    return _named(heard) or _asked(state, heard) or _followed(heard)


def _named(heard: Understanding) -> Step | None:
    """A message that names a dossier by its code, well or badly."""
    mention = heard.dossier
    if len(mention.codes) == 1 and not mention.options:
        return None, LookUp(
            mention.codes[0], proof=mention.proof, was_whole_number=mention.is_whole_number
        )
    if mention.options:
        return None, AskWhich(mention.options)
    if mention.codes:
        return None, AskWhich(mention.codes[:_MOST_CODES], are_several=True)
    if mention.fault:
        return AwaitingCode(), Explain(mention.fault)
    if mention.is_insurance:
        return None, Say("dossier_insurance")
    return None


def _asked(state: object, heard: Understanding) -> Step | None:
    """An answer to what the bot asked."""
    match state:
        case AwaitingConsent(sealed):
            if _says(heard, _YES) or heard.intent is Intent.YES:
                return None, LookUp(sealed=sealed, gives_consent=True)
            return (None, Say("dossier_no_consent")) if _says(heard, _NO) else None
        case AwaitingFollowConsent(sealed):
            if _says(heard, _YES) or heard.intent is Intent.YES:
                return None, Follow(sealed, is_agreed=True)
            return (
                (AwaitingProof(sealed), Say("dossier_not_followed")) if _says(heard, _NO) else None
            )
        case ChoosingCode(sealed):
            return _picked(sealed, heard)
        case AwaitingProof(sealed):
            return _about_shown(sealed, heard)
        case AwaitingCode() if heard.has_personal_number or _many_digits(heard.text):
            return state, Say("dossier_ask_again")
    return None


def _picked(sealed: tuple[str, ...], heard: Understanding) -> Step | None:
    if heard.pick is None:
        return None
    number = len(sealed) if heard.pick == LAST else heard.pick
    if 1 <= number <= len(sealed):
        return None, LookUp(sealed=sealed[number - 1])
    return ChoosingCode(sealed), Say("dossier_pick")


def _about_shown(sealed: str, heard: Understanding) -> Step | None:
    if heard.dossier.proof:
        return None, LookUp(
            sealed=sealed,
            proof=heard.dossier.proof,
            was_whole_number=heard.dossier.is_whole_number,
        )
    if _contains(heard, _UNFOLLOW) or _contains(heard, _LIST):
        return None
    if _asks_again(heard):
        return None, LookUp(sealed=sealed)
    return (None, Follow(sealed)) if _contains(heard, _FOLLOW) else None


def _asks_again(heard: Understanding) -> bool:
    """ "Tới đâu rồi", "khi nào có kết quả": of the dossier on the table, unless something is named."""
    asks = heard.intent is Intent.STATUS or asks_day(heard.text, heard.facet)
    return asks and heard.verdict is not Verdict.SHOW and not heard.codes.procedures


def _followed(heard: Understanding) -> Step | None:
    if _contains(heard, _UNFOLLOW):
        return None, Unfollow()
    return (None, ListFollowed()) if _contains(heard, _LIST) else None


def _says(heard: Understanding, words: tuple[str, ...]) -> bool:
    text = fold(heard.text).strip()
    return text in words or text.removesuffix(" a").removesuffix(" nhe") in words


def _contains(heard: Understanding, words: tuple[str, ...]) -> bool:
    text = fold(heard.text)
    return any(word in text for word in words)


def _many_digits(text: str) -> bool:
    return sum(sign.isdigit() for sign in text) >= 6


def write_state(state: DossierState) -> dict[str, Any]:
    """The state as it is stored."""
    match state:
        case AwaitingCode():
            sealed: list[str] = []
        case ChoosingCode(options):
            sealed = list(options)
        case _:
            sealed = [state.sealed]
    return {"is": "dossier", "state": type(state).__name__, "sealed": sealed}


def read_state(stored: dict[str, Any]) -> DossierState | None:
    """The state again; None when it was stored by another edition of the program."""
    sealed = tuple(stored["sealed"])
    match stored["state"]:
        case "AwaitingCode":
            return AwaitingCode()
        case "ChoosingCode":
            return ChoosingCode(sealed)
        case "AwaitingConsent":
            return AwaitingConsent(sealed[0])
        case "AwaitingProof":
            return AwaitingProof(sealed[0])
        case "AwaitingFollowConsent":
            return AwaitingFollowConsent(sealed[0])
    return None
