### Calling other servers.

outside-bad-url = Enter an address that begins with https:// or http://, without a user name.
outside-inside = The address lies inside the network and may not be called. The operator can allow it in the configuration.
