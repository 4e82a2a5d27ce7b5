"""What made a prediction of the leaderboard, and what it took (schema/system.schema.json)."""

import msgspec

from variorum.records import Record

Setting = str | int | float | bool | None


class Package(Record, frozen=True, kw_only=True):
    """A package or model that a system ran with; `licence` is what it declares."""

    name: str
    version: str
    licence: str | None = None


class Measured(Record, frozen=True, kw_only=True):
    """What one run over all articles took. `cpu_seconds` and `peak_mib` have child processes in them."""

    wall_seconds: float
    cpu_seconds: float
    peak_mib: float | None = None
    python: str
    platform: str
    cpus: int


class System(Record, frozen=True, kw_only=True):
    """A system: its name in the table, what it does, its licence, where thresholds were fixed, the day of the run.

    `control`: it is no attempt but a yardstick, such as chance; what it finds is luck.
    """

    title: str
    description: str
    licence: str
    thresholds: str
    date: str
    control: bool = False
    url: str | None = None
    settings: dict[str, Setting] = msgspec.field(default_factory=dict)
    packages: tuple[Package, ...] = ()
    measured: Measured | None = None
