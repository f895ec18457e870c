"""How changes are drawn at random: the same ones at every run, and nothing kept of them."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings


def drawn(examples: int) -> settings:
    """Gives the settings of a test of so many examples, each of which may take its time."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
