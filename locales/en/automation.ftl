# Rules and approvals

notice-automation-told = { $words }
notice-automation-approve = An approval waits for your decision: { $title }
notice-automation-decided =
    { $state ->
        [approved] Approved: { $title }
        [rejected] Rejected: { $title }
       *[other] The record changed after approval was asked for; ask again: { $title }
    }
notice-automation-failed = The rule { $title } failed; its page says why
notice-automation-stopped = The rule { $title } was stopped; its page says why

automation-said-approved = Your approval is noted
automation-said-rejected = Your refusal is noted
automation-said-started = The rule has started

automation-demand = { $say }
automation-open-activity = Open the appointment
automation-plan-activity = Plan the appointment
automation-approval-needed = This needs approval: { $rule }.
automation-approval-waits = Approval was asked for ({ $rule }) and is not decided yet.
automation-approval-rejected = Approval was refused ({ $rule }). Change the record, then ask again.
automation-approval-outdated = The record has changed since it was approved ({ $rule }): ask again.
automation-ask = Ask for approval
automation-see-approval = See the approval
automation-approval-not-needed = This record needs no approval now.
automation-approval-asked = Approval was asked for already and waits for a decision.
automation-no-approver = There is nobody to ask. Name a team lead, or change the rule.
automation-decided-already = This was decided already.
automation-decided-by = { $who } was quicker: it is decided.
automation-not-now = The condition of this rule does not hold for the record now.
automation-loop = The rule started itself, directly or through another one, and was stopped before it went round for ever.
automation-limit = The rule has reached its limit for this hour and did nothing here.
automation-record-gone = The record is deleted, or the rule's owner may not see it.
automation-owner-gone = The rule's owner is no longer an active user. Give it another one.
automation-owner-himself = You own the rules you make; only an administrator makes them for others.
automation-owner-may-not = The rule's owner has no right to this step.
automation-unreadable = The rule's steps cannot be read: { $what }
automation-no-steps = Add at least one step.
automation-too-many-steps = There are more than { $max } steps. Divide the rule into two.
automation-too-deep = Branches lie more than { $max } levels within each other.
automation-no-action = Records of this kind have no action { $name }.
automation-before-approves = A rule before an action has one step: the approval.
automation-no-date = { $name } is no date field.
automation-bad-cron = Write five places: minute, hour, day, month, weekday, such as 30 8 * * 0.
automation-out-of-range = Write a number from { $least } to { $most }.
automation-becomes-lists = «Comes to meet» cannot ask about lists or teams. Use «when it changes» instead.
automation-demand-first = What must be done first stands outside branches, and not in a rule before an action.
automation-no-owner = Records of this kind have no owner.
automation-no-person = { $name } is no field of a user.
automation-no-role = There is no role { $name }.
automation-levels = Name at least one level of approval and at most { $max }.
automation-call-refused = The other system refused the call and answered { $status }.

# Pages
automation-said-asked = Approval is asked for
automation-said-on = The rule is in force now
automation-said-off = The rule is switched off
automation-and = and
automation-empty = empty
automation-rules = Rules
automation-rules-sub = What happens by itself, what comes first, and who must agree
automation-none = No rules yet
automation-none-text = Rules are made here or through the API.
automation-unfit = Does not fit the fields any more
automation-switch-on = Switch on
automation-switch-off = Switch off
automation-try = Try on past records
automation-try-sub = What the rule would have done with the latest records
automation-try-nothing = This is a trial: nothing was changed and nothing was sent.
automation-try-none = No records to try on
automation-would = Would run
automation-would-not = Would not
automation-to-rule = To the rule
automation-run-log = Run log: each step and why
automation-no-runs = Has not run yet.
automation-hidden-record = A record you may not see
automation-why-started = Why it started
automation-when-it-starts = Starts
automation-if = Only if
automation-yes = Yes
automation-no = No
automation-goes-on = goes on
automation-all = all of them
automation-any = whoever is first
automation-reminded = with a reminder
automation-until-activity = until the appointment the rule plans is done.
automation-unless = except if
automation-then-on = then it goes on anyway
automation-then-end = else it ends
automation-who-owner = The owner
automation-who-actor = Whoever started it
automation-who-manager = The owner's manager
automation-open-made = Open what was made
automation-was-so = it was so already
automation-demand-open = not done yet
automation-ask-about = Approval for
automation-ask-who = Who will be asked
automation-ask-note = Why do you ask?
automation-nobody = nobody
automation-inbox = My approvals
automation-waiting-me = Waiting for me
automation-nothing-waits = Nothing waits for you
automation-nothing-waits-text = What you are asked to approve appears here.
automation-standing-in = standing in for
automation-decide = Decide
automation-i-asked = I asked for
automation-asked-by = Asked by
automation-decided-for = decided by
automation-state-ready = On its way
automation-state-waiting = Waiting
automation-state-done = Done
automation-state-failed = Failed
automation-state-stopped = Stopped
automation-on-created = When a record is added: { $object }
automation-on-changed = When { $what } changes: { $object }
automation-on-changed-any = When anything changes: { $object }
automation-on-becomes = When a record comes to meet the condition: { $object }
automation-on-acted = After { $what }: { $object }
automation-on-before = Before { $what }: { $object }
automation-on-every = By the calendar ({ $what }), for each record: { $object }
automation-on-button = By the button { $what }: { $object }
automation-step-create = Create
automation-step-update = Write into the record
automation-step-activity = Plan an activity
automation-step-notify = Tell
automation-step-approval = Ask for approval
automation-step-demand = Demand first
automation-step-wait = Wait
automation-step-until = Wait until
automation-step-branch = Is it so that
automation-step-call = Tell another system
automation-step-act = Run an action
automation-did-create = Created a record
automation-did-update = Wrote into the record
automation-did-activity = Planned an activity
automation-did-notify = Sent a notice
automation-did-approval = Asked for approval
automation-did-decided = The approval was decided
automation-did-demand = A demand stands
automation-did-wait = Began to wait
automation-did-waiting = Waits for the condition
automation-did-waited = Waited
automation-did-until = Done waiting for the condition
automation-did-branch = Asked the condition
automation-did-call = Told the other system
automation-did-act = Ran an action
automation-did-failed = Failed
automation-did-stopped = Stopped
automation-did-would-wait = Would wait here
automation-did-would-call = Would tell the other system
automation-did-would-ask = Would ask for approval
automation-runs-week =
    { $n ->
        [0] no runs this week
        [one] one run this week
       *[other] { $n } runs this week
    }
