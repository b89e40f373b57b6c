"""Does each line of a scenario change what it should, and when?"""
