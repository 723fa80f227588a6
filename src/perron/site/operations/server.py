"""`perron serve`: granian under WSGI, on loopback unless everything outside needs is set."""

from __future__ import annotations

import http.client
import ipaddress
import multiprocessing
import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from urllib.parse import urlsplit

from perron.config import Config
from perron.errors import InputError, OutsideError
from perron.site.operations.home import DEMONSTRATION
from perron.translation import gettext as _

#: Threads a process answers with; the database pool holds as many connections.
_THREADS = 8
_PATIENCE = 60.0


def loopback(host: str) -> bool:
    """Whether an address is reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def demand_safe(host: str, settings: Config) -> None:
    """InputError where listening on `host` would show an unprotected site to others."""
    if loopback(host):
        return
    public = urlsplit(settings.public_url)
    if public.scheme != "https" or not public.hostname:
        raise InputError(
            _(
                "--host {host} : hors de cette machine, Perron ne démarre que derrière une adresse https. Donner PERRON_PUBLIC_URL (par exemple https://perron.exemple.be) ; lu : {found!r}."
            ).format(host=host, found=settings.public_url)
        )
    if settings.debug:
        raise InputError(
            _(
                "--host {host} : PERRON_DEBUG est vrai, et montrerait le code et les réglages à tous. Le mettre à false."
            ).format(host=host)
        )
    if (settings.home / DEMONSTRATION).exists():
        raise InputError(
            _(
                "--host {host} : {home} est une démonstration (fichier « {name} »), dont les comptes sont publics. Donner un autre PERRON_HOME."
            ).format(host=host, home=settings.home, name=DEMONSTRATION)
        )


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _reserved(host: str, port: int) -> socket.socket:
    """A bound socket that nobody listens on: it proves that the port is free, and keeps it so."""
    held = socket.socket(_family(host), socket.SOCK_STREAM)
    try:
        if port:
            # Without SO_REUSEPORT the bind fails where anything listens, another Perron included.
            with closing(socket.socket(_family(host), socket.SOCK_STREAM)) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        # granian's workers bind with SO_REUSEPORT, so this one doesn't stand in their way.
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind((host, port))
    except OSError as error:
        held.close()
        raise OutsideError(
            _(
                "{host}:{port} ne peut pas être écouté ({problem}). Arrêter ce qui l'occupe, ou donner un autre --port (0 en choisit un libre)."
            ).format(host=host, port=port, problem=error.strerror or error)
        ) from error
    return held


def _announce(host: str, port: int, ready: Callable[[str], None], stopped: threading.Event) -> None:
    """Call `ready` with the address once the site answers on it."""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    said = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    until = time.monotonic() + _PATIENCE
    while not stopped.is_set() and time.monotonic() < until:
        pause = 0.05
        try:
            with closing(http.client.HTTPConnection(local, port, timeout=5)) as link:
                link.request("GET", "/healthz", headers={"Host": "localhost"})
                if link.getresponse().status == 200:
                    ready(said)
                    return
            pause = 2.0  # it answers with an error, which is in the log: asking fast repeats it
        except (OSError, http.client.HTTPException):
            pass
        stopped.wait(pause)


def serve(host: str, port: int, workers: int, level: str, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C. OutsideError where the port is taken or no worker lives."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    host = "127.0.0.1" if host == "localhost" else host.strip("[]")
    with closing(_reserved(host, port)) as held:
        port = int(held.getsockname()[1])
        # A worker starts from a fresh interpreter: it shares no connection and no lock with us.
        multiprocessing.set_start_method("spawn", force=True)
        server = Granian(
            "perron.site.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=_THREADS,
            backpressure=_THREADS * 16,
            workers_kill_timeout=10,
            respawn_failed_workers=True,
            log_level=LogLevels.info if level == "DEBUG" else LogLevels.warning,
            log_dictconfig=_logs(level),
        )
        stopped = threading.Event()
        speaker = threading.Thread(target=_announce, args=(host, port, ready, stopped), daemon=True)
        speaker.start()
        try:
            server.serve()
        except SystemExit as end:
            if end.code:
                raise OutsideError(
                    _(
                        "Le serveur s'est arrêté : aucun processus ne tient. Lire le journal ci-dessus, puis « perron check »."
                    )
                ) from end
        finally:
            stopped.set()


def _logs(level: str) -> dict[str, object]:
    """granian's own lines in the same form as the site's."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "perron.site.logs.JsonFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "_granian": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "granian.access": {"handlers": [], "level": "WARNING", "propagate": False},
        },
    }
