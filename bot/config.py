"""Settings, read once from the environment (prefix MOTCUA_)."""

import os
import re
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

VAR = Path("var")
_ORIGIN = re.compile(r"https?://(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?")


class Settings(BaseSettings):
    """All that can be set. `motcua doctor` prints each with its meaning."""

    model_config = SettingsConfigDict(env_prefix="MOTCUA_", extra="ignore")

    database_url: str = Field(
        default=f"sqlite:///{VAR / 'motcua.sqlite3'}",
        description="cơ sở dữ liệu: mặc định một tệp SQLite; hoặc postgresql+psycopg://…",
    )
    cache_dir: Path = Field(default=VAR / "cache", description="nơi để chỉ mục dựng sẵn")
    province: str = Field(
        default="all", description="mã tỉnh (38 là Thanh Hóa) hoặc all: thủ tục địa phương của ai"
    )
    host: str = Field(default="127.0.0.1", description="địa chỉ máy chủ web lắng nghe")
    port: int = Field(default=8080, description="cổng máy chủ web", ge=1, le=65535)
    public_url: str | None = Field(
        default=None, description="địa chỉ công khai của trang, cho webhook"
    )
    channels: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="chỉ chạy các kênh này, cách nhau bằng dấu phẩy; trống là tất cả"
    )
    widget_sites: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="các trang được nhúng khung hỏi đáp, dạng https://xa.gov.vn, cách nhau bằng dấu phẩy",
    )
    telegram_token: SecretStr | None = Field(default=None, description="khóa của bot Telegram")
    telegram_api_url: str = Field(
        default="https://api.telegram.org", description="máy chủ Bot API khác, nếu có"
    )
    telegram_webhook_secret: SecretStr | None = Field(
        default=None, description="khóa webhook Telegram; trống là dùng polling"
    )
    zalo_oa_app_id: str | None = Field(default=None, description="mã ứng dụng Zalo của OA")
    zalo_oa_app_secret: SecretStr | None = Field(
        default=None, description="khóa bí mật của ứng dụng Zalo (để gia hạn token)"
    )
    zalo_oa_secret_key: SecretStr | None = Field(
        default=None, description="khóa bí mật của OA (để kiểm chữ ký webhook)"
    )
    zalo_oa_refresh_token: SecretStr | None = Field(
        default=None, description="refresh token ban đầu của OA; sau đó tự gia hạn"
    )
    zalo_bot_token: SecretStr | None = Field(default=None, description="khóa của Zalo Bot")
    zalo_bot_webhook_secret: SecretStr | None = Field(
        default=None, description="khóa webhook Zalo Bot (8-256 ký tự); trống là dùng polling"
    )
    zalo_api_url: str | None = Field(
        default=None, description="máy chủ Zalo khác cho OA, OAuth và Bot, nếu có (kiểm thử)"
    )
    dossier_key: SecretStr | None = Field(
        default=None, description="khóa băm 4 số cuối của chủ hồ sơ; trống là dùng tệp dưới đây"
    )
    dossier_key_file: Path = Field(
        default=VAR / "dossier-key", description="tệp khóa, tự tạo; mất tệp thì phải nhập lại hồ sơ"
    )
    dossier_http: Path | None = Field(
        default=None, description="tệp TOML nói cách hỏi hệ thống một cửa qua HTTP"
    )
    dossier_keep_days: int = Field(
        default=365, description="xóa hồ sơ đã kết thúc quá chừng này ngày", ge=30
    )
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING hoặc ERROR")
    log_json: bool = Field(default=False, description="ghi nhật ký dạng JSON")
    forget_after_minutes: int = Field(
        default=120, description="quên cuộc trò chuyện sau chừng này phút im lặng", ge=1
    )
    turns_keep_days: int = Field(
        default=400,
        description="xóa câu hỏi đã che của tháng đã qua chừng này ngày; số đếm của tháng giữ lại",
        ge=62,
    )
    today: date | None = Field(default=None, description="xem như hôm nay là ngày này (kiểm thử)")

    @field_validator("channels", "widget_sites", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("widget_sites")
    @classmethod
    def _are_origins(cls, sites: tuple[str, ...]) -> tuple[str, ...]:
        """They become part of a header, so nothing but a scheme, a host and a port."""
        for site in sites:
            if not _ORIGIN.fullmatch(site):
                raise ValueError(f"«{site}» không phải địa chỉ trang dạng https://xa.gov.vn")
        return sites


def expect_timedeltas() -> None:
    """Let python-telegram-bot tell lengths of time as it will from its next version on."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")
