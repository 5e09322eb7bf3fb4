"""What is to be done at a facility: the conversion plan and the upkeep that the law asks for."""
