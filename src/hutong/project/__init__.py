"""The composition root: settings, addresses, server, the `hutong` command. Nobody imports it."""
