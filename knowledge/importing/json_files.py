"""JSON of the shapes that the portal and crawls of it have: one document, or one a line."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import IO, Final

from pydantic import ValidationError

from knowledge.importing.codes import BadCode, read_code
from knowledge.importing.crawled import draft_of_page_text, draft_of_word_export
from knowledge.importing.listing_rows import draft_of_list_item
from knowledge.importing.normalised import draft_of_normalised
from knowledge.importing.old_portal import draft_of_old_row, is_old_row
from knowledge.importing.portal import draft_of_detail
from knowledge.importing.problems import Problem, sentences
from knowledge.importing.rows import Row
from knowledge.records.draft import Draft

Item = Draft | Problem

CODE_KEYS: Final = ("code", "TTHC_MA", "PROCEDURE_CODE", "ma_thu_tuc", "thu_tuc_id")
# Other answers of the portal, told by their fields: known, but there is nothing in them to import.
OTHER_ANSWERS: Final = (
    ({"PUBLISHING_DATE", "AGENCY_NAME"}, "danh sách quyết định công bố, không kèm thủ tục"),
    ({"ID", "PROCEDURE_NAME"}, "danh sách tên không kèm mã thủ tục, nên không nhập được"),
    ({"FIELD_NAME"}, "danh sách lĩnh vực, không có thủ tục"),
    ({"AGENCY_NAME"}, "danh sách cơ quan, không có thủ tục"),
    ({"ID", "NAME"}, "danh sách lĩnh vực, không có thủ tục"),
    ({"id", "name", "code", "state"}, "danh sách tỉnh, thành phố, không có thủ tục"),
)


def read_json(name: str, stream: IO[str], *, legacy: bool) -> Iterator[Item]:
    """Drafts and problems of a JSON file, in their order."""
    for place, value in _values(name, stream):
        if isinstance(value, Problem):
            yield value
            continue
        strangers: Counter[str] = Counter()
        for record in map(Row, records_in(value)):
            if reader := _reader_for(record):
                yield from _items(place, record, reader, legacy=legacy)
            else:
                strangers[_what_else(record)] += 1
        for kind, count in strangers.items():
            yield Problem(place, "", f"{count} mục {kind}")


def _values(name: str, stream: IO[str]) -> Iterator[tuple[str, object]]:
    """Each value with its place: a line, or the whole file where one value spans lines."""
    first = stream.readline()
    while first and not first.strip():
        first = stream.readline()
    if not _is_whole(first):
        yield from _one_document(name, first + stream.read())
        return
    yield f"{name}, dòng 1", _value(f"{name}, dòng 1", first)
    for number, line in enumerate(stream, start=2):
        if line.strip():
            place = f"{name}, dòng {number}"
            yield place, _value(place, line)


def _is_whole(line: str) -> bool:
    """True if the line ends as a value does: then each line is one, well written or not."""
    text = line.strip()
    return (text[:1], text[-1:]) in {("{", "}"), ("[", "]")} and len(text) > 2


def _value(place: str, text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        return Problem(place, "", f"JSON hỏng ở ký tự {error.colno} ({error.msg}): sửa dòng này")
    except RecursionError:
        return Problem(place, "", "JSON lồng quá sâu: đây không phải bản ghi thủ tục")


def _one_document(name: str, text: str) -> Iterator[tuple[str, object]]:
    try:
        yield name, json.loads(text)
    except json.JSONDecodeError as error:
        place = f"{name}, dòng {error.lineno}"
        yield (
            place,
            Problem(place, "", f"JSON hỏng ở ký tự {error.colno} ({error.msg}): sửa chỗ này"),
        )


def records_in(value: object) -> Iterator[object]:
    """The records within answers of the portal, lists, and wrappers that crawls put around."""
    if isinstance(value, list):
        for item in value:
            yield from records_in(item)
    elif not isinstance(value, dict):
        yield value
    elif "data" in value and "executionSteps" not in value:
        yield from records_in(value["data"])
    elif isinstance(items := value.get("items", value.get("rows")), list):
        yield from records_in(items)
    elif isinstance(value.get("detail"), dict):
        yield value["detail"]
    else:
        yield value


def _reader_for(record: Row) -> Callable[[Row], Draft] | None:
    if record.line("format") == "motcua-1":
        return _draft_of_export
    if "executionSteps" in record or "executionMethods" in record:
        return draft_of_detail
    if "channels" in record and "sector" in record:
        return draft_of_normalised
    if "departmentPromulgate" in record and "categories" in record:
        return draft_of_list_item
    if is_old_row(record):
        return draft_of_old_row
    if "ma_thu_tuc" in record and "ten_thu_tuc" in record:
        return draft_of_page_text
    if "thu_tuc_id" in record and "metadata" in record:
        return draft_of_word_export
    return None


def _what_else(record: Row) -> str:
    """What a record is that is no procedure."""
    for fields, says in OTHER_ANSWERS:
        if all(field in record for field in fields):
            return f"là {says}"
    return "không phải bản ghi thủ tục: cần JSON lấy từ Cổng"


def _draft_of_export(record: Row) -> Draft:
    facts = record.everything()
    return Draft.model_validate({key: facts[key] for key in facts if key != "format"})


def _items(
    place: str, record: Row, reader: Callable[[Row], Draft], *, legacy: bool
) -> Iterator[Item]:
    label = next((found for key in CODE_KEYS if (found := record.line(key))), "")
    try:
        draft = reader(record)
        if draft.is_current or legacy:
            yield from _with_repair(place, record, draft)
        else:
            says = "thủ tục không còn trong danh mục hiện hành: chỉ nhập khi chọn nhập thủ tục cũ"
            yield Problem(place, label, says)
    except BadCode as error:
        yield Problem(place, label, str(error))
    except ValidationError as error:
        yield from (Problem(place, label, says) for says in sentences(error))


def _with_repair(place: str, record: Row, draft: Draft) -> Iterator[Item]:
    written = next((record.raw(key) for key in CODE_KEYS if key in record), None)
    if repair := read_code(written).repair:
        yield Problem(place, draft.code, repair)
    yield draft
