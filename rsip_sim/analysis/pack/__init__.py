"""What a Cabinet paper says: its parts, built from a stored comparison, and the ledger of figures.

How it is set, in Word, HTML or a workbook, is no concern of this room.
"""
