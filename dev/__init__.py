"""What `make run` and `make test` need on one machine; nothing here is ever on a server or imported by groupsite."""
