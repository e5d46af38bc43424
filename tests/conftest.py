"""Settings for every test."""

from hypothesis import settings

# The same examples in every run, and no time limit: a shared machine may be slow at any moment.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.load_profile("suite")
