"""The command line as `python -m skyforge.cli`."""

from skyforge.cli import main

main()
