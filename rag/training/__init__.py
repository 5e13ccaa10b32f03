"""Training of the adapters: needs nothing beyond the runtime's packages."""
