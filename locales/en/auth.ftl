### Words of sign-in, accounts and permissions.
