"""How organisations stand to a facility: owner, manager, user, or bound by contract."""
