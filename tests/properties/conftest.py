"""How many examples each property is tried with: 300, or 5000 with HYPOTHESIS_PROFILE=thorough."""

import os

from hypothesis import settings

settings.register_profile("usual", max_examples=300, deadline=None)
settings.register_profile("thorough", max_examples=5000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))
