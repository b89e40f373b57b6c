"""What is known: the parameter register, school rosters and national series."""