automation-bad-runs =
    { $n ->
        [0] none failed
        [one] one failed
       *[other] { $n } failed
    }
automation-in-days =
    { $n ->
        [0] today
        [one] in one day
       *[other] in { $n } days
    }
automation-hours =
    { $n ->
        [0] no time
        [one] one hour
       *[other] { $n } hours
    }
automation-at-most =
    { $n ->
        [0] no time
        [one] one hour at most
       *[other] { $n } hours at most
    }
automation-told-n =
    { $n ->
        [0] nobody was told
        [one] one person told
       *[other] { $n } people told
    }
automation-on-due-before =
    { $n ->
        [0] On the day of { $field }
        [one] One day before { $field }
       *[other] { $n } days before { $field }
    }
automation-on-due-after =
    { $n ->
        [0] On the day of { $field }
        [one] One day after { $field }
       *[other] { $n } days after { $field }
    }
automation-version = version { $n }
automation-until-at = until { $at }
automation-keeps = { $field } stays as it is
automation-escalates = after { $n } hours also: { $who }
automation-try-held = The condition holds for { $n } of { $all }.

# Making rules
automation-said-kept = The rule is kept
automation-new = New rule
automation-edit = Edit the steps
automation-edit-about = Which records is the rule about?
automation-keep = Keep the rule
automation-name-ar = Name in Arabic
automation-name-en = Name in English
automation-note = Why there is this rule
automation-refresh = Refresh the form
automation-pick = When it starts
automation-pick-created = A record is added
automation-pick-changed = Fields change
automation-pick-becomes = A record comes to meet the condition
automation-pick-acted = After an action
automation-pick-before = Before an action (needs approval)
automation-pick-due = Before or after a date
automation-pick-every = By the calendar
automation-pick-button = By a button on the record
automation-pick-fields = Any of these (none: all)
automation-pick-date = The date
automation-pick-days = Days after it (negative: before)
automation-pick-cron = minute hour day month weekday
automation-pick-label = Words on the button
automation-in-ar = in Arabic
automation-in-en = in English
automation-add-step = Add a step
automation-add-level = Add a level
automation-up = Move up
automation-down = Move down
automation-and-person = And one person
automation-f-kind = Kind
automation-f-subject = Subject
automation-f-owner = For whom
automation-f-with = Together with
automation-f-days = In how many days
automation-f-remind = Minutes of reminder before
automation-f-to = Who is told
automation-f-text = Text
automation-f-object = Kind of record
automation-f-hours = Hours
automation-f-most-hours = Most hours to wait
automation-f-over = When the time is over
automation-f-keeps = Field that stays
automation-f-say = What is said to whoever tries
automation-f-until = Until this holds (empty: until the appointment is done)
automation-f-how = How it is decided
automation-f-escalate = Escalated after hours
automation-f-then = Escalated to
automation-f-value-help = Write the value as it reads, or = and an expression, such as = today() + days(7)
automation-level = Level { $n }
