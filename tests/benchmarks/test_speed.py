"""README's table of speed: rows that a benchmark reports are kept, and a missed bar stands there with its distance and reason."""

import json

from benchmarks import speed
from benchmarks.result_row import KEPT, Row, judged, report


def test_a_row_says_how_far_it_is_from_its_bar():
    assert judged("a", "", 1.5, 1.2, "s").off == "by 25.0%" and judged("a", "", 1.2, 1.2, "s").holds
    faster = judged("a", "3 times", 3.0, 4.0, "times", at_least=True)
    assert (faster.bar, faster.holds, faster.off) == ("at least 4 times", False, "by 25.0%")
    assert faster.line().endswith("MISSED by 25.0%") and judged("a", "", 5.0, 4.0, "times", at_least=True).holds


def test_rows_are_kept_where_the_caller_wants_them(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(KEPT, str(tmp_path / "rows"))
    report(Row("first", "1 s"))
    report(judged("second", "2 s", 2.0, 1.0, "s"))
    kept = [json.loads(line) for line in (tmp_path / "rows").read_text().splitlines()]
    assert [row["what"] for row in kept] == ["first", "second"] and kept[1]["holds"] is False
    assert "MISSED by 100.0%" in capsys.readouterr().out


def test_one_part_is_measured_again_and_the_others_stay(tmp_path, monkeypatch):
    monkeypatch.setattr(speed, "RECORD", tmp_path / "speed.json")
    for name in ("ten", "open", "ten"):
        speed.keep(name, {"rows": [name]})
    assert list(json.loads(speed.RECORD.read_text())) == ["open", "ten"]  # in the table's order


def test_every_row_is_there_and_every_missed_one_has_a_reason():
    record = json.loads(speed.RECORD.read_text(encoding="utf-8"))
    assert list(record) == list(speed.PARTS)
    rows = [row for part in record.values() for row in part["rows"] if row["bar"]]
    assert {part["command"] for part in record.values()} == {speed.command(name) for name in speed.PARTS}
    assert [row["what"] for row in rows if not row["holds"] and not speed.reason(row["what"])] == []
    needless = [
        begin for begin in speed.REASONS if not any(row["what"].startswith(begin) and not row["holds"] for row in rows)
    ]
    assert needless == []
