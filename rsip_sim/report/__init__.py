"""How a finding is said: blocks, sentences that know their sources, one renderer a medium."""
