"""The `rsip` command, also as `python -m rsip_sim`.

Nothing is imported here, because every process that simulates imports this module again.
"""

import signal
import sys

STOPPED = 130


def main() -> None:
    """Run the command line; Ctrl-C is told in a word, in its imports and at its end too."""
    try:
        from rsip_sim.cli.app import main as command_line

        command_line()
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        sys.exit(STOPPED)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # nothing is left to be stopped


if __name__ == "__main__":
    main()
