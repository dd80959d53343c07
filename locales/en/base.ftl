### Words of the base module: parties, users, teams.

base-party-assigned = Assigned to the new owner.
base-consent-stays = A recorded consent is neither removed nor changed. Add a new decision instead.
