"""The model a second time, slow and obvious: one replication, scalars, one process per school.

It shares with `rsip_sim.model` the scenario object, the register's values, the table of keyed
draws and the derived constants of the membership choice; every rule is written here again from
the words of the model description.
"""
