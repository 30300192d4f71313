"""``python -m upswell`` is the command line."""

from upswell.cli import main

if __name__ == "__main__":
    main()
