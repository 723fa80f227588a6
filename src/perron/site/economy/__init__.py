"""Field 1 as pages: sectors, links between them, drivers of change, options, comparison."""
