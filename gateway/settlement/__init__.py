"""The settlement core: a claim, a plan and what was spent so far give a decision. Pure, batch first."""
