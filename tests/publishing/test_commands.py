"""The commands as a person types them, in a house of their own."""

import json
import re
import sys
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.commands.house import screen

PAPER = """
số: 5/QĐ-UBND
ngày: 2026-11-01
cơ quan: UBND tỉnh
hiệu lực: 2027-01-01
thủ tục:
  - {mã: 1.001193, việc: sửa đổi}
"""


class Terminal:
    """Runs commands of ours on one database, on one day."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
        self.folder = folder
        self.monkeypatch, self.capsys = monkeypatch, capsys
        monkeypatch.setenv("MOTCUA_DATABASE_URL", f"sqlite:///{folder / 'house.db'}")
        monkeypatch.setenv("MOTCUA_CACHE_DIR", str(folder / "cache"))
        monkeypatch.setenv("MOTCUA_TODAY", "2026-11-24")
        monkeypatch.setattr(screen, "width", 200)

    def run(self, *words: str, code: int = 0) -> str:
        self.monkeypatch.setattr(sys, "argv", ["motcua", *words])
        with pytest.raises(SystemExit) as left:
            main()
        done = self.capsys.readouterr()
        assert left.value.code == code, done.out + done.err
        return done.out + done.err


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> Terminal:
    return Terminal(tmp_path, monkeypatch, capsys)


def test_from_a_draft_to_a_decision_and_back_in_time(terminal: Terminal):
    run, folder = terminal.run, terminal.folder
    for login in ("lan", "minh"):
        run("staff", "add", login, "--name", login.title())
    run("staff", "role", "lan", "editor", "--unit", "Sở Tư pháp", "--sector", "Hộ tịch")
    run("staff", "role", "minh", "approver")
    run("staff", "role", "minh", "publisher")
    assert "biên tập của Sở Tư pháp" in run("staff", "list")

    file = folder / "khai-sinh.json"
    run("draft", "start", "1.001193", str(file))
    facts = json.loads(file.read_text("utf-8"))
    facts["name"] = "Đăng ký khai sinh (lời mới)"
    file.write_text(json.dumps(facts), "utf-8")
    assert "không có cán bộ" in run("draft", "new", str(file), code=1)
    run("draft", "new", str(file), "--by", "lan")
    (row,) = json.loads(run("draft", "list", "--json"))
    number = str(row["id"])
    run("draft", "submit", number, "--by", "lan")
    assert "không có vai trò" in run("draft", "approve", number, "--by", "lan", code=1)
    run("draft", "approve", number, "--by", "minh")

    paper = folder / "5-QD.yaml"
    paper.write_text(PAPER, "utf-8")
    asked = folder / "hoi.jsonl"
    row = {"question": "1.001193", "behavior": "answer", "accept_codes": ["1.001193"]}
    row |= {"id": "1", "kind": "code", "author": "test", "facet": None}
    asked.write_text(json.dumps(row) + "\n", "utf-8")
    rehearse = (
        "publish",
        "decision",
        str(paper),
        "--by",
        "minh",
        "--dry-run",
        "--questions",
        str(asked),
    )
    told = run(*rehearse)
    assert "Sẽ công bố 1" in told
    # Beside the given question, those that were written for the procedure are asked.
    assert re.search(r"\d\d câu hỏi · \d\d câu trả lời thay đổi · 0 câu xấu đi", told)
    paper.write_text(PAPER.replace("sửa đổi", "bãi bỏ"), "utf-8")
    told = run(*rehearse, code=2)
    assert "✗ xấu đi «1.001193»" in told
    assert "Chưa công bố: có câu trả lời xấu đi" in told
    assert "Sẽ công bố 1" in run(*rehearse, "--even-if-worse")
    paper.write_text(PAPER, "utf-8")
    assert "Đã công bố 1" in run("publish", "decision", str(paper), "--by", "minh")
    assert "5/QĐ-UBND" in run("publish", "list")
    assert "carry_out" not in run("draft", "history", "1.001193")

    now = run("ask", "1.001193", "--json")
    later = run("ask", "1.001193", "--json", "--as-of", "2027-01-01")
    assert json.loads(now)["procedure"]["name"] == "Đăng ký khai sinh"
    assert json.loads(later)["procedure"]["name"] == "Đăng ký khai sinh (lời mới)"
    told = run("replay", "--to", "2027-01-01", "--questions", str(asked))
    assert "1 câu trả lời thay đổi" in told
    assert "lời mới" in told
    told = run("ask", "1.001193", "--as-of", "30/06/2025", code=2)
    assert "dữ liệu sớm nhất là của ngày 24/11/2026" in told
