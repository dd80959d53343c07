### Words of the base module: parties, users, teams.

base-party-assigned = Assigned to the new owner.
base-consent-stays = A recorded consent is neither removed nor changed. Add a new decision instead.


## Contacts and relationships
base-ends-before = The end lies before the beginning. Correct one of them.
base-related-to-itself = Nobody is related to himself. Choose another party.
base-related-already = This is recorded from the other side already; once is enough.
base-related-loop = This closes a loop: the other party comes before this one in the same chain.

## Life cycle
base-stage-decided = The stage is decided, with its reason.
base-stage-released = The rule decides the stage again.
base-stage-until-past = That day is over. Choose today or a later one.
base-rule-saved = The rule is saved; stages are being worked out anew.
base-rule-about = The stage of each customer follows from his orders and your contacts with him, with every order and each night. What a colleague decides, with a reason, holds until its date.
base-rule-dormant = Days without an order until dormant
base-rule-lost = Days without an order until lost
base-rule-loyal = Orders that make a customer loyal
base-rule-hold = Days for which a decision by hand holds
base-rule-as-of = Silence is counted up to
base-rule-now = Today
base-rule-last-order = The company's last order (for an archive nobody adds to)
base-rule-days = Write a number of days between 1 and 3650.
base-rule-orders = Write a number between 1 and 1000.
base-rule-lost-first = The days until lost must be more than those until dormant.

## Relationships at a glance
base-network-of = Relationships of { $name }
base-primary-contact = Primary contact
base-tree-own = Its own sales
base-tree-all = Its sales with all that belongs to it
base-took-part = Took part:
base-next-step = Next step:
