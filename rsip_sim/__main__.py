"""The `rsip` command, also as `python -m rsip_sim`.

Nothing is imported here, because every process that simulates imports this module again.
"""


def main() -> None:
    """Run the command line."""
    from rsip_sim.cli.app import main as command_line

    command_line()


if __name__ == "__main__":
    main()
