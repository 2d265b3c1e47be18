"""Specifications of the gateway: unit, properties, golden files, simulation, benchmark and the rules of the house."""
