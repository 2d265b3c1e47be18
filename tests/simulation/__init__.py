"""Simulations: generated days on real gateways, with an auditor that counts again."""
