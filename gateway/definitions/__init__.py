"""FHIR packages as compact tables: types, profiles, value sets, code systems, search parameters; without prose."""
