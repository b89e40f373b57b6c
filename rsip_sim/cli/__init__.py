"""The `rsip` command: each command fills a question and prints what comes back."""
