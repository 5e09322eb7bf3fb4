"""Acts on a place of the register, whole: its findings, visits and measures go along."""
