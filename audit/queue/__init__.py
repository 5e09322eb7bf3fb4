"""Do this later: one function in front of the job engine; run rows with lease and sweeper."""
