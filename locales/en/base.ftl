### Words of the base module: parties, users, teams.

base-party-assigned = Assigned to the new owner.
