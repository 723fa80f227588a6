"""The agency's own words: types, stages, purposes and criteria, changed by a form."""
