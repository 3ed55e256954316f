"""Reading and writing Iceberg's files where the home is now.

Iceberg keeps absolute paths. A home that was restored elsewhere, or moved, still names the folder it was written in;
what lies under ``lake/tables`` is found under the present one. Paths that are already right are left as they are.
"""

from pyiceberg.io import InputFile, OutputFile
from pyiceberg.io.pyarrow import PyArrowFile, PyArrowFileIO

from hutong.lake.store import places

IMPLEMENTATION = f"{__name__}.HomeFileIO"
_MARK = "/lake/tables/"


def here(location: str) -> str:
    """Where ``location`` is in the present home."""
    before, found, rest = location.rpartition(_MARK)
    present = str(places.lake() / "tables")
    if not found or location.removeprefix("file://").startswith(f"{present}/"):
        return location
    scheme = "file://" if before.startswith("file://") else ""
    return f"{scheme}{present}/{rest}"


class HomeFileIO(PyArrowFileIO):
    """PyIceberg's own file access, with paths led to the present home."""

    def new_input(self, location: str) -> PyArrowFile:
        return super().new_input(here(location))

    def new_output(self, location: str) -> PyArrowFile:
        return super().new_output(here(location))

    def delete(self, location: str | InputFile | OutputFile) -> None:
        super().delete(here(location) if isinstance(location, str) else location)
