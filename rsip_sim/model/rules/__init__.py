"""Every policy rule as a pure function of arrays, one concept a file, its source beside it."""
