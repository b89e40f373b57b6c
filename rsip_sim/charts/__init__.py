"""How a chart is drawn: one frame, one style, rows, fans and tiles."""
