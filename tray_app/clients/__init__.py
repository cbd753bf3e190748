"""Setting up the clients: what a shell or Claude Code needs to find the endpoint."""
