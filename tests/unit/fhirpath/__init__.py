"""FHIRPath: the table of cases, its agreement with other engines, and what callers rely on."""
