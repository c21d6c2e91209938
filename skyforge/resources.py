"""Where the data that ships with skyforge lies on this machine."""

from __future__ import annotations

from pathlib import Path

from skyforge.errors import SkyforgeError


def catalogs_directory() -> Path:
    """Return the folder that holds the shipped catalogues.

    An installed wheel carries them inside the package, a source checkout beside it.

    Raises
    ------
    SkyforgeError
        If neither place has them: the installation is broken.
    """
    package = Path(__file__).parent
    for candidate in (package.parent / "catalogs", package / "catalogs"):
        if candidate.is_dir() and (candidate / "README.md").is_file():
            return candidate
    raise SkyforgeError(f"the shipped catalogues are missing beside {package}; install skyforge-sim again")
