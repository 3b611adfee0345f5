"""The proof that nothing is lost and nothing counts twice: real processes, real sockets, and SIGKILL."""
