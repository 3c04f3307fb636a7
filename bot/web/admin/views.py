"""What each staff page shows."""

import json
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.delivery_letters import count_dead
from bot.web.admin.drawing import Html, button, folded, listed, table
from knowledge.decision_files import EXAMPLE
from knowledge.link_checks import STATE_NAMES, LinkState, check_links
from knowledge.proposals import open_proposals
from knowledge.publishing import draft_of
from knowledge.question_reports import unanswered_questions
from knowledge.records.kinds import Status
from knowledge.records.procedure import Revision
from knowledge.records.proposal import Change, Proposal
from knowledge.workflow import STATUS_NAMES, drafts_on_the_way

CHANGES = {Change.NEW: "mới", Change.CHANGED: "thay đổi", Change.GONE: "không còn ở nguồn"}
SHOWN = 100  # rows of a long list
MENDABLE = (
    LinkState.DEAD,
    LinkState.MOVED,
    LinkState.UNLISTED,
    LinkState.SUSPECT,
    LinkState.BY_CODE,
)


def overview(session: Session, now: datetime) -> Html:
    """How much waits, and where."""
    drafts = drafts_on_the_way(session)
    counts = {status: sum(d.status is status for d in drafts) for status in STATUS_NAMES}
    vain = unanswered_questions(session, now - timedelta(days=30), now)
    rows: list[tuple[Html | str, int]] = [
        (_to("/admin/drafts", "Bản nháp đang soạn"), counts[Status.DRAFT]),
        (_to("/admin/drafts", "Bản chờ duyệt"), counts[Status.IN_REVIEW]),
        (_to("/admin/publish", "Bản đã duyệt, chờ quyết định"), counts[Status.APPROVED]),
        (_to("/admin/proposals", "Đề nghị của lần nhập"), len(open_proposals(session))),
        (_to("/admin/questions", "Câu hỏi 30 ngày qua không tìm thấy"), len(vain)),
        (_to("/admin/letters", "Tin chưa gửi được"), count_dead(session)),
    ]
    return table(("Việc", "Số"), rows, "")


def drafts(session: Session, token: str) -> Html:
    """The drafts on their way, each with what may be done next."""
    rows = [
        (one.id, _to(f"/admin/drafts/{one.id}", f"{one.code} {one.name[:100]}"),
         STATUS_NAMES[one.status], one.author or "", _steps(one, token))
        for one in drafts_on_the_way(session)
    ]  # fmt: skip
    heads = ("Số", "Thủ tục", "Trạng thái", "Người soạn", "Việc tiếp")
    return table(heads, rows, "Không có bản nháp nào.")


def _steps(one: Revision, token: str) -> Html:
    path = f"/admin/drafts/{one.id}"
    match one.status:
        case Status.DRAFT:
            steps = [button(f"{path}/submit", "Trình duyệt", token)]
        case Status.IN_REVIEW:
            steps = [button(f"{path}/approve", "Duyệt", token),
                     button(f"{path}/return", "Trả lại", token, ask="chỗ cần sửa")]  # fmt: skip
        case _:
            steps = [button(f"{path}/return", "Trả lại", token, ask="chỗ cần sửa")]
    return Html("".join([*steps, button(f"{path}/drop", "Bỏ", token)]))


def one_draft(revision: Revision, token: str) -> Html:
    """The facts of a draft, to be edited while it is one."""
    facts = draft_of(revision).model_dump(mode="json", exclude_defaults=True)
    body = table(
        (), [("Trạng thái", STATUS_NAMES[revision.status]), ("Lần sửa", revision.version)], ""
    )
    area = f'<textarea name="facts" aria-label="nội dung">{_escaped(facts)}</textarea>'
    if revision.status is not Status.DRAFT:
        return Html(body + area.replace("<textarea", "<textarea readonly"))
    return Html(
        f'{body}<form method="post" action="/admin/drafts/{revision.id}/edit">{area}'
        f'<input type="hidden" name="token" value="{token}">'
        f'<input type="hidden" name="version" value="{revision.version}"><button>Lưu</button></form>'
    )


def proposals(session: Session, token: str) -> Html:
    """What an import proposes, field by field."""
    found = open_proposals(session)
    rows = [
        (one.slug, one.name[:100], CHANGES[one.change],
         _differences(one),
         Html(button(f"/admin/proposals/{one.id}/accept", "Nhận", token)
              + button(f"/admin/proposals/{one.id}/reject", "Không nhận", token)))
        for one in found[:SHOWN]
    ]  # fmt: skip
    heads = ("Mã", "Tên", "Việc", "Khác ở", "")
    return table(heads, rows, "Không có đề nghị nào đang chờ.")


def _differences(one: Proposal) -> Html:
    """Which parts differ, in a line; each difference in words behind it, what clashes before it."""
    fields, clashes = one.differences.get("fields", ()), one.differences.get("conflicts", ())
    clashing = listed(f"trùng chỗ đã sửa: {clash}" for clash in clashes) if clashes else Html("")
    if not fields:
        return clashing
    return Html(clashing + folded(", ".join(told.split(":")[0] for told in fields), fields))


def publishing(session: Session, token: str, written: str = "") -> Html:
    """What is approved, and a field for the decision that publishes it."""
    ready = [(one.code, one.name[:120], one.author or "", one.approver or "")
             for one in drafts_on_the_way(session, (Status.APPROVED,))]  # fmt: skip
    heads = ("Mã", "Tên", "Soạn", "Duyệt")
    form = (
        '<form method="post" action="/admin/publish"><p>Quyết định công bố:</p>'
        f'<textarea name="paper" aria-label="quyết định">{_plain(written or EXAMPLE)}</textarea>'
        f'<input type="hidden" name="token" value="{token}">'
        "<p>Kiểm tra thử hỏi lại các câu của 30 ngày qua và cho biết câu trả lời nào sẽ đổi.</p>"
        '<label class="tick"><input type="checkbox" name="anyway" value="yes"> '
        "Vẫn công bố dù có câu trả lời xấu đi</label>"
        '<button name="go" value="try">Kiểm tra thử</button> '
        '<button name="go" value="do">Công bố</button></form>'
    )
    return Html(table(heads, ready, "Chưa có bản nào được duyệt.") + form)


def questions(session: Session, now: datetime) -> Html:
    """What was asked in vain in the last days, in masked words."""
    found = unanswered_questions(session, now - timedelta(days=30), now)
    rows = [(one.question, one.times) for one in found]
    return table(("Câu hỏi (đã che thông tin cá nhân)", "Số lần"), rows, "Không có câu nào.")


def links(session: Session, on: date, province: str) -> Html:
    """The links that somebody has to mend or to look at."""
    found = [one for one in check_links(session, on, province=province) if one.state in MENDABLE]
    rows = [(one.slug, one.name[:100], STATE_NAMES[one.state], one.url, one.proposed or "")
            for one in found[:SHOWN]]  # fmt: skip
    heads = ("Mã", "Tên", "Tình trạng", "Đang dẫn đến", "Nên dẫn đến")
    return table(heads, rows, "Không có đường dẫn nào cần sửa.")


def _to(path: str, label: str) -> Html:
    return Html(f'<a href="{path}">{_plain(label)}</a>')


def _plain(label: str) -> str:
    return label.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _escaped(facts: object) -> str:
    return _plain(json.dumps(facts, ensure_ascii=False, indent=1))
