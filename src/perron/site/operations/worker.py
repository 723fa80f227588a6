"""`perron worker`: takes the work in the queue, and hands out the scheduled work when it is due."""

from __future__ import annotations

import logging
import signal
import socket
import threading
from types import FrameType

from django.db import DatabaseError, close_old_connections, connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker as Queue

from perron.site.operations import services

log = logging.getLogger("perron.worker")


class Worker:
    """One process that works until SIGTERM. As many as wanted may run: each job is done once."""

    def __init__(self, *, once: bool = False, interval: float = 1.0, tick: float = 20.0) -> None:
        self._tick = tick
        self._once = once
        self._stopped = threading.Event()
        self._queue = Queue(
            queue_names=["*"],
            interval=interval,
            batch=once,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=f"{socket.gethostname()[:30]}-{get_random_string(12)}",
            excluded_queue_names=[],
        )

    def run(self) -> None:
        """Hand out and work; with `once`, until nothing waits."""
        if self._once:
            services.hand_out()
            self._queue.run()
            return
        clock = threading.Thread(target=self._watch_the_clock, daemon=True)
        clock.start()
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        try:
            self._queue.run()
        finally:
            self._stopped.set()

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self._stopped.set()
        self._queue.shutdown(signum, frame)

    def _watch_the_clock(self) -> None:
        while not self._stopped.is_set():
            close_old_connections()
            try:
                for name in services.hand_out():
                    log.info("handed out", extra={"fields": {"job": name}})
            except DatabaseError as error:
                # The database is away for a moment: the due time is served when it is back.
                log.error("schedule", extra={"fields": {"error": str(error)}})
            connections.close_all()
            self._stopped.wait(self._tick)
