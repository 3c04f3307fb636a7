"""The command line as outsiders use it: real processes, their output and their exit codes."""

import json
import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from bot.__main__ import app as commands


@pytest.fixture(scope="module")
def motcua(tmp_path_factory):
    folder = tmp_path_factory.mktemp("commands")
    environment = {
        **os.environ,
        "MOTCUA_DATABASE_URL": f"sqlite:///{folder / 'c.sqlite3'}",
        "MOTCUA_CACHE_DIR": str(folder / "cache"),
    }

    def run(*arguments, code=0):
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            env=environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == code, done.stderr + done.stdout
        return done

    return run


TURN = {
    "id",
    "turn",
    "outcome",
    "facet",
    "procedure",
    "also",
    "candidates",
    "messages",
    "elapsed_ms",
}


def test_ask_gives_one_turn_as_promised(motcua):
    turn = json.loads(motcua("ask", "--json", "con moi de can lam giay to gi").stdout)
    assert turn.keys() >= TURN
    assert turn["candidates"][0].keys() == {"code", "name", "score"}
    assert turn["outcome"] in ("answer", "clarify")


def test_batch_keeps_order_and_conversations(motcua, tmp_path):
    file = tmp_path / "b.jsonl"
    rows = [
        {"id": "a", "turns": ["đăng ký kết hôn", "lệ phí", "nộp ở đâu", "cảm ơn"]},
        {"id": "b", "question": "1.004222"},
    ]
    file.write_text("\n".join(map(json.dumps, rows)) + "\nkhông phải json\n", encoding="utf-8")
    turns = [json.loads(line) for line in motcua("ask", "--batch", str(file)).stdout.splitlines()]
    assert [(t["id"], t["turn"]) for t in turns[:5]] == [
        ("a", 0),
        ("a", 1),
        ("a", 2),
        ("a", 3),
        ("b", 0),
    ]
    assert [t["facet"] for t in turns[1:3]] == ["fee", "where"]
    assert turns[4]["procedure"]["code"] == "1.004222"
    assert turns[5]["line"] == 3


def test_explain_names_the_steps_and_the_winner(motcua):
    told = motcua("ask", "--explain", "tui muốn làm lại cccd bị rớt").stdout
    assert "expand_abbreviations" in told
    assert "1.014064" in told


def test_evaluate_counts_and_names_a_bad_line(motcua, tmp_path):
    good = tmp_path / "q.jsonl"
    row = {"id": "1", "question": "đăng ký kết hôn ở đâu", "behavior": "answer",
           "accept_codes": ["1.000894"], "facet": "agency", "author": "x", "core": True}  # fmt: skip
    good.write_text(json.dumps(row) + "\n", encoding="utf-8")
    figures = json.loads(motcua("evaluate", str(good), "--json").stdout)
    assert figures["core"]["hit@1"] == {"share": 1.0, "of": 1}
    assert figures["all"]["facet"] == {"share": 1.0, "of": 1}
    good.write_text("{\n", encoding="utf-8")
    assert "dòng 1" in motcua("evaluate", str(good), code=2).stderr


def test_import_says_what_it_did_and_names_what_is_wrong(motcua, tmp_path):
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"code": "x"\n', encoding="utf-8")
    done = motcua("import", str(broken), code=1)
    assert "broken.jsonl, dòng 2" in done.stdout
    assert "Traceback" not in done.stderr


def test_reports_and_links(motcua, tmp_path):
    rows = json.loads(motcua("report", "listing", "--by", "level", "--json").stdout)
    assert rows[-1]["in_force"] >= 150
    book = tmp_path / "r.xlsx"
    motcua("report", "listing", "--by", "sector", "--xlsx", str(book))
    assert book.stat().st_size > 4000
    assert json.loads(motcua("report", "questions", "--json").stdout)
    assert motcua("links", "check").stdout


@pytest.mark.parametrize(
    "arguments",
    [("ask",), ("ask", "--batch", "không-có.jsonl"), ("import", "không-có"), ("report", "listing", "--by", "x"),
     ("không-có-lệnh",), ("evaluate", "không-có")],
)  # fmt: skip
def test_a_wrong_call_is_told_plainly(motcua, arguments):
    done = motcua(*arguments, code=2)
    assert "Traceback" not in done.stderr
    assert done.stderr.strip() or done.stdout.strip()


@pytest.mark.parametrize(
    "command", ["serve", "chat", "ask", "evaluate", "import", "report", "links", "db", "doctor"]
)
def test_every_command_has_help(command):
    told = CliRunner().invoke(commands, [command, "--help"])
    assert told.exit_code == 0
    assert "Usage" in told.stdout


def test_doctor_names_every_setting(motcua):
    from bot.config import Settings

    told = motcua("doctor").stdout
    assert all(f"MOTCUA_{name.upper()}" in told for name in Settings.model_fields)
