"""What a run took, and which packages it ran with."""

import os
import platform
import sys
import time
from collections.abc import Callable, Iterable
from importlib import metadata
from typing import TypeVar

from variorum.leaderboard import Measured, Package

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

T = TypeVar("T")
KIB = 1 if sys.platform != "darwin" else 1 / 1024  # the unit in which the system tells memory, in KiB
LICENCE, LONGEST = "License :: ", 80  # of a classifier; characters, some packages have the whole licence there


def measured(run: Callable[[], T]) -> tuple[T, Measured]:
    """What a function returns, and what it took."""
    wall, cpu = time.perf_counter(), _cpu_seconds()
    made = run()
    took = time.perf_counter() - wall, _cpu_seconds() - cpu
    return made, Measured(
        wall_seconds=round(took[0], 2),
        cpu_seconds=round(took[1], 2),
        peak_mib=_peak_mib(),
        python=platform.python_version(),
        platform=f"{platform.system()} {platform.machine()}",
        cpus=os.cpu_count() or 1,
    )


def _cpu_seconds() -> float:
    """Of this process and of the children that it has waited for."""
    return sum(os.times()[:4])


def _peak_mib() -> float | None:
    if resource is None:
        return None
    peaks = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round(sum(peaks) * KIB / 1024, 1)


def loaded() -> set[str]:
    """The packages whose modules are loaded, by the names that they are installed by; the standard library is none."""
    known = metadata.packages_distributions()
    modules = {name.partition(".")[0] for name in list(sys.modules)}
    return {name for module in modules for name in known.get(module, ())} - {"variorum"}


def packages(names: Iterable[str]) -> tuple[Package, ...]:
    """Version and licence of installed packages, by name; a package that is not installed is left out."""
    return tuple(each for name in sorted(names, key=str.casefold) if (each := _package(name)))


def _package(name: str) -> Package | None:
    try:
        return Package(name=name, version=metadata.version(name), licence=_licence(metadata.metadata(name)))
    except metadata.PackageNotFoundError:
        return None


def _licence(about: metadata.PackageMetadata) -> str | None:
    """What the package declares: an SPDX expression, else its classifier, else its own short words."""
    for said in about.get_all("License-Expression") or ():
        return str(said)
    declared = [str(c).rpartition(" :: ")[2] for c in about.get_all("Classifier") or () if c.startswith(LICENCE)]
    words = [" ".join(str(said).split()) for said in about.get_all("License") or ()]
    usable = [each for each in (", ".join(declared), *words) if 0 < len(each) <= LONGEST and each != "OSI Approved"]
    return usable[0] if usable else None
