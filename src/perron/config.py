"""One typed settings object: the environment (PERRON_…) over `perron.toml` in PERRON_HOME.

Everything Perron keeps lives under `home`: settings, secret key, database, lake, media. The Django
settings module is derived from this object; nothing else reads the environment.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from platformdirs import user_data_path
from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from perron.errors import InputError
from perron.mail import MailServer, mail_server
from perron.translation import gettext as _

FILE = "perron.toml"
#: Present in a home that `perron demo` made: its accounts are public, so it stays on loopback.
DEMONSTRATION = "demonstration"


def home() -> Path:
    """The folder in which Perron keeps its state: PERRON_HOME, or the user's data folder."""
    return Path(os.environ.get("PERRON_HOME") or user_data_path("perron")).expanduser().absolute()


class Config(BaseSettings):
    """Settings of one installation. Each field can be set as PERRON_<NAME> or in `perron.toml`."""

    model_config = SettingsConfigDict(env_prefix="PERRON_", extra="forbid", frozen=True)

    home: Path = Field(default_factory=home)
    #: The territory: "liege" is shipped, anything else is the path of a territory file.
    territory: str = "liege"
    #: sqlite:///absolute/path or postgresql://user@host/name; the default lies in `home`.
    database: str = ""
    #: The engine that reads the lake: "duckdb", or a Spark address beyond one machine.
    engine: str = "duckdb"
    #: Where results computed from the lake are kept, if not beside it: homes with the same data share them.
    derived: Path | None = None
    #: The address people use, such as https://perron.example.org: needed outside loopback.
    public_url: str = ""
    #: Host names answered beside that of `public_url` and loopback.
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    #: Whether a proxy in front says the scheme in X-Forwarded-Proto.
    behind_proxy: bool = False
    #: The mail server, such as smtp+starttls://user:password@host:587?from=perron@example.org.
    #: Empty: no e-mail leaves, and the pages and `perron check` say so.
    email: str = ""
    #: An OpenID Connect provider that signs people in beside their password; all three or none.
    oidc_issuer: str = ""
    oidc_client_id: str = Field(default="", validate_default=True)
    oidc_client_secret: str = Field(default="", repr=False, validate_default=True)
    #: What its button says.
    oidc_name: str = "OpenID Connect"
    #: Where pg_dump, pg_restore and psql are, when they are not on the path.
    pg_bin: Path | None = None
    #: Free megabytes under which `perron check` and the operations page warn.
    disk_free_mb: int = 500
    log_level: str = "INFO"
    debug: bool = False

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return (
            tuple(h.strip() for h in value.split(",") if h.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("email")
    @classmethod
    def _names_a_server(cls, value: str) -> str:
        if value:
            mail_server(value)
        return value

    @field_validator("oidc_client_id", "oidc_client_secret")
    @classmethod
    def _goes_with_the_issuer(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("oidc_issuer") and not value:
            raise ValueError("oidc_issuer needs oidc_client_id and oidc_client_secret")
        return value

    @property
    def mail(self) -> MailServer | None:
        """The mail server; None where no e-mail is to be sent."""
        return mail_server(self.email) if self.email else None

    @property
    def lake(self) -> Path:
        return self.home / "lake"

    @property
    def media(self) -> Path:
        return self.home / "media"

    @property
    def demonstration(self) -> bool:
        """Whether the accounts of the demonstration exist here: its home, and nobody else reaches it."""
        return not self.public_url and (self.home / DEMONSTRATION).exists()

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.home / 'perron.sqlite3'}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (
            init_settings,
            env_settings,
            TomlConfigSettingsSource(settings_cls, home() / FILE),
        )


@lru_cache(maxsize=1)
def config() -> Config:
    """The settings of this process, read once. A wrong setting is named with its place."""
    try:
        return Config()
    except ValidationError as error:
        first = error.errors()[0]
        # The address of a mail server holds its password.
        secret = first["loc"] in (("email",), ("oidc_client_secret",))
        found = "…" if secret else first.get("input")
        raise InputError(
            _("Réglage {name} : {problem} (lu {found!r}, dans l'environnement ou {file}).").format(
                name="PERRON_" + "_".join(str(p) for p in first["loc"]).upper(),
                problem=first["msg"],
                found=found,
                file=home() / FILE,
            )
        ) from error
