"""`python -m ui` is the command `silang`."""

from ui.cli import main

raise SystemExit(main())
