"""How choices are laid out where buttons are few, short, or do not exist.

Nothing is lost: what finds no button stands as a line in the text, and can be typed.
"""

from dataclasses import dataclass

from bot.messages import Bubble, Choice
from bot.wording import say


@dataclass(frozen=True)
class Limits:
    """What the platform allows."""

    title: int  # characters of a button that citizens can still read
    buttons: int  # how many


@dataclass(frozen=True)
class Layout:
    """A bubble's text with lines added, and the buttons as title and choice."""

    text: str
    buttons: tuple[tuple[str, Choice], ...]


def lay_out(bubble: Bubble, limits: Limits) -> Layout:
    """The bubble within the limits: labels in full on the buttons, or else in the text."""
    choices = bubble.choices
    fits = all(len(choice.label) <= limits.title for choice in choices)
    if fits and len(choices) <= limits.buttons:
        return Layout(bubble.text, tuple((choice.label, choice) for choice in choices))
    numbered = [choice for choice in choices if is_numbered(choice)]
    spoken = [choice for choice in choices if not is_numbered(choice)]
    pressable = _pressable(numbered, spoken, limits.buttons)
    lines = [choice.label for choice in numbered]
    lines += [f"• {choice.label}" for choice in spoken if len(choice.label) > limits.title]
    left_out = [choice for choice in spoken if choice not in pressable]
    if left_out:
        lines.append(f"{say('or_type')} {', '.join(choice.says for choice in left_out)}")
    return Layout(
        _joined(bubble.text, lines), tuple((_title(choice, limits), choice) for choice in pressable)
    )


def in_words(bubble: Bubble) -> str:
    """The text with every choice under it, by its number or by what to type."""
    numbered = [choice.label for choice in bubble.choices if is_numbered(choice)]
    spoken = [choice.says for choice in bubble.choices if not is_numbered(choice)]
    lines = numbered + ([f"{say('or_type')} {', '.join(spoken)}"] if spoken else [])
    return _joined(bubble.text, lines)


def is_numbered(choice: Choice) -> bool:
    """Whether the choice is picked by a number that stands before its label."""
    return choice.says.isdigit() and choice.label.startswith(f"{choice.says}.")


def _pressable(numbered: list[Choice], spoken: list[Choice], room: int) -> list[Choice]:
    """Those that get a button: numbers can be typed, so one place is kept for what is spoken."""
    kept = 1 if spoken and len(numbered) >= room else 0
    chosen = numbered[: max(room - kept, 0)]
    return chosen + spoken[: room - len(chosen)]


def _title(choice: Choice, limits: Limits) -> str:
    if is_numbered(choice):
        return choice.says
    return choice.label if len(choice.label) <= limits.title else choice.says


def _joined(text: str, lines: list[str]) -> str:
    return "\n".join([text, "", *lines]) if lines else text
