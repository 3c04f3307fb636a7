"""Quotations: word for word from the record, and only where it says something of what was asked."""

from bot import answers, quotes


def revision(shelf, code):
    return shelf.revision(shelf.by_code(code)[0])


def test_who_must_come_is_quoted_word_for_word(shelf):
    record = revision(shelf, "1.000894")
    text = quotes.presence(record)
    said = "\n".join((*record.content.steps, *record.content.document_notes))
    assert text is not None and len(text.rest) <= quotes.MOST_QUOTED
    assert all(line.removeprefix("• ").rstrip("…") in said for line in text.rest)


def test_nothing_is_quoted_where_the_record_says_nothing(shelf):
    silent = [
        record
        for record in (shelf.revision(slug) for slug in list(shelf.catalogue.listings)[:80])
        if not any(
            word in " ".join((*record.content.steps, *record.content.document_notes,
                              *record.content.requirements)).lower()
            for word in quotes.WORDS["presence"]
        )
    ]  # fmt: skip
    assert silent and all(quotes.presence(record) is None for record in silent)


def test_where_to_hand_in_is_quoted_unless_there_is_an_address(shelf):
    record = revision(shelf, "1.014748")
    assert record.content.receiving_address is None
    text = quotes.with_handing_in(answers.where(record), record)
    assert "dịch vụ việc làm" in text.rest[0]
    addressed = revision(shelf, "1.004194")
    assert quotes.with_handing_in(answers.where(addressed), addressed) == answers.where(addressed)
