"""The Cabinet pack: how a paper is set, as Word, HTML and workbook, and kept in a folder."""
