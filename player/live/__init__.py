"""Playing live content: the state folder shared with the agent, releases, urgent bulletins, withdrawals."""
