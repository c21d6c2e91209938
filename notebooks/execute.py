"""Execute every notebook in this folder from top to bottom; the first error ends with its traceback and status 1."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

HERE = Path(__file__).parent


def main() -> int:
    """Execute each notebook in its own kernel, leaving the files as they are."""
    for path in sorted(HERE.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        client = NotebookClient(
            notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": HERE}}
        )
        try:
            client.execute()
        except CellExecutionError as error:
            sys.stderr.write(f"{path.name}: {error}\n")
            return 1
        sys.stdout.write(
            f"{path.name}: {sum(cell.cell_type == 'code' for cell in notebook.cells)} cells executed\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
