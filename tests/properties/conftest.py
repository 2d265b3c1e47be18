"""How many examples each property is tried with: the same 300 every time;
HYPOTHESIS_PROFILE=thorough tries 5000 new ones.
"""

import os

from hypothesis import settings

settings.register_profile("usual", max_examples=300, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=5000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))
