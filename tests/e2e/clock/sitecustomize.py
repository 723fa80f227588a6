"""The clock of a test, for every process it starts: PERRON_TEST_CLOCK says what time it is.

Python reads this module at its start when this folder is on PYTHONPATH. Perron itself has no such
setting: its clock is the machine's.
"""

import os

if moment := os.environ.get("PERRON_TEST_CLOCK"):
    from datetime import datetime

    import time_machine

    time_machine.travel(datetime.fromisoformat(moment), tick=True).start()
