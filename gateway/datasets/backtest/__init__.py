"""Back-test: what stored claims would have come to under a draft of the policy.

One record a claim goes from the store to a runner; every runner folds the claims of a person in the order in which they
were settled and adds up the same sums, so all of them give the same report.
"""
