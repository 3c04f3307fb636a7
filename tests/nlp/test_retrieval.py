"""The index and its parts: a slow plain version proves the fast one; a saved index is the same."""

import math
from collections import Counter
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp import postings, texts
from nlp.entries import Entry, bare_name, families
from nlp.index_cache import cached, load, save
from nlp.query import read_query
from nlp.ranking import choose_member, rank
from nlp.retrieval import Index

ENTRIES = [
    Entry("a", "1.000001", "Đăng ký khai sinh", ("làm giấy khai sinh cho con",), levels=frozenset({"commune"})),
    Entry("b", "1.000002", "Đăng ký lại khai sinh", ("mất hết giấy khai sinh gốc",), levels=frozenset({"commune"})),
    Entry("c", "1.000003", "Cấp lại thẻ căn cước", ("mất căn cước",), levels=frozenset({"commune"})),
    Entry("d", "1.000004", "Cấp lại thẻ căn cước (thực hiện tại cấp tỉnh)", levels=frozenset({"province"})),
    Entry("e", "1.000005", "Cấp giấy phép xây dựng nhà ở riêng lẻ", ("xin phép xây nhà",)),
    Entry("f", "1.000006", "Đăng ký kết hôn với công dân nước ngoài", ("lấy chồng hàn quốc",)),
    Entry("g", "1.000007", "Đăng ký kết hôn", ("làm giấy kết hôn", "cưới vợ")),
]  # fmt: skip
WORDS = st.lists(st.sampled_from(["a", "b", "c", "d", "ee", "f f"]), min_size=1, max_size=8)


def plain_bm25(texts, terms, k1=1.2, b=0.6):
    """Okapi BM25 written as in the textbook, one document after the other."""
    mean = sum(map(len, texts)) / len(texts)
    scores = []
    for text in texts:
        counts, total = Counter(text), 0.0
        for term, weight in terms:
            holding = sum(term in other for other in texts)
            if counts[term]:
                idf = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
                norm = k1 * (1 - b + b * len(text) / mean)
                total += weight * idf * counts[term] * (k1 + 1) / (counts[term] + norm)
        scores.append(total)
    return scores


@given(st.lists(WORDS, min_size=1, max_size=6), WORDS)
@settings(max_examples=150)
def test_postings_score_as_the_plain_sum(documents, asked):
    terms, rows = [(term, 1.0) for term in dict.fromkeys(asked)], {}
    fast = postings.build(documents, rows).score(postings.known(terms, rows))
    assert np.allclose(fast, plain_bm25(documents, terms), atol=1e-4)


@given(st.lists(WORDS, min_size=1, max_size=6), WORDS)
@settings(max_examples=150)
def test_texts_score_as_the_plain_sum(documents, asked):
    terms, rows = [(term, 1.0) for term in dict.fromkeys(asked)], {}
    built = texts.build(documents, rows)
    sought = texts.Sought((rows[term] for term in set(asked) & rows.keys()), len(rows))
    wanted = sought.weigh(postings.known(terms, rows))
    fast = built.of(sought, wanted, np.arange(len(documents)))
    assert np.allclose(fast, plain_bm25(documents, terms), atol=1e-4)


FAMILIES = st.lists(st.lists(WORDS, min_size=1, max_size=3), min_size=1, max_size=5)


@given(FAMILIES, WORDS)
@settings(max_examples=150)
def test_the_nearest_unit_is_that_of_the_highest_cosine(grouped, asked):
    rows = {}
    units = texts.build_units(grouped, rows)
    wanted = {rows[t]: float(units.texts.idf[rows[t]]) for t in set(asked) if t in rows}
    sought = texts.Sought(wanted, len(rows))
    reading = units.read(sought, np.arange(len(grouped), dtype=np.int32))
    near = reading.nearest(sought.weigh(list(wanted.items())))
    for family, likeness, second, unit in zip(grouped, *near, strict=True):
        plain = [cosine(own, wanted, units.texts.idf, rows) for own in family]
        assert np.isclose(plain[unit], likeness, atol=1e-4)
        ordered = sorted(plain, reverse=True)
        assert np.isclose(ordered[0], likeness, atol=1e-4)
        assert np.isclose(ordered[1] if len(plain) > 1 else 0.0, second, atol=1e-4)


def cosine(unit, wanted, idf, rows):
    """The product of the question with one unit, scaled to length one, word by word."""
    weights = {
        term: float(idf[rows[term]]) * math.sqrt(count) for term, count in Counter(unit).items()
    }
    length = math.sqrt(sum(weight**2 for weight in weights.values()))
    return sum(weight * wanted.get(rows[term], 0.0) for term, weight in weights.items()) / length


