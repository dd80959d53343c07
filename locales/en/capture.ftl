### Words of capturing and routing leads: forms, territories, rules.

## Forms
sales-form-gone = This form is no longer here
sales-form-gone-text = It may have been closed or moved. Please reach us another way.
sales-form-thanks = We have your message
sales-form-thanks-text = Thank you. We will be in touch soon.
sales-form-go-on = Continue
sales-form-send = Send
sales-form-consents = Consents
sales-form-privacy = How we protect your data
sales-form-stale = This page was open for a long time. Look over what you wrote and send it again.
sales-form-used = This page was sent before. If it says something new now, send it again.
sales-form-too-many = Many messages came from your device. Wait an hour and send again; what you wrote stays here.
sales-form-too-long = Shorten the text to { $most } characters at most.
sales-form-no-way = Leave your e-mail address or telephone number so that we can reach you.
sales-form-consent-needed = The form can only be sent with this consent.
sales-form-code = Write the code in small letters, digits and hyphens.
sales-form-site = “{ $site }” is no site. Write it like https://www.example.com, without a page after it.
sales-form-closed = The form is closed now; whoever opens the address reads that it is no longer here.
sales-form-embed = Copy this into a page of your site:
sales-form-embed-none = To embed it in your site, name the site in “Sites that may embed it”.
sales-submission-taken = It is a lead now.
sales-submission-discarded = Marked as spam; what was written is gone.
sales-came-referrer = Page before
sales-came-page = Page
sales-came-utm-source = Campaign source
sales-came-utm-medium = Campaign medium
sales-came-utm-campaign = Campaign name
sales-came-utm-term = Search term
sales-came-utm-content = Version of the advertisement
notice-form-held = A form submission waits for a look: { $title }

## Routing and the clock of the first touch
sales-route-minutes = Between 1 and 20,000 working minutes.
sales-route-pool = Choose a team or a skill, so that it is known among whom to share.
sales-route-none = No routing rule fits it that has somebody to take it now.
sales-lead-routed = Routed by the rules.
sales-why-person = The rule gives it to { $to }.
sales-why-territory = { $to } owns its territory.
sales-why-stands-in = { $to } stands in for { $for }, who is away.
sales-why-turn = It was { $to }’s turn among { $count ->
    [one] one colleague
   *[other] { $count } colleagues
}.
sales-why-load = { $to } had the least to do: { $count ->
    [0] no open leads
    [one] one open lead
   *[other] { $count } open leads
}.
sales-why-rule = Rule:
sales-clock-over = First touch overdue
sales-clock-running = Waits for the first touch
sales-clock-held = Clock held
sales-clock-met = First touch in time
sales-clock-missed = First touch missed
sales-clock-due = Due { $when } ({ $left })
notice-lead-missed = The first touch of { $title } is overdue
notice-lead-back = { $title } is back: it is time to get in touch

## Truthfulness
sales-truth = Truthfulness { $n } of 100
sales-truth-later = Being checked.
sales-truth-mail-alive = The mail domain takes mail
sales-truth-mail-dead = The mail domain does not exist
sales-truth-mail-unknown = It is not known whether the mail domain takes mail
sales-truth-mail-thrown = A throw-away mail address
sales-truth-mail-office = The address of an office, not of a person
sales-truth-phone-mobile = A proper mobile number
sales-truth-phone-line = A proper telephone number
sales-truth-phone-odd = A number unlike numbers
sales-truth-no-way = Neither mail nor telephone
sales-truth-name-full = A full name
sales-truth-name-odd = A name unlike names
sales-truth-company-known = The company is on record
sales-truth-customer-known = The person is on record
sales-truth-lead-twice = Another open lead has the same address or number

## Territories
sales-territories = Coverage of territories
sales-territories-about = What each territory holds and brings. Every figure opens what is behind it.
sales-territories-none = No territories yet
sales-territories-none-text = Add a territory with its condition and its owner, so that it is known whose each customer is.
sales-territories-run = Assign again
sales-territory-new = New territory
sales-territory = Territory
sales-territory-owner = Owner
sales-territory-accounts = Customers
sales-territory-leads = Leads
sales-territory-open = Open deals
sales-territory-won = Won deals
sales-territory-outside = Outside the territories
sales-territory-round = A condition asks neither for the territory itself nor for the owner.
sales-run-one = Customers are being assigned now. Wait until it is done, or stop it.
sales-run-applying = It is being applied; watch it here.
sales-run-undoing = It is being undone; watch it here.
sales-run-stopped = Stopped. What has moved can be undone.

## Speed of the first touch
sales-first-touch = Speed of the first touch
sales-first-touch-about = Those who came within the last { $count } days, by owner. Every figure opens its list.
sales-first-touch-none = No leads came in this time
sales-first-touch-none-text = When a lead comes, the clock of its first touch starts and shows here.
sales-first-touch-met = In time
sales-first-touch-missed = Missed
sales-first-touch-running = Running
sales-first-touch-held = Held
sales-first-touch-share = Share in time
sales-first-touch-mean = Average time
sales-first-touch-nobody = Nobody’s
