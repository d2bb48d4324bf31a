"""Pages and addresses that the program serves itself."""
