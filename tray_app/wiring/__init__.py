"""The one place where views meet the controller: what is asked for goes one way, the state the other. It decides nothing."""
