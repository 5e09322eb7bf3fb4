"""How many findings, how many of them in time: by whom, where and when."""
