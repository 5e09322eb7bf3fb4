"""A supervisor's visit: answers, verdicts, photos; what fails becomes a finding."""
