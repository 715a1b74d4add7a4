"""Settings: one frozen object, read once from the environment (``HANDBOOK_…``)."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_SHORTEST_KEY = 32
_EXAMPLE_KEYS = ("change", "example", "secret", "dev", "test", "password", "0000", "1234", "xxxx")

Days = Annotated[int, Field(ge=1, le=3650)]


class SettingsError(Exception):
    """The environment cannot be used; the text says which setting and why, in one line each."""


class Settings(BaseSettings):
    """Everything an operator may choose. Field names are the variables' names without ``HANDBOOK_``."""

    model_config = SettingsConfigDict(env_prefix="HANDBOOK_", frozen=True, extra="ignore")

    secret_key: SecretStr = Field(description="Signs short-lived tokens. At least 32 characters, random.")
    audit_key: SecretStr = Field(
        description="Keys the audit trail's hash chain. Keep it outside the database's backups."
    )
    field_key: SecretStr = Field(
        description="Encrypts card numbers and copies of unsent work at rest, and opens what phones send while they are "
        "locked. Losing it loses the card numbers and the copies."
    )
    receipt_key: SecretStr = Field(
        description="Signs the receipts of what phones have sent. Changing it makes earlier ones unprovable."
    )
    database_url: str = Field(
        "sqlite:///var/handbook.db", description="SQLite file or PostgreSQL 15+ (postgresql://…)."
    )
    data_dir: Path = Field(Path("var"), description="Folder for the database file, demo keys and anchors.")
    origin: str = Field(
        "http://localhost:8000", description="Public address, scheme and host; https outside localhost."
    )
    rp_id_override: str = Field(
        "",
        description="Passkey site name when it is a parent domain of the origin. Can never change once passkeys exist.",
    )
    demo: bool = Field(
        False, description="Invented people and documents, /design, relaxed tickets. Never with real data."
    )
    sqlite_synchronous: Literal["FULL", "NORMAL"] = Field(
        "FULL",
        description="FULL keeps every acknowledged change through a power cut; NORMAL may lose the last ones.",
    )
    ticket_minutes: Annotated[int, Field(ge=1, le=60)] = Field(
        15, description="Life of an enrolment ticket shown by staff."
    )
    printed_ticket_hours: Annotated[int, Field(ge=1, le=720)] = Field(
        72, description="Life of a printed enrolment ticket."
    )
    member_idle_days: Days = Field(30, description="A member's session ends after so many days without use.")
    member_absolute_days: Days = Field(180, description="A member's session ends after so many days in any case.")
    staff_idle_minutes: Annotated[int, Field(ge=5, le=1440)] = Field(30, description="The same for staff, in minutes.")
    staff_absolute_hours: Annotated[int, Field(ge=1, le=168)] = Field(12, description="The same for staff, in hours.")
    step_up_minutes: Annotated[int, Field(ge=1, le=60)] = Field(
        5, description="How long a passkey check covers sensitive acts."
    )
    sign_ins_a_minute: Annotated[int, Field(ge=10, le=100_000)] = Field(
        300,
        description="Sign-ins let through in a minute, of all members together. 300 suits a commune; a city whose "
        "members come on one evening sets 3000, with processor cores for it: each takes about 0.04 s of one.",
    )
    pack_requests_a_second: Annotated[float, Field(ge=0, le=100_000)] = Field(
        0,
        description="Requests with which phones may fetch their copies in a second, of all members together; who comes "
        "when they are used up is told when to come again. 0 sets no limit and suits up to some hundred phones.",
    )
    outbox_requests_a_second: Annotated[float, Field(ge=0, le=100_000)] = Field(
        0, description="The same for what members have written and their phones send. 0 sets no limit."
    )
    sync_share: Annotated[int, Field(ge=10, le=100)] = Field(
        75,
        description="Percent of a process's threads that phones may occupy with copies and outboxes. The rest is for "
        "pages and sign-in: at 100 nothing is.",
    )
    offline_days: Days = Field(30, description="A phone's copy is shown for so many days after its last contact.")
    receipt_days: Annotated[int, Field(ge=180, le=3650)] = Field(
        365, description="Receipts are kept for at least so many days: so long may a phone send an act again."
    )
    rescue_days: Days = Field(
        60, description="Copies of unsent work are kept for so many days; fewer than HANDBOOK_RECEIPT_DAYS."
    )
    pack_budget_mb: Annotated[int, Field(ge=1, le=500)] = Field(
        50, description="Largest download to a member's phone, in MB."
    )
    import_max_mb: Annotated[int, Field(ge=1, le=100)] = Field(
        20, description="Largest document file that staff may import."
    )
    attachment_max_mb: Annotated[int, Field(ge=1, le=100)] = Field(
        10, description="Largest file that a member may attach, in MB; photos are shrunk on the phone first."
    )
    attachments_max_mb: Annotated[int, Field(ge=1, le=500)] = Field(
        20, description="Largest sum of the files attached to one text, in MB."
    )
    proxies: Annotated[int, Field(ge=0, le=5)] = Field(
        0, description="Number of reverse proxies whose X-Forwarded headers count."
    )
    workers: Annotated[int, Field(ge=1, le=64)] = Field(2, description="Server processes of `handbook serve`.")
    threads: Annotated[int, Field(ge=1, le=64)] = Field(8, description="Threads in each server process.")
    worker_kill: bool = Field(False, description="Serve the worker that removes itself and all offline copies.")

    @field_validator("secret_key", "audit_key", "field_key", "receipt_key")
    @classmethod
    def _long_and_own(cls, key: SecretStr) -> SecretStr:
        text = key.get_secret_value()
        if len(text) < _SHORTEST_KEY:
            raise ValueError(f"shorter than {_SHORTEST_KEY} characters")
        if len(set(text)) < 10 or any(text.lower().startswith(example) for example in _EXAMPLE_KEYS):
            raise ValueError("looks like an example: make one with `openssl rand -base64 48`")
        return key

    @model_validator(mode="after")
    def _safe_origin(self) -> "Settings":
        parts = urlsplit(self.origin)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
            raise ValueError("origin must be scheme://host[:port] and nothing more")
        if parts.scheme == "http" and parts.hostname != "localhost":
            raise ValueError("origin must be https except on localhost: passkeys and the offline copy need it")
        if self.rp_id_override and not f".{parts.hostname}".endswith(f".{self.rp_id_override}"):
            raise ValueError("rp_id_override must be the origin's host or a parent of it")
        return self

    @model_validator(mode="after")
    def _receipts_outlive_copies(self) -> "Settings":
        if self.rescue_days >= self.receipt_days:
            raise ValueError(
                "rescue_days must be fewer than receipt_days: a receipt keeps what was sent from coming back"
            )
        return self

    @property
    def rp_id(self) -> str:
        """The one relying-party id of all passkeys (WebAuthn §5.1.3)."""
        return self.rp_id_override or urlsplit(self.origin).hostname or ""

    @property
    def attachments(self) -> Path:
        """Where files lie that members have attached."""
        return self.data_dir / "attachments"

    @property
    def sync_threads(self) -> int:
        """``sync_share`` in threads: one at least, and below 100 percent not all, where there is more than one."""
        most = self.threads if self.sync_share == 100 else self.threads - 1
        return max(1, min(most, self.threads * self.sync_share // 100))

    @property
    def origin_exact(self) -> str:
        """The origin as browsers send it: no closing slash."""
        return self.origin.rstrip("/")


def load(**values: object) -> Settings:
    """The settings from the environment, ``values`` first. Raises SettingsError with a line for each fault."""
    try:
        return Settings(**values)  # type: ignore[arg-type]  # pydantic judges what each field is given
    except ValidationError as error:
        lines = []
        for fault in error.errors():
            name = "_".join(str(part) for part in fault["loc"]).upper()
            reason = "is not set" if fault["type"] == "missing" else fault["msg"].removeprefix("Value error, ")
            lines.append(f"HANDBOOK_{name}: {reason}" if name else reason)
        raise SettingsError("\n".join(lines)) from None
