"""The command, as `python -m rsip_sim` is, with a Ctrl-C the moment that it first needs a module.

python -m tests.fakes.stopped MODULE WORD …; MODULE may be "the end", when all has been said.
"""

import atexit
import os
import signal
import sys

from rsip_sim.__main__ import main


class CtrlC:
    """Looks for no module itself."""

    def __init__(self, module: str) -> None:
        self.module = module

    def find_spec(self, name: str, *_: object) -> None:
        if name == self.module:
            os.kill(os.getpid(), signal.SIGINT)


if __name__ == "__main__":
    moment = sys.argv.pop(1)
    atexit.register(CtrlC("the end").find_spec, moment)
    sys.meta_path.insert(0, CtrlC(moment))
    main()
