"""Scheduled work is done once, however many workers run; what failed can be taken up again."""

from __future__ import annotations

import signal
import time

from perron.site.operations.services import jobs


def results(installed) -> list[tuple[str, str]]:
    with installed.link() as link:
        rows = link.execute(
            "SELECT task_path, status FROM django_tasks_database_dbtaskresult"
        ).fetchall()
    return sorted((path.rsplit(".", 1)[-1], status) for path, status in rows)


def runs(installed) -> list[tuple[str, str]]:
    with installed.link() as link:
        rows = link.execute(
            "SELECT job, due FROM operations_scheduledrun WHERE job <> 'before'"
        ).fetchall()
    return [(job, str(due)) for job, due in rows]


def test_two_workers_do_each_due_job_once(installed):
    workers = [installed.start("worker", "--once") for _number in range(2)]
    for worker in workers:
        _out, err = worker.communicate(timeout=120)
        assert worker.returncode == 0, err
    installed.run("worker", "--once")
    given = runs(installed)
    assert len(given) == len(set(given))
    names = {job for job, _due in given}
    assert names == {job.name for job in jobs()}
    done = results(installed)
    # The hour may have turned meanwhile: then, and only then, the hourly job has a second due time.
    assert len(done) == len(given) <= len(names) + 1
    assert {status for _name, status in done} == {"SUCCESSFUL"}


def test_a_worker_stops_cleanly_when_told_to(installed):
    worker = installed.start("worker")
    until = time.monotonic() + 60
    while len([r for r in results(installed) if r[1] == "SUCCESSFUL"]) < len(jobs()):
        assert time.monotonic() < until
        time.sleep(0.2)
    worker.send_signal(signal.SIGTERM)
    worker.communicate(timeout=20)
    assert worker.returncode == 0


def test_a_job_that_finds_something_wrong_fails_with_its_sentence(installed):
    data = next((installed.home / "lake").rglob("data.parquet"))
    data.write_bytes(data.read_bytes()[:-1] + b"x")
    installed.run("worker", "--once")
    assert ("verify_lake", "FAILED") in results(installed)
    assert ("watch_ages", "SUCCESSFUL") in results(installed)
    with installed.link() as link:
        ((trace,),) = link.execute(
            "SELECT traceback FROM django_tasks_database_dbtaskresult WHERE status = 'FAILED'"
        ).fetchall()
    assert "sample/2026-01-02" in trace
