"""What Cabinet reads: the case, its ledger, and the files of the paper."""
