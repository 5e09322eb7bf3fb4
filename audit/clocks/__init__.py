"""How long each stage of a finding may take, counted on the working days of this country."""
