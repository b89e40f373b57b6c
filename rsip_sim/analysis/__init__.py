"""What it means: metrics, paired comparisons, findings in words and text tables."""
