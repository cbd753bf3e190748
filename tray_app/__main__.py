"""`python -m tray_app`: the same program as the `dragoman` command."""

import sys

from tray_app.cli import main

if __name__ == "__main__":
    sys.exit(main())