@given(FAMILIES, WORDS)
@settings(max_examples=100)
def test_a_family_holds_the_terms_of_its_name_and_questions(grouped, asked):
    rows = {}
    units = texts.build_units(grouped, rows)
    sought = texts.Sought((rows[term] for term in asked if term in rows), len(rows))
    anywhere, in_name = units.read(sought, np.arange(len(grouped))).held()
    for term in asked:
        line = sought.lines.get(rows.get(term), 0)
        for number, family in enumerate(grouped):
            assert anywhere[line, number] == any(term in unit for unit in family)
            assert in_name[line, number] == (term in family[0])


def test_procedures_of_one_name_are_a_family():
    assert [len(family.members) for family in families(ENTRIES)] == [1, 1, 2, 1, 1, 1]
    assert bare_name("Thủ tục đăng ký khai sinh") == bare_name("Đăng ký khai sinh")


def test_the_commune_is_meant_unless_another_level_is_named():
    family = families(ENTRIES)[2]
    assert choose_member(family, frozenset(), None).key == "c"
    assert choose_member(family, frozenset({"province"}), None).key == "d"


def ask(index, text):
    return rank(index, read_query(text, index.speller))


def test_everyday_words_find_the_procedure():
    index = Index.build(ENTRIES)
    for text, key in [
        ("mat can cuoc", "c"),
        ("làm giấy khai sinh", "a"),
        ("xin phép xây nhà", "e"),
        ("em lấy chồng hàn quốc", "f"),
        ("xây nhâ", "e"),
    ]:
        assert ask(index, text)[0].family.members[0].key == key, text


def test_beliefs_add_up_and_the_order_is_theirs():
    matches = ask(Index.build(ENTRIES), "đăng ký kết hôn")
    assert np.isclose(sum(match.belief for match in matches), 1.0, atol=1e-3)
    assert [m.belief for m in matches] == sorted((m.belief for m in matches), reverse=True)
    assert len({match.family.name for match in matches}) == len(matches)


def test_nothing_is_ranked_for_nothing():
    assert ask(Index.build(ENTRIES), "😀") == []


def test_a_saved_index_ranks_the_same(tmp_path):
    index = Index.build(ENTRIES)
    save(index, tmp_path / "i.npz")
    again = load(tmp_path / "i.npz")
    for text in ("mất căn cước", "kết hôn với người nước ngoài"):
        first, second = ask(index, text), ask(again, text)
        assert [(m.family.name, m.belief, m.phrase) for m in first] == [
            (m.family.name, m.belief, m.phrase) for m in second
        ]


def test_a_change_takes_the_place_of_what_was_there():
    index = Index.build(ENTRIES)
    renewed = replace(ENTRIES[4], phrases=("cất nhà ba gian",))
    fresh = Entry("h", "1.000008", "Cấp phép nuôi chim yến", ("nuôi chim yến trong phố",))
    after = index.changed([renewed, fresh], gone=["dang ky ket hon"])
    assert ask(after, "cất nhà ba gian")[0].family.members[0].key == "e"
    assert ask(after, "nuôi chim yến")[0].family.members[0].key == "h"
    names = [match.family.name for match in ask(after, "đăng ký kết hôn")]
    assert "đăng ký kết hôn" not in names
    assert len(names) == len(set(names))


@given(st.lists(WORDS, min_size=1, max_size=5), st.lists(WORDS, min_size=1, max_size=4), WORDS)
@settings(max_examples=100)
def test_joined_postings_keep_the_old_scores(old, new, asked):
    terms = [(term, 1.0) for term in dict.fromkeys(asked)]
    rows = {}
    before = postings.build(old, rows)
    known_before = postings.known(terms, rows)
    alone = postings.build(new, rows, like=before)
    after = before.joined(alone)
    assert after.size == len(old) + len(new)
    found = after.score(postings.known(terms, rows))
    assert np.allclose(found[: len(old)], before.score(known_before), atol=1e-5)
    assert np.allclose(found[len(old) :], alone.score(postings.known(terms, rows)), atol=1e-5)


def test_a_broken_cache_is_built_anew(tmp_path):
    cached(tmp_path, "x" * 24, lambda: Index.build(ENTRIES))
    (file,) = tmp_path.glob("index-*.npz")
    file.write_bytes(b"not an index")
    assert len(cached(tmp_path, "x" * 24, lambda: Index.build(ENTRIES)).families) == 6
