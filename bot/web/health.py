"""For those who run the service: is it alive, is it ready, what are its figures."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from bot.shelf import Shelf
from bot.web.figures import written_out
from bot.web.refusals import NOT_READY, Refusal, refuse


class Live(BaseModel):
    """The process answers."""

    status: Literal["live"] = "live"


class Ready(BaseModel):
    """Citizens can be answered, from this edition of the catalogue."""

    status: Literal["ready"] = "ready"
    edition: str
    procedures: int


def health_routes(shelf: Callable[[], Shelf], ready: Callable[[], bool]) -> APIRouter:
    """The routes of the operators."""
    routes = APIRouter(tags=["vận hành"])

    @routes.get("/health/live", summary="Tiến trình còn sống")
    async def live() -> Live:
        """Trả lời ngay, không đụng tới cơ sở dữ liệu."""
        return Live()

    @routes.get(
        "/health/ready", summary="Sẵn sàng trả lời người dân", responses={503: {"model": Refusal}}
    )
    def is_ready() -> Ready:
        """503 cho tới khi danh mục đã nạp xong."""
        if not ready():
            raise refuse(HTTPStatus.SERVICE_UNAVAILABLE, NOT_READY)
        catalogue = shelf().catalogue
        return Ready(edition=catalogue.edition, procedures=len(catalogue.listings))

    @routes.get("/metrics", summary="Số liệu cho Prometheus", response_class=Response)
    def metrics() -> Response:
        """Số lượt theo kết quả và thời gian trả lời, dạng chữ của Prometheus."""
        content, media_type = written_out()
        return Response(content, media_type=media_type)

    return routes
