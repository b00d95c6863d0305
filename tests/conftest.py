"""What holds for every test."""

from hypothesis import settings

# A slow moment of the machine is no failure: what has to be quick is measured by the benchmarks.
settings.register_profile("random", deadline=None)
# A change is judged by the same examples as the one before it; new ones are looked for on purpose.
settings.register_profile("the same each time", deadline=None, derandomize=True)
settings.load_profile("the same each time")
