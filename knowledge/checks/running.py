"""All checks by name, and how they are run over a catalogue."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from knowledge.catalogue import EVERY_PROVINCE
from knowledge.checks import across, contents, spelling
from knowledge.checks.finding import Around, Check, Finding, Severity
from knowledge.editions import in_force_on
from knowledge.records.procedure import Procedure, Revision

_WRONG, _MISSING, _DOUBTFUL = Severity.WRONG, Severity.MISSING, Severity.DOUBTFUL

CHECKS: Final = (
    Check("seven-parts", _MISSING, "Thiếu bộ phận bắt buộc",
          "bổ sung theo khoản 2 Điều 8 NĐ 63/2010/NĐ-CP", contents.lacks_parts),
    Check("false-free", _WRONG, "Ghi miễn phí mà có thu",
          "ghi mức thu bằng số vào đúng ô, bỏ số 0", contents.says_free_wrongly),
    Check("fee-lapsed", _WRONG, "Mức thu đã hết thời gian áp dụng",
          "ghi mức thu hiện nay và căn cứ", contents.fee_lapsed),
    Check("fee-unknown", _MISSING, "Không rõ phí, lệ phí",
          "ghi mức thu, hoặc ghi rõ «miễn phí» kèm căn cứ", contents.fee_unknown),
    Check("fee-zero", _DOUBTFUL, "Ghi số 0, không giải thích",
          "ghi rõ «miễn phí» kèm căn cứ, hoặc mức thu", contents.zero_without_words),
    Check("time-unit", _MISSING, "Thời hạn không rõ",
          "ghi đủ số và đơn vị: ngày hay ngày làm việc", contents.time_without_unit),
    Check("case-limits", _WRONG, "Trường hợp khác thời hạn bị gộp",
          "ghi thời hạn của từng trường hợp ở cách thức thực hiện", contents.limits_differ_by_case),
    Check("not-a-paper", _WRONG, "Lưu ý, đề mục nằm trong thành phần hồ sơ",
          "chuyển sang phần lưu ý hoặc tên trường hợp", contents.papers_that_are_none),
    Check("other-province", _WRONG, "Cơ quan của tỉnh khác",
          "chọn lại cơ quan của tỉnh mình", contents.agency_of_another_province),
    Check("district", _WRONG, "Còn cấp huyện",
          "sửa theo chính quyền hai cấp từ 1/7/2025", contents.district_level),
    Check("abolished-basis", _WRONG, "Căn cứ đã hết hiệu lực",
          "rà soát, công bố sửa đổi theo văn bản mới", contents.abolished_basis),
    Check("dead-address", _WRONG, "Địa chỉ cũ trong nội dung",
          "thay bằng địa chỉ hiện nay hoặc bỏ", contents.dead_link),
    Check("paper-count", _MISSING, "Không ghi số bản",
          "ghi số bản chính, bản sao của từng giấy tờ", contents.papers_without_number),
    Check("paper-twice", _DOUBTFUL, "Giấy tờ ghi hai lần",
          "bỏ dòng thừa, hoặc ghi rõ khác nhau ở đâu", contents.same_paper_twice),
    Check("code", _WRONG, "Mã viết sai ở nguồn",
          "báo cơ quan công bố sửa mã trên Cổng", contents.malformed_code),
    Check("long-name", _DOUBTFUL, "Tên quá dài",
          "đặt tên thường gọi để người dân dễ tìm", contents.long_name),
    Check("spelling", _DOUBTFUL, "Dấu đặt sai chữ",
          "gõ lại cho đúng, kẻo tra cứu không thấy", spelling.misplaced_marks),
    Check("odd-limit", _DOUBTFUL, "Thời hạn khác thường",
          "đối chiếu với quyết định công bố", contents.odd_limit),
    Check("same-name", _DOUBTFUL, "Trùng tên",
          "bãi bỏ bản thừa, hoặc thêm vào tên chỗ khác nhau", across.same_name),
    Check("published-late", _DOUBTFUL, "Công khai chậm",
          "công khai trong 10 ngày làm việc (bộ), 5 ngày (tỉnh) theo QĐ 766/QĐ-TTg",
          across.published_late),
)  # fmt: skip


def check_catalogue(
    session: Session,
    on: date,
    *,
    province: str = EVERY_PROVINCE,
    checks: tuple[Check, ...] = CHECKS,
) -> Iterator[Finding]:
    """All findings over what is in force on the day, a few records in memory at a time."""
    around = Around(on, _namesakes(session, on))
    query = select(Revision).options(joinedload(Revision.procedure)).where(in_force_on(on))
    if province != EVERY_PROVINCE:
        query = query.where(Revision.province.is_(None) | (Revision.province == province))
    for (revision,) in session.execute(query.execution_options(yield_per=200)):
        for check in checks:
            for says in check.find(revision, around):
                yield _finding(check, revision, says)
        session.expunge(revision)


def _finding(check: Check, revision: Revision, says: str) -> Finding:
    return Finding(
        check=check.name,
        severity=check.severity,
        slug=revision.slug,
        code=revision.code,
        name=revision.name,
        unit=revision.owner or "(chưa rõ)",
        sector=revision.sector,
        says=says,
        mend=check.mend,
    )


def _namesakes(session: Session, on: date) -> dict[tuple[str, str, str], tuple[str, ...]]:
    query = (
        select(Procedure.slug, Revision.name, Revision.levels, Revision.province)
        .join(Revision.procedure)
        .where(in_force_on(on))
        .order_by(Procedure.slug)
    )
    found: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for slug, name, levels, province in session.execute(query):
        found[across.key_of(name, levels, province)].append(slug)
    return {key: tuple(slugs) for key, slugs in found.items() if len(slugs) > 1}
