"""A serving gateway is killed at random while retrying clients settle claims: nothing is lost or done twice."""
