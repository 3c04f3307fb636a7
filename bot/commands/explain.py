"""`motcua ask --explain`: which steps changed the text, what was found, and why the first one won."""

from collections.abc import Iterator

from bot.shelf import Shelf
from nlp.doubts import doubts_of
from nlp.features import FEATURES
from nlp.marks import has_marks
from nlp.normalize import explain
from nlp.ranking import Match
from nlp.understanding import understand

TOP = 3
TELLING = 6  # features printed for each candidate


def explanation(text: str, shelf: Shelf) -> Iterator[str]:
    """Line by line, for staff."""
    heard = understand(text, shelf.index)
    yield f"Câu gõ vào: {text}"
    for step, after in explain(text):
        yield f"  {step}: {after}"
    for typed, meant in heard.query.repairs:
        yield f"  sửa âm tiết: {typed} → {meant}"
    if not has_marks(heard.text.split()) and heard.query.text != heard.text:
        yield f"  thêm dấu: {heard.query.text}"
    yield f"Mặt được hỏi: {', '.join(heard.facets) or 'không nêu'}; ý khác: {heard.intent or 'không'}"
    said = sorted(f"{aspect.kind}={aspect.value}" for aspect in heard.query.aspects.said)
    denied = sorted(f"{aspect.kind}={aspect.value}" for aspect in heard.query.aspects.denied)
    yield f"Điều đã nói: {', '.join(said) or 'không'}; loại trừ: {', '.join(denied) or 'không'}"
    weighed = zip(heard.query.marked, heard.query.weights, strict=True)
    yield "Trọng lượng từng tiếng: " + " ".join(f"{word}:{weight:g}" for word, weight in weighed)
    doubts = doubts_of(heard.matches, heard.query)
    yield (
        f"Quyết định: {heard.verdict.value} (có thủ tục trả lời {doubts.scope:.3f}, "
        f"nhiều thủ tục như nhau {doubts.ambiguity:.3f})"
    )
    for place, match in enumerate(heard.matches[:TOP], start=1):
        yield from _candidate(place, match)
    if len(heard.matches) > 1:
        yield "Vì sao đứng đầu: " + _difference(heard.matches[0], heard.matches[1])


def _candidate(place: int, match: Match) -> Iterator[str]:
    codes = ", ".join(member.code for member in match.family.members[:4])
    yield f"{place}. {match.family.name[:90]} ({codes}) – tin {match.belief:.3f}"
    yield f"   gần nhất với: «{match.phrase[:90]}»"
    order = sorted(range(len(FEATURES)), key=lambda n: -abs(float(match.contributions[n])))
    told = (
        f"{FEATURES[n]}={match.values[n]:.2f} ({match.contributions[n]:+.2f})"
        for n in order[:TELLING]
    )
    rules = [f"quy tắc ({match.leaning:+.2f})"] if match.leaning else []
    yield "   " + ", ".join([*told, *rules])


def _difference(first: Match, second: Match) -> str:
    gaps = first.contributions - second.contributions
    order = sorted(range(len(FEATURES)), key=lambda n: -float(gaps[n]))
    told = [f"{FEATURES[n]} {gaps[n]:+.2f}" for n in order[:4] if gaps[n] > 0]
    by_rules = first.leaning - second.leaning
    return ", ".join([*told, *([f"quy tắc {by_rules:+.2f}"] if by_rules > 0 else [])])
