"""Exchange of an Official Account's refresh token, which Zalo accepts only once."""

from dataclasses import dataclass
from typing import Final

from bot.channels.contract import TryLater, Why
from bot.channels.zalo_http import ZaloHttp

OAUTH: Final = "https://oauth.zaloapp.com"
_USUAL_SECONDS: Final = 90_000


@dataclass(frozen=True)
class Pair:
    """A new access token, and the refresh token that is good from now on."""

    access: str
    refresh: str
    seconds: int  # how long the access token lasts


class RefreshRefused(Exception):
    """Zalo does not accept the refresh token: the account must be authorised anew."""


@dataclass(frozen=True)
class Exchange:
    """The account's own application, and where it asks."""

    http: ZaloHttp
    app_id: str
    app_secret: str
    url: str = OAUTH

    async def __call__(self, refresh_token: str) -> Pair:
        """The new pair; the given token is void from now on."""
        form = {
            "refresh_token": refresh_token,
            "app_id": self.app_id,
            "grant_type": "refresh_token",
        }
        address = f"{self.url.rstrip('/')}/v4/oa/access_token"
        answer = await self.http.post_form(address, form, {"secret_key": self.app_secret})
        match answer:
            case {"access_token": str(access), "refresh_token": str(refresh)}:
                seconds = str(answer.get("expires_in", ""))
                return Pair(access, refresh, int(seconds) if seconds.isdigit() else _USUAL_SECONDS)
            case {"error": int(error)} if error:
                raise RefreshRefused
        raise TryLater(Why.TOKEN, after=60, for_all=True)
