"""Staff pages under /admin: thin over the verbs of `knowledge`, drawn on the server, no script."""

from bot.web.admin.pages import admin_routes

__all__ = ["admin_routes"]
