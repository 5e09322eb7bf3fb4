"""整改通知: several findings sent to one organisation, which answers by a personal link."""
