"""The secret key: made at first start, readable by its owner only, never in a setting."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from perron.errors import InputError
from perron.translation import gettext as _

FILE = "secret-key"


def secret_key(home: Path) -> str:
    """The key of this installation, made on first use in `home` with mode 0600.

    Two processes that start together agree: the file is created exclusively, and the loser reads
    what the winner wrote.
    """
    path = home / FILE
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            made = home / f".{FILE}.{os.getpid()}.{secrets.token_hex(4)}"
            made.touch(mode=0o600)
            made.write_text(secrets.token_urlsafe(64), encoding="ascii")
            try:
                os.link(made, path)  # fails where the file exists: the first one wins
            except FileExistsError:
                pass
            finally:
                made.unlink()
        key = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise InputError(
            _(
                "PERRON_HOME : {path} ne peut être ni lu ni écrit ({problem}). Choisir un dossier où vous pouvez écrire."
            ).format(path=path, problem=error.strerror)
        ) from error
    if len(key) < 50:
        raise InputError(
            _(
                "La clé secrète {path} est trop courte ({found} caractères, 50 attendus). La supprimer : une autre sera faite, et chacun devra se reconnecter."
            ).format(path=path, found=len(key))
        )
    return key
