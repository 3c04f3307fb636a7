"""The same questions as worse typists would send them."""

import random

from nlp.normalize import fold

LETTERS = "abcdeghiklmnopqrstuvxy"


def without_marks(text: str) -> str:
    """All marks left out."""
    return fold(text)


def with_typos(text: str, seed: str) -> str:
    """One slip in each word of five letters or more: swapped, dropped, doubled or wrong."""
    chance = random.Random(seed)
    return " ".join(_slip(word, chance) if len(word) >= 5 else word for word in text.split())


def _slip(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind == 1:
        return word[:place] + word[place + 1 :]
    if kind == 2:
        return word[:place] + word[place] + word[place:]
    return word[:place] + chance.choice(LETTERS) + word[place + 1 :]
