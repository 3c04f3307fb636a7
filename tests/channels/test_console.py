"""The terminal as citizens start it: `motcua chat`, a process of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.channels.running import Template


def test_a_conversation_in_a_narrow_window(template: Template, tmp_path: Path):
    settings = template.settings(tmp_path)
    told = {
        "MOTCUA_DATABASE_URL": settings.database_url,
        "MOTCUA_CACHE_DIR": f"{settings.cache_dir}",
        "COLUMNS": "60",
        "PYTHONIOENCODING": "utf-8",
    }
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "chat"],
        input="lệ phí 1.004222\ngiấy tờ\n",
        env={**os.environ, **told},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    assert "Đăng ký thường trú" in ended.stdout
    assert "[giấy tờ] Giấy tờ" in ended.stdout
    assert "Giấy tờ cần có" in ended.stdout
    pages = re.findall(r"^https://dichvucong\.gov\.vn/\S{50,}$", ended.stdout, re.MULTILINE)
    assert pages, "an address stands on one line, whole"
    assert ended.stderr == ""
