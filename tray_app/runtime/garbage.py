"""How often Python looks for cycles of garbage: less often, and never again among what the start left behind.

The defaults suit scripts. A proxy makes some hundred containers per request, nearly all freed by their counts alone, and
has a few hundred thousand that live as long as the process: an eighth of the time of a small request went into looking at
them. Counterparts: the two roots, which call `settle` once everything is built.
"""

from __future__ import annotations

import gc
from typing import Final

# New containers between two looks at the newest: a look costs about a millisecond then, too short to be seen.
NEW_CONTAINERS: Final = 10_000


def settle() -> None:
    """Take everything that exists out of the search, and search less often from now on."""
    gc.freeze()
    _, *older = gc.get_threshold()
    gc.set_threshold(NEW_CONTAINERS, *older)
