"""The process that draws: reads a specification a line from its input, writes a drawing a line.

It is a process of its own because the library holds 100 MB and a JavaScript engine; it ends when
its input does. `python -m hakusho.server.charts.drawer` is what `drawing` starts.
"""

from __future__ import annotations

import json
import os
import sys

VEGA_LITE = "5.21"
NICE = 10
"""By how much pages go before drawings, which come after them anyway."""


def main() -> None:
    """Draws until there is nothing more to draw."""
    os.nice(NICE)
    # Only this process pays for the library.
    import vl_convert

    sys.stdout.write(json.dumps({"ready": True}) + "\n")
    sys.stdout.flush()
    for line in sys.stdin:
        try:
            # No address may be fetched: all data is in the specification.
            drawn = vl_convert.vegalite_to_svg(
                json.loads(line), vl_version=VEGA_LITE, allowed_base_urls=[]
            )
            answer = {"svg": drawn}
        except ValueError as error:
            answer = {"error": str(error)[:500]}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
