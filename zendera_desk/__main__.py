"""`python -m zendera_desk`: the same as the command `zendera-desk`."""

import sys

from zendera_desk.cli import main

if __name__ == "__main__":
    sys.exit(main())
