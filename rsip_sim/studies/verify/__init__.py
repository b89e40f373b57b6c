"""Is a folder as it was, and does the model still give the same numbers?"""
