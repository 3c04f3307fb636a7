"""Whether two lists of times can be told apart by one who sees many of them."""

import random
import statistics
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

ROUNDS: Final = 1000
SURE: Final = 0.01  # a difference that chance makes more seldom is one


class Verdict(NamedTuple):
    """How often chance alone makes a difference as large: of the means, and of the best guess."""

    of_means: float
    of_guess: float
    guess: float  # share of right guesses with the best threshold; a coin has one half

    @property
    def is_alike(self) -> bool:
        """Whether nobody can tell them apart."""
        return self.of_means >= SURE and self.of_guess >= SURE


def told_apart(first: Sequence[float], second: Sequence[float], *, seed: int = 1) -> Verdict:
    """Compare with shufflings of the same times."""
    guess = best_guess(first, second)
    means = _chance(
        first, second, lambda a, b: abs(statistics.fmean(a) - statistics.fmean(b)), seed
    )
    return Verdict(means, _chance(first, second, best_guess, seed), guess)


def best_guess(first: Sequence[float], second: Sequence[float]) -> float:
    """The share of right guesses of one who knows the best threshold."""
    both = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    below, best = [0, 0], 0.5
    for _, which in both:
        below[which] += 1
        right = (below[0] + len(second) - below[1]) / len(both)
        best = max(best, right, 1 - right)
    return best


def _chance(
    first: Sequence[float],
    second: Sequence[float],
    difference: Callable[[Sequence[float], Sequence[float]], float],
    seed: int,
) -> float:
    luck = random.Random(seed)
    seen = difference(first, second)
    both, half, as_large = [*first, *second], len(first), 0
    for _ in range(ROUNDS):
        luck.shuffle(both)
        as_large += difference(both[:half], both[half:]) >= seen
    return as_large / ROUNDS
