"""What an administrator has chosen on screen over the shipped settings: who, when and why."""
