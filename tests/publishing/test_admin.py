"""The staff pages over HTTP: nobody without a badge, no form of another site, the verbs behind."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from bot.config import Settings
from bot.web.admin import admin_routes
from bot.web.admin.badge import Badges
from knowledge.history import COMMAND_LINE, VIETNAM, Actor
from knowledge.importing.store import Orders, store
from knowledge.records.conversation import Turn
from knowledge.records.decision import Decision
from knowledge.records.delivery import Correspondent, Outbox, Parcel, ZaloToken
from knowledge.records.kinds import Status
from knowledge.records.procedure import Revision
from knowledge.records.staff import Event
from knowledge.staffing import dismiss, set_password
from knowledge.workflow import submit, write
from tests.knowledge.conftest import TODAY, House, any_house, postgres_url
from tests.knowledge.making import NOW, draft
from tests.publishing.conftest import LAN, hire

__all__ = ["any_house", "postgres_url"]
PASSWORD = "một mật khẩu dài"
PAGES = ("", "/drafts", "/proposals", "/publish", "/questions", "/letters", "/links")


@pytest.fixture
def client(house: House, tmp_path: Path) -> Iterator[TestClient]:
    hire(house)
    with house.begin() as session:
        for login in ("lan", "minh", "hoa"):
            set_password(session, Actor(login, NOW), login, PASSWORD)
    app = FastAPI()
    app.include_router(admin_routes(house, lambda: TODAY, Settings(cache_dir=tmp_path / "cache")))
    with TestClient(app, follow_redirects=False) as client:
        yield client


def sign_in(client: TestClient, login: str, password: str = PASSWORD) -> httpx.Response:
    return client.post("/admin/login", data={"login": login, "password": password})


def token(client: TestClient) -> str:
    found = re.search(r'name="token" value="([0-9a-f]+)"', client.get("/admin").text)
    assert found
    return found[1]


@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_anything_without_a_badge(client: TestClient, path: str):
    answer = client.get(f"/admin{path}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/login")
    client.cookies.set("motcua_badge", "6c616e.99999999999.aa.bb", path="/admin")
    assert client.get(f"/admin{path}").status_code == 303


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_drawn(client: TestClient, path: str):
    assert sign_in(client, "lan").status_code == 303
    answer = client.get(f"/admin{path}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_wrong_passwords_are_soon_not_tried_any_more(client: TestClient):
    assert [sign_in(client, "lan", "sai").status_code for _ in range(6)] == [403] * 5 + [429]
    assert sign_in(client, "lan").status_code == 429
    assert sign_in(client, "minh").status_code == 303


def test_the_cookie_is_not_for_scripts_nor_for_other_sites(client: TestClient):
    cookie = sign_in(client, "lan").headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/admin"))


def test_a_draft_through_the_pages(client: TestClient, house: House):
    with house.begin() as session:
        number = write(session, LAN, draft(name="<b>Nuôi vịt</b>")).id
    sign_in(client, "lan")
    shown = client.get("/admin/drafts").text
    assert "&lt;b&gt;Nuôi vịt" in shown
    assert "<b>Nuôi" not in shown
    path = f"/admin/drafts/{number}"
    assert client.post(f"{path}/submit", data={"token": "của trang khác"}).status_code == 403
    facts = draft(name="Nuôi vịt").model_dump_json()
    data = {"token": token(client), "facts": facts, "version": "0"}
    assert "Xong" in client.post(f"{path}/edit", data=data).text
    assert "đã được sửa từ lúc bạn mở" in client.post(f"{path}/edit", data=data).text
    assert "mã:" in client.post(f"{path}/edit", data=data | {"facts": '{"code": "1"}'}).text
    assert "Xong" in client.post(f"{path}/submit", data={"token": token(client)}).text
    refused = client.post(f"{path}/approve", data={"token": token(client)}).text
    assert "không có vai trò kiểm soát" in refused
    client.post("/admin/logout")
    sign_in(client, "minh")
    assert "Xong" in client.post(f"{path}/approve", data={"token": token(client)}).text
    with house() as session:
        assert session.get_one(Revision, number).status is Status.APPROVED


def test_a_decision_through_the_pages(client: TestClient, house: House):
    with house.begin() as session:
        revision = write(session, LAN, draft())
        submit(session, LAN, revision)
        revision.status = Status.APPROVED
        number = revision.id
    sign_in(client, "hoa")
    paper = "số: 1/QĐ\nngày: 2026-11-20\ncơ quan: UBND\nhiệu lực: 2026-12-01\nthủ tục: [{mã: 1.900001, việc: mới}]"
    for go, says, status in (
        ("try", "Kiểm tra thử: 1 thủ tục", Status.APPROVED),
        ("do", "Đã công bố 1 thủ tục", Status.PUBLISHED),
    ):
        data = {"token": token(client), "paper": paper, "go": go}
        assert says in client.post("/admin/publish", data=data).text
        with house() as session:
            assert session.get_one(Revision, number).status is status


def test_whoever_left_is_out_at_once(client: TestClient, house: House):
    sign_in(client, "lan")
    with house.begin() as session:
        dismiss(session, Actor(COMMAND_LINE, NOW), "lan")
    assert client.get("/admin").status_code == 303


def test_what_answers_worse_must_be_confirmed(client: TestClient, house: House):
    """A question that was answered well in the last days would no longer be."""
    store(house, [draft()], Orders(publish=True, today=TODAY))
    now = datetime.now(UTC)
    with house.begin() as session:
        session.add(
            Turn(at=now - timedelta(days=1), channel="web", conversation="h", question="1.900001",
                 outcome="answer", code="1.900001", elapsed_ms=1.0)
        )  # fmt: skip
    sign_in(client, "hoa")
    today = f"{now:%Y-%m-%d}"
    paper = (
        f"số: 2/QĐ\nngày: {today}\ncơ quan: UBND\nhiệu lực: {today}\n"
        "thủ tục: [{mã: 1.900001, việc: bãi bỏ}]"
    )
    data = {"token": token(client), "paper": paper}
    tried = client.post("/admin/publish", data=data | {"go": "try"}).text
    assert "Hỏi lại 1 câu: 1 câu trả lời thay đổi, 1 câu xấu đi." in tried
    refused = client.post("/admin/publish", data=data | {"go": "do"}).text
    assert "chưa công bố: có câu trả lời xấu đi" in refused
    with house() as session:
        assert session.scalars(select(Decision)).all() == []
    done = client.post("/admin/publish", data=data | {"go": "do", "anyway": "yes"}).text
    assert "Đã công bố 1 thủ tục theo 2/QĐ." in done


def test_letters_are_shown_in_words_and_sent_again_or_dropped(client: TestClient, house: House):
    with house.begin() as session:
        session.add_all([letter("refused"), letter("token"), letter("window", Parcel.PARKED)])
        who = {"key": "k", "channel": "telegram", "heard_at": NOW, "is_unreachable": True}
        session.add(Correspondent(**who))
        session.add(Correspondent(**who | {"key": "z", "channel": "zalo-oa"}))
        void = {"access_token": "a", "refresh_token": "r", "seed": "s", "failed": "token"}
        session.add(ZaloToken(app_id="1", expires_at=NOW, refreshed_at=NOW, **void))
    sign_in(client, "lan")
    shown = client.get("/admin/letters").text
    assert "Nền tảng từ chối nội dung tin" in shown
    assert "Tin sẽ tự gửi khi người dân nhắn lại" in shown
    assert f"{NOW.astimezone(VIETNAM):%d/%m/%Y %H:%M}" in shown
    assert '<td data-head="Đã chặn hoặc bỏ theo dõi">1</td>' in shown
    assert "Zalo không nhận refresh token" in shown
    assert not any(secret in shown for secret in ("telegram:987", "lời đáp"))
    numbers = re.findall(r'action="/admin/letters/(\d+)/again"', shown)
    assert len(numbers) == 2
    path = f"/admin/letters/{numbers[0]}"
    assert client.post(f"{path}/again", data={"token": "của trang khác"}).status_code == 403
    done = client.post(f"{path}/again", data={"token": token(client)}).text
    assert "Đã xếp 1 tin để gửi lại" in done
    assert "không còn chờ xử lý" in client.post(f"{path}/drop", data={"token": token(client)}).text
    said = client.post("/admin/letters/all/drop", data={"token": token(client)}).text
    assert "Đã bỏ 1 tin" in said
    with house() as session:
        left = session.scalars(select(Outbox.state).order_by(Outbox.state)).all()
        done = session.scalars(select(Event.verb).where(Event.subject == "channels")).all()
    assert sorted(left) == [Parcel.PARKED, Parcel.WAITING]
    assert done == ["letters_again", "letters_drop"]


def letter(why: str, state: Parcel = Parcel.DEAD) -> Outbox:
    return Outbox(
        channel="telegram",
        conversation_id="telegram:987",
        method="sendMessage",
        body={"text": "lời đáp"},
        state=state,
        failed=why,
        asked_at=NOW,
        created_at=NOW,
        next_try_at=NOW,
    )


def test_processes_that_start_at_once_share_one_secret(any_house):
    with ThreadPoolExecutor(8) as pool:
        badges = list(pool.map(lambda _: Badges(any_house), range(8)))
    signed = badges[0].badge("lan")
    assert {each.login_of(signed) for each in badges} == {"lan"}
