"""A path or an address becomes a local file with its checksum.

A download is tried again while that can help (connection cut, 429, 5xx), never for ever, and never
beyond a size: a public server may be slow, moved, or hostile.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from time import monotonic
from urllib.parse import unquote

import httpx
import tenacity

from perron.errors import InputError, OutsideError
from perron.sources.report import brief
from perron.translation import gettext as _

CHUNK = 1 << 18
#: Told of progress with (bytes so far, bytes expected or None).
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a retrieval goes: bytes, seconds, attempts. The largest file known here has 60 MB."""

    size: int = 500 * 1024 * 1024
    connect: float = 15.0
    read: float = 60.0
    total: float = 1800.0
    attempts: int = 4
    #: Seconds before the second attempt; doubled at each further one.
    pause: float = 1.0


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A file at hand: where it lies, what it was called, its checksum and when it was obtained.

    `period` is what the person said of the file when its content doesn't say it ("2020").
    """

    path: Path
    name: str
    sha256: str
    size: int
    url: str
    retrieved: datetime
    period: str = ""


class _TryAgainError(Exception):
    """A failure of the outside that another attempt may mend; `wait` is what the server asked."""

    def __init__(self, sentence: str, wait: float = 0.0) -> None:
        super().__init__(sentence)
        self.wait = wait


def retrieve(
    spec: str | Path,
    folder: Path,
    *,
    limits: Limits | None = None,
    progress: Progress | None = None,
    period: str = "",
) -> Retrieved:
    """The file behind a path or an http(s) address, downloads being written in `folder`.

    Raises `InputError` for a path that cannot be read, an empty or too large file, and
    `OutsideError` when the network or the server failed.
    """
    limits = limits or Limits()
    text = str(spec)
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]+)://", text)
    if scheme is None:
        return _local(Path(spec).expanduser(), limits, period)
    if scheme[1].lower() not in {"http", "https"}:
        raise InputError(
            _(
                "{url} : ce genre d'adresse n'est pas lu. Attendu : http://, https:// ou le chemin d'un fichier."
            ).format(url=text)
        )
    return _download(text, folder, limits, progress, period)


def _local(path: Path, limits: Limits, period: str) -> Retrieved:
    try:
        if path.is_dir():
            raise InputError(
                _("{path} est un dossier. Attendu : le chemin d'un fichier.").format(path=path)
            )
        size = path.stat().st_size
        if not path.is_file():
            raise InputError(
                _(
                    "{path} n'est pas un fichier ordinaire. Attendu : le chemin d'un fichier."
                ).format(path=path)
            )
        _bounded(size, path.name, limits)
        digest = hashlib.sha256()
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
    except FileNotFoundError as error:
        raise InputError(
            _(
                "{path} n'existe pas. Attendu : le chemin d'un fichier téléchargé, ou son adresse."
            ).format(path=path)
        ) from error
    except (OSError, ValueError) as error:
        raise InputError(
            _("{path} ne peut pas être lu ({problem}). Vérifiez le chemin et les droits.").format(
                path=str(path)[:200], problem=brief(getattr(error, "strerror", None) or error)
            )
        ) from error
    return Retrieved(path, path.name, digest.hexdigest(), size, "", datetime.now(UTC), period)


def _bounded(size: int, name: str, limits: Limits) -> None:
    if size == 0:
        raise InputError(
            _("{name} est vide (0 octet). Téléchargez de nouveau le fichier.").format(name=name)
        )
    if size > limits.size:
        raise _too_large(name, limits)


def _too_large(name: str, limits: Limits) -> InputError:
    return InputError(
        _(
            "{name} dépasse la taille admise ({limit} Mo). Vérifiez que c'est bien le fichier de cette source."
        ).format(
            name=name, limit=limits.size // (1024 * 1024) or f"{limits.size / 1024 / 1024:.3f}"
        )
    )


def _download(
    url: str, folder: Path, limits: Limits, progress: Progress | None, period: str
) -> Retrieved:
    try:
        parsed = httpx.URL(url)
        if not parsed.host:
            raise ValueError(_("aucun nom de serveur"))
    except (httpx.InvalidURL, ValueError) as error:
        raise InputError(
            _("{url} : l'adresse n'est pas valable ({problem}). Vérifiez-la.").format(
                url=url[:200], problem=brief(error)
            )
        ) from error
    name = PurePosixPath(unquote(parsed.path)).name.replace("\\", "_") or "fichier"
    target = folder / "retrieved.part"
    deadline = monotonic() + limits.total

    def wait(state: tenacity.RetryCallState) -> float:
        asked = state.outcome.exception() if state.outcome else None
        backoff = limits.pause * 2 ** (state.attempt_number - 1)
        return float(
            min(30.0, max(backoff, asked.wait if isinstance(asked, _TryAgainError) else 0.0))
        )

    attempts = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(_TryAgainError),
        stop=tenacity.stop_after_attempt(limits.attempts),
        wait=wait,
        reraise=True,
    )
    try:
        digest, size = attempts(_attempt, url, name, target, limits, deadline, progress)
    except _TryAgainError as error:
        raise OutsideError(
            _(
                "{url} : {problem} Essayé {attempts} fois. Rien n'a changé ; réessayez plus tard ou donnez un fichier déjà téléchargé."
            ).format(url=url, problem=error, attempts=limits.attempts)
        ) from error
    return Retrieved(target, name, digest, size, url, datetime.now(UTC), period)


def _attempt(
    url: str,
    name: str,
    target: Path,
    limits: Limits,
    deadline: float,
    progress: Progress | None,
) -> tuple[str, int]:
    """One attempt: the checksum and size of what was written in `target`."""
    timeout = httpx.Timeout(limits.read, connect=limits.connect)
    headers = {"User-Agent": "perron", "Accept-Encoding": "identity"}
    try:
        with (
            httpx.Client(
                timeout=timeout, headers=headers, follow_redirects=True, max_redirects=5
            ) as client,
            client.stream("GET", url) as answer,
        ):
            _accepted(answer, url)
            length = answer.headers.get("Content-Length", "")
            expected = int(length) if length.isascii() and length.isdigit() else None
            if expected is not None and expected > limits.size:
                raise _too_large(name, limits)
            digest, size = hashlib.sha256(), 0
            with target.open("wb") as out:
                for chunk in answer.iter_bytes():  # as they come: a drip must meet the deadline
                    size += len(chunk)
                    if size > limits.size:
                        raise _too_large(name, limits)
                    if monotonic() > deadline:
                        raise OutsideError(
                            _(
                                "{url} : le téléchargement n'est pas fini après {seconds:.0f} secondes. Rien n'a changé ; donnez un fichier déjà téléchargé."
                            ).format(url=url, seconds=limits.total)
                        )
                    digest.update(chunk)
                    out.write(chunk)
                    if progress:
                        progress(size, expected)
    except httpx.TimeoutException as error:
        raise _TryAgainError(_("le serveur ne répond pas dans le temps admis.")) from error
    except httpx.RemoteProtocolError as error:
        raise _TryAgainError(_("la réponse a été coupée avant la fin.")) from error
    except httpx.TransportError as error:
        raise _TryAgainError(
            _("la connexion a échoué ({problem}).").format(problem=brief(error))
        ) from error
    except (httpx.InvalidURL, httpx.TooManyRedirects, httpx.DecodingError, UnicodeError) as error:
        raise OutsideError(
            _("{url} : l'adresse ne peut pas être suivie ({problem}). Vérifiez-la.").format(
                url=url, problem=brief(error)
            )
        ) from error
    _bounded(size, name, limits)
    return digest.hexdigest(), size


def _accepted(answer: httpx.Response, url: str) -> None:
    """Refuse an answer that is not the file, saying whether another attempt can help."""
    if answer.status_code == 429 or answer.status_code >= 500:
        asked = answer.headers.get("Retry-After", "")
        raise _TryAgainError(
            _("le serveur répond {status}.").format(status=answer.status_code),
            float(asked) if asked.isascii() and asked.isdigit() else 0.0,
        )
    if answer.status_code != 200:
        raise OutsideError(
            _(
                "{url} : le serveur répond {status}. Le fichier a peut-être changé d'adresse : cherchez-le sur la page de la source et donnez la nouvelle adresse, ou le fichier."
            ).format(url=url, status=answer.status_code)
        )
    if url.lower().startswith("https:") and answer.url.scheme != "https":
        raise OutsideError(
            _(
                "{url} : le serveur renvoie vers une adresse non chiffrée ({found}). Donnez un fichier déjà téléchargé."
            ).format(url=url, found=answer.url)
        )
