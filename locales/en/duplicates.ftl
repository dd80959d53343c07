### Duplicates: being warned of them, looking at them, merging and separating.

## Evidence
duplicates-why = Why they look the same
duplicates-score = { $n } of 100
duplicates-same = most likely the same
duplicates-maybe = maybe the same
duplicates-clue-full-name = Same full name
duplicates-clue-first-and-last = Same first and last name
duplicates-clue-name-partly = Part of the name agrees
duplicates-clue-name-single = Same name
duplicates-clue-phone = Same phone
duplicates-clue-email = Same e-mail
duplicates-clue-code = Same official number
duplicates-clue-birthday = Same birthday
duplicates-clue-street = Same address
duplicates-clue-city = Same city
duplicates-clue-other-name = Different name
duplicates-clue-other-father = Different father’s name
duplicates-clue-other-birthday = Different birthday
duplicates-clue-other-code = Different official number
duplicates-clue-other-phone = Different phone
duplicates-clue-other-email = Different e-mail
duplicates-clue-other-city = Different city

## While typing
duplicates-warning = This record seems to exist already
duplicates-warning-text = Open the existing record and make sure before you save. What you typed here stays.
duplicates-elsewhere = A colleague already has a record of this customer
duplicates-elsewhere-too = A colleague has another record that you do not see.

## The queue
duplicates-menu = Duplicates
duplicates-title = Duplicates: { $objects }
duplicates-count =
    { $n ->
        [0] Nothing to review
        [one] One pair to review
       *[other] { $n } pairs to review
    }
duplicates-sweep = Look for duplicates now
duplicates-state-open = To review
duplicates-state-later = Later
duplicates-state-distinct = Not the same
duplicates-none = No duplicates here
duplicates-none-text = Records are compared every night; you can start it now.
duplicates-none-here = We know no record like this one
duplicates-none-here-text = If you know the other record, choose it below.
duplicates-more = More
duplicates-keys = Keyboard: J and K move, M merges, N is not the same, L later
duplicates-review-merge = Review and merge
duplicates-distinct = Not the same
duplicates-later = Later
duplicates-reopen = Back to the queue
duplicates-bulk = Merge many at once
duplicates-bulk-score = Score at least
duplicates-bulk-preview = Show how many
duplicates-bulk-count =
    { $n ->
        [0] No pair fits this rule.
        [one] One pair fits this rule; it is shown below.
       *[other] { $n } pairs fit this rule; the first are shown below.
    }
duplicates-bulk-merge =
    { $n ->
        [one] Merge one pair
       *[other] Merge { $n } pairs
    }
duplicates-bulk-ask =
    { $n ->
        [one] One pair will be merged; it can be separated again from the record’s history. Go on?
       *[other] { $n } pairs will be merged; each can be separated again from the record’s history. Go on?
    }
duplicates-bulk-over =
    { $n ->
        [0] Merging is done; nothing was merged.
        [one] Merging is done: one pair was merged.
       *[other] Merging is done: { $n } pairs were merged.
    }
duplicates-bulk-stopped =
    { $n ->
        [0] Merging was stopped before anything was merged.
        [one] Merging was stopped after one pair. The others are still in the queue.
       *[other] Merging was stopped after { $n } pairs. The others are still in the queue.
    }
duplicates-bulk-broken =
    { $n ->
        [0] Merging broke off before anything was merged. Start it again.
        [one] Merging broke off after one pair. Start it again for the others.
       *[other] Merging broke off after { $n } pairs. Start it again for the others.
    }
duplicates-bulk-left =
    { $n ->
        [one] One pair was left as it is: a record changed meanwhile, or the two do not fit together. Look at it yourself.
       *[other] { $n } pairs were left as they are: a record changed meanwhile, or the two do not fit together. Look at them yourself.
    }
duplicates-bulk-running = Merging
duplicates-bulk-done = { $done } of { $n }
duplicates-bulk-stop = Stop merging
duplicates-said-stop = Merging stops after the pair it is at
duplicates-said-decided = Your decision is kept
duplicates-said-sweep = Looking for duplicates
duplicates-not-here = No duplicates are looked for among these records.
duplicates-score-too-low = Choose a score of at least { $least }: below it a person should look.
duplicates-no-such-clue = There is no evidence of that name; the guide lists them.
duplicates-no-such-decision = A decision is distinct, later or open.

## Merging
merge-entry = Duplicates and merging
merge-title = Merge two records
merge-pick-title = Is there another record of { $name }?
merge-pick-text = These records look like it. Choose one to compare the two field by field.
merge-compare = Compare
merge-stays = Stays
merge-goes = Goes into it
merge-both = Both together
merge-equal =
    { $n ->
        [one] One field agrees
       *[other] { $n } fields agree
    }
merge-nothing-to-choose = They agree in everything that both have. What stays:
merge-alone =
    { $n ->
        [one] One field that only one of them has
       *[other] { $n } fields that only one of them has
    }
merge-derived =
    { $n ->
        [one] One field that follows from the rest
       *[other] { $n } fields that follow from the rest
    }
merge-text = Everything that belongs to the second record, orders, calls, files and comments, moves to the first, and its old links keep working. The two can be separated again from the history.
merge-do = Merge
merge-swap = Keep the other one
merge-past = Another record was merged into this one
merge-undo = Separate them
merge-undo-ask = Both records become what they were; what was added since the merge stays with this one. Go on?
merge-did = merged another record into this one
merge-did-away = merged this record into another one
merge-did-undo = separated a record that had been merged
merge-said-merged = The two records are one
merge-said-undone = The record is back as it was
merge-said-moved = That record was merged into the one you see now
merge-said-two = Tick exactly two records to merge
merge-itself = A record cannot be merged into itself. Choose another one.
merge-other-sort = The two records are of different kinds and cannot be merged. If one of the kinds is wrong, correct it first.
merge-would-loop = With this choice the record would stand above itself in “{ $field }”. Choose the other value.
merge-later-first = A later merge stands on this one. Separate the later one first.
merge-delete-old = This record was merged into another one ({ $id }). Delete that one, or separate the two first.
merge-no-such-side = A value is survivor, loser or both.

## IDs in other systems
external-title = IDs in other systems
external-system = System, such as erp
external-key = Its ID there
external-add = Add
external-remove = Remove the ID { $key }
external-remove-ask = The record will no longer be found by { $key }. Go on?
external-said-added = The ID is added
external-said-removed = The ID is removed
external-bad-system = Write the system as small Latin letters and digits, such as erp or shop_2.
external-taken = { $key } in { $system } belongs to another record. Check the ID, or merge the two if they are one.

## Import
web-import-alike = A line that looks like an existing record
web-import-alike-review = Add it and put it up for review
web-import-alike-skip = Leave it out
web-import-alike-update = Update the existing record
web-import-alike-create = Add it, compare nothing
web-import-alike-n =
    { $n ->
        [one] One line looks like an existing record or an earlier line
       *[other] { $n } lines look like existing records or earlier lines
    }
import-looks-like-record = This record seems to exist already; the line was left out.
import-looks-like-line = This line looks like line { $n } of the file; it was left out.
