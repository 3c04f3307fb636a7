"""Routes of the staff pages: who is signed in, which verb is called, what is told afterwards."""

import hmac
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from sqlalchemy.orm import Session, sessionmaker

from bot.config import Settings
from bot.web.admin import views
from bot.web.admin.badge import COOKIE, HOURS, Badges
from bot.web.admin.drawing import NOTHING, STYLE, Html, page, told
from bot.web.admin.letters import letters, on_letters
from bot.web.admin.publishing import publish_by
from bot.web.guards import SmallBodyRoute
from bot.web.policy import page_headers
from knowledge.history import Actor, Refused
from knowledge.importing import Draft
from knowledge.importing.problems import sentences
from knowledge.proposals import accept, reject
from knowledge.records.procedure import Revision
from knowledge.records.proposal import Proposal
from knowledge.staffing import find_staff, signed_in
from knowledge.workflow import approve, edit, give_up, send_back, submit

Form = dict[str, str]
VERBS = {"submit": submit, "approve": approve, "drop": give_up}


async def _form(request: Request) -> Form:
    return {key: values[-1] for key, values in parse_qs((await request.body()).decode()).items()}


Filled = Annotated[Form, Depends(_form)]


class _Out(Exception):
    """Nobody is signed in, or the form is not ours."""


class Desk:
    """The staff pages over one house."""

    def __init__(
        self, factory: sessionmaker[Session], today: Callable[[], date], settings: Settings
    ) -> None:
        self.factory = factory
        self.today = today
        self.settings = settings
        self.province = settings.province
        self.badges = Badges(factory)

    def show(
        self,
        request: Request,
        title: str,
        draw: Callable[[Session, str], Html],
        said: Html = NOTHING,
    ) -> Response:
        """A page for whoever is signed in; the sign-in page for everybody else."""
        try:
            login, token = self._who(request)
        except _Out:
            return RedirectResponse("/admin/login", 303)
        with self.factory() as session:
            body = draw(session, token)
        return answer(page(title, body, login=login, token=token, told=said))

    def act(
        self, request: Request, form: Form, do: Callable[[Session, Actor], str], back: str
    ) -> Response:
        """Call a verb in one transaction, then show what came of it."""
        try:
            login, token = self._who(request)
        except _Out:
            return RedirectResponse("/admin/login", 303)
        if not hmac.compare_digest(form.get("token", "").encode(), token.encode()):
            stale = Html("<p>Mở lại trang rồi thử lần nữa.</p>")
            return answer(page("Biểu mẫu đã cũ", stale, login=login, token=token), 403)
        try:
            with self.factory.begin() as session:
                said = told(do(session, Actor(login, datetime.now(UTC))).splitlines())
        except Refused as refusal:
            said = told(refusal.reasons, refused=True)
        title, draw = _PAGES[back](self)
        if back == "publish":  # what was typed is not lost
            return self.show(
                request, title, lambda s, t: views.publishing(s, t, form.get("paper", "")), said
            )
        return self.show(request, title, draw, said)

    def _who(self, request: Request) -> tuple[str, str]:
        badge = request.cookies.get(COOKIE, "")
        login = self.badges.login_of(badge)
        if login is None:
            raise _Out
        with self.factory() as session:
            staff = find_staff(session, login)
            if staff is None or not staff.is_active:
                raise _Out
        return login, self.badges.form_token(badge)


_PAGES: dict[str, Callable[[Desk], tuple[str, Callable[[Session, str], Html]]]] = {
    "home": lambda _: ("Việc cần làm", lambda s, _t: views.overview(s, datetime.now(UTC))),
    "drafts": lambda _: ("Bản nháp", views.drafts),
    "proposals": lambda _: ("Đề nghị nhập", views.proposals),
    "publish": lambda _: ("Công bố", views.publishing),
    "questions": lambda _: ("Hỏi không thấy", lambda s, _t: views.questions(s, datetime.now(UTC))),
    "letters": lambda _: ("Kênh và tin nhắn", lambda s, t: letters(s, t, datetime.now(UTC))),
    "links": lambda d: ("Đường dẫn", lambda s, _t: views.links(s, d.today(), d.province)),
}


def answer(html: str, status: int = 200) -> HTMLResponse:
    """A page that no cache keeps and no other site frames."""
    headers = page_headers() | {"Cache-Control": "no-store"}
    return HTMLResponse(html, status, headers=headers)


def admin_routes(
    factory: sessionmaker[Session], today: Callable[[], date], settings: Settings
) -> APIRouter:
    """All routes under /admin."""
    desk = Desk(factory, today, settings)
    routes = APIRouter(prefix="/admin", include_in_schema=False, route_class=SmallBodyRoute)
    _sign_in_routes(routes, desk)
    _pages(routes, desk)
    _verbs(routes, desk)
    return routes


def _sign_in_routes(routes: APIRouter, desk: Desk) -> None:
    @routes.get("/style.css")
    def style() -> Response:
        return Response(STYLE, media_type="text/css", headers={"Cache-Control": "max-age=3600"})

    @routes.get("/login")
    def ask() -> Response:
        return answer(page("Đăng nhập", _SIGN_IN, login=None))

    @routes.post("/login")
    def sign_in(request: Request, form: Filled) -> Response:
        login, badges = form.get("login", ""), desk.badges
        if not badges.may_try(login):
            said = told(["sai nhiều lần: thử lại sau 15 phút"], refused=True)
            return answer(page("Đăng nhập", _SIGN_IN, login=None, told=said), 429)
        with desk.factory() as session:
            staff = signed_in(session, login, form.get("password", ""))
        if staff is None:
            badges.was_wrong(login)
            said = told(["tên đăng nhập hoặc mật khẩu không đúng"], refused=True)
            return answer(page("Đăng nhập", _SIGN_IN, login=None, told=said), 403)
        reply = RedirectResponse("/admin", 303)
        is_https = request.headers.get("x-forwarded-proto", request.url.scheme) == "https"
        reply.set_cookie(
            COOKIE, badges.badge(login), max_age=HOURS * 3600, path="/admin", httponly=True,
            samesite="strict", secure=is_https,
        )  # fmt: skip
        return reply

    @routes.post("/logout")
    def sign_out() -> Response:
        reply = RedirectResponse("/admin/login", 303)
        reply.delete_cookie(COOKIE, path="/admin")
        return reply


def _pages(routes: APIRouter, desk: Desk) -> None:
    def add(name: str, path: str) -> None:
        @routes.get(path)
        def show(request: Request) -> Response:
            title, draw = _PAGES[name](desk)
            return desk.show(request, title, draw)

    for name in _PAGES:
        add(name, "" if name == "home" else f"/{name}")

    @routes.get("/drafts/{number}")
    def one(request: Request, number: int) -> Response:
        def draw(session: Session, token: str) -> Html:
            found = session.get(Revision, number)
            return views.one_draft(found, token) if found else Html("<p>Không có bản này.</p>")

        return desk.show(request, f"Bản số {number}", draw)


def _verbs(routes: APIRouter, desk: Desk) -> None:
    @routes.post("/drafts/{number}/{verb}")
    def draft_verb(request: Request, number: int, verb: str, form: Filled) -> Response:
        def do(session: Session, actor: Actor) -> str:
            revision = session.get(Revision, number)
            if revision is None:
                raise Refused([f"không có bản số {number}"])
            return _on_draft(session, actor, revision, verb, form)

        return desk.act(request, form, do, "drafts")

    @routes.post("/proposals/{number}/{verb}")
    def proposal_verb(request: Request, number: int, verb: str, form: Filled) -> Response:
        def do(session: Session, actor: Actor) -> str:
            proposal = session.get(Proposal, number)
            if proposal is None or verb not in ("accept", "reject"):
                raise Refused(["không có đề nghị này"])
            if verb == "accept":
                accept(session, actor, proposal, on=desk.today())
                return f"Đã nhận {proposal.slug}, có hiệu lực từ {desk.today():%d/%m/%Y}."
            reject(session, actor, proposal)
            return f"Không nhận {proposal.slug}."

        return desk.act(request, form, do, "proposals")

    @routes.post("/letters/{which}/{verb}")
    def letter_verb(request: Request, which: str, verb: str, form: Filled) -> Response:
        return desk.act(request, form, lambda s, a: on_letters(s, a, which, verb), "letters")

    @routes.post("/publish")
    def publish(request: Request, form: Filled) -> Response:
        def do(session: Session, actor: Actor) -> str:
            return publish_by(session, actor, form, desk.settings, desk.today())

        return desk.act(request, form, do, "publish")


def _on_draft(session: Session, actor: Actor, revision: Revision, verb: str, form: Form) -> str:
    if verb in VERBS:
        VERBS[verb](session, actor, revision)
    elif verb == "return":
        send_back(session, actor, revision, reason=form.get("reason", ""))
    elif verb == "edit":
        try:
            facts = Draft.model_validate_json(form.get("facts", ""))
        except ValidationError as error:
            raise Refused(list(sentences(error))) from None
        edit(session, actor, revision, facts, version=int(form.get("version", "-1")))
    else:
        raise Refused([f"không có việc «{verb}»"])
    return f"Xong: bản số {revision.id}."


_SIGN_IN = Html(
    '<form class="sign-in" method="post" action="/admin/login">'
    '<label>Tên đăng nhập <input name="login" autocomplete="username" required autofocus></label>'
    '<label>Mật khẩu <input name="password" type="password" autocomplete="current-password" '
    "required></label><button>Đăng nhập</button></form>"
)
