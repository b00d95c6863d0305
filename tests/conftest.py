"""What holds for every test."""

from hypothesis import settings

# A slow moment of the machine is no failure: what has to be quick is measured by the benchmarks.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
