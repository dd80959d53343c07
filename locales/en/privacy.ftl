### Sentences of the privacy module: preferences, requests, erasure, the privacy statement.

## Preference page
privacy-preferences = What would you like to hear from us?
privacy-preferences-for = Choices of { $address } at { $company }. You can change them whenever you like.
privacy-since = since { $date }
privacy-not-since = off since { $date }
privacy-save-choices = Save my choices
privacy-stop-all = Stop all messages
privacy-said-saved = Your choices are saved.
privacy-said-stopped = We have stopped all marketing messages.
privacy-said-mailed = We have sent you a letter. Open the link in it to confirm that the request is yours.
privacy-said-other-address = This link was sent to an address we no longer keep for you. Write to us, so that we can make sure in another way that it is you.
privacy-my-data = My data
privacy-ask-copy = A copy of my data
privacy-ask-copy-text = Everything we keep about you, in a file you can read and take along.
privacy-ask-correct = Correct my data
privacy-ask-correct-text = Write what is right; we review it and save it.
privacy-ask-erase = Erase my data
privacy-ask-erase-text = We erase your data, except what the law makes us keep.
privacy-ask = Ask
privacy-send-again = Send the link again
privacy-request-waits = Request { $number } waits for you to open the link we mailed you.
privacy-request-open = Your request { $number } is being worked on.
privacy-statement = Privacy statement
privacy-unsubscribe = Unsubscribe
privacy-unsubscribe-text = These letters will then no longer reach { $address }.
privacy-unsubscribed = You are unsubscribed
privacy-unsubscribed-text = These letters will no longer reach { $address }.
privacy-choose-instead = Choose what reaches you and what does not
privacy-link-spent = This link no longer works
privacy-link-spent-text = Its time is over, or it was not copied whole. Open the link in the latest letter you have from us.

## A person's request
privacy-step-confirm = You confirm
privacy-step-work = We work on it
privacy-step-done = Answer
privacy-step-refused = Refused
privacy-confirm = Yes, this is my request
privacy-confirm-copy = Confirm that you have asked for a copy of your data, and we make it.
privacy-confirm-erase = Confirm that you ask us to erase your data. Once done it cannot be undone.
privacy-confirm-correct = This is your data as we keep it. Write what is right, then send the request.
privacy-what-is-wrong = Anything else
privacy-said-confirmed = Thank you, your request is confirmed.
privacy-working = We are working on your request and will answer by { $date }.
privacy-copy-ready = The copy of your data is ready.
privacy-read-copy = Read the copy
privacy-download-copy = File to take elsewhere (JSON)
privacy-download-pdf = File to read and print (PDF)
privacy-done-erase = Your data is erased. Only what the law makes us keep is left, without your name.
privacy-done-correct = Your data is corrected.
privacy-done-other = Your request is done.
privacy-refused = We could not do what you asked, because:
privacy-received = Received
privacy-answered = Answered
privacy-by-mail = by a link sent to the person's mailbox

## Letters
privacy-mail-confirm-subject = Confirm your request to { $company }
privacy-mail-confirm-text = We have a request about your data. Open this link to confirm that it is yours, and to follow it:
privacy-mail-confirm-ignore = If you have asked for nothing, ignore this letter. The link works for seven days.
privacy-mail-copy-subject = The copy of your data at { $company } is ready
privacy-mail-copy-text = We have made a copy of your data. It is here:
privacy-mail-copy-until = The link works for fourteen days. Send it to nobody.

## At the office
privacy-due = Answer due
privacy-overdue = The answer was due
privacy-open-document = Read the copy
privacy-no-copy = There is no copy for this request yet.
privacy-document = Copy of personal data
privacy-made = Copy made on
privacy-pdf-intro = This is what we keep about you in all our records at the time of the copy. A JSON file beside it holds the same data in full, in a form that programs can read.
privacy-pdf-person = You in our records
privacy-pdf-happened = What was noted about you, by time
privacy-pdf-cut = The latest { $shown } of { $count } are shown here; the JSON file has all of them.
privacy-pdf-foot = Copy of personal data, for the person concerned only.
privacy-pdf-when = When
privacy-pdf-what = Kind of record
privacy-doc-comments = Comments
privacy-doc-files = Files
privacy-doc-changes =
    { $count ->
        [one] One recorded change; details are in the JSON file.
       *[other] { $count } recorded changes; details are in the JSON file.
    }
privacy-doc-external = Names in other systems
privacy-plan-text = This is what will happen. Nothing has changed yet.
privacy-fate-subject = stay without name or any way to reach them
privacy-fate-remove = are removed
privacy-fate-blank = are emptied of all words and personal values
privacy-fate-book = stay for the books with amounts and numbers, without notes or personal values
privacy-fate-keep = stay as they are
privacy-report-anonymous = Made anonymous
privacy-report-removed = Removed
privacy-report-kept = Kept
privacy-report-traces = Traces removed
privacy-report-clean = No place in the database names the address, number or full name any more.
privacy-report-mentions =
    { $count ->
        [one] One place still names the person. Look at it.
       *[other] { $count } places still name the person. Look at them.
    }
privacy-field = Field
privacy-value-now = Now
privacy-value-proposed = Proposed
privacy-on-hold = The person cannot be erased while legal hold { $name } is in force.
privacy-needs-approval = A colleague must approve the erasure first.
privacy-needs-another = You approved this erasure yourself; another colleague has to run it.
privacy-said-verified = The identity check is noted.
privacy-said-copy = The copy is being made.
privacy-said-corrected = The corrected values are saved.
privacy-said-approved = The erasure is approved.
privacy-said-erasing = The erasure has begun.
privacy-said-refused = The refusal and its reason are noted.
privacy-said-recorded = The decision is recorded.
privacy-said-published = The new version of the statement is published.
privacy-may = allowed
privacy-may-not = not allowed
privacy-may-pending = waits for confirmation
privacy-never-asked = never asked
privacy-panel-legend = Green is allowed, red is not, grey was never asked.
privacy-panel-ledger = Ledger of consents
privacy-hold-here = Under legal hold ({ $name }): the data cannot be erased.

## Retention
privacy-rule-due = { $object } the rule applies to now: { $count }
privacy-rule-off = The rule is not active; nothing will be done.
privacy-rule-keeps = These records stay as they are when a person is erased.
privacy-no-object = There is no kind of record with the key “{ $name }”.
privacy-no-date = “{ $name }” is no date field of these records.
privacy-no-condition = The condition “{ $name }” cannot be read. See the page on expressions in the guide.

## Statement and settings
privacy-office = Privacy statement and settings
privacy-responsible = Who answers for the data, and under which law
privacy-draft = The statement as it would be published
privacy-publish = Publish a new version
privacy-open-public = Open the public page
privacy-never-published = No statement has been published. The public page shows the draft.
privacy-stale = The statement differs from what is published. Read it, then publish a new version.
privacy-current = Version { $number } is published and says what the system says.
privacy-uncovered =
    { $count ->
        [one] One personal field is covered by no purpose
       *[other] { $count } personal fields are covered by no purpose
    }
privacy-to-purposes = Purposes and what they cover
privacy-law = Law
privacy-law-says = Requests are answered within { $days } days, the authority hears of a breach within { $hours } hours, minors are under { $age }. Source:
privacy-email = Contact e-mail
privacy-phone = Contact phone
privacy-controller-ar = Controller, in Arabic
privacy-controller-en = Controller, in English
privacy-address-ar = Address, in Arabic
privacy-address-en = Address, in English
privacy-dpo-ar = Data protection officer, in Arabic
privacy-dpo-en = Data protection officer, in English
privacy-dpo-email = E-mail of the data protection officer
privacy-intro-ar = Introduction, in Arabic
privacy-intro-en = Introduction, in English
privacy-transfer-ar = Transfer abroad, in Arabic
privacy-transfer-en = Transfer abroad, in English
privacy-security-ar = Protection, in Arabic
privacy-security-en = Protection, in English
privacy-four-eyes = An erasure runs only after another colleague has approved it
privacy-at-once = A confirmed request for a copy is answered at once, without waiting for a colleague

## Text of the statement
privacy-text-who = Who we are
privacy-text-dpo = Data protection officer:
privacy-text-what = What we process, and what for
privacy-text-data = Data:
privacy-text-basis = Legal basis:
privacy-text-kept = Kept:
privacy-text-recipients = Recipients:
privacy-text-transfer = Transfer to other countries
privacy-text-security = How we protect it
privacy-text-rights = Your rights
privacy-text-how = Use your rights through the preferences link at the foot of every letter from us, or write to us.
privacy-text-days =
    { $days ->
        [one] We answer within one day.
       *[other] We answer within { $days } days.
    }
privacy-text-complain = You may complain to:
privacy-text-law = This statement is subject to:
privacy-right-information = to know which of your data we process and what for
privacy-right-access = to see your data and have a copy of it
privacy-right-portability = to take your data elsewhere in a form machines can read
privacy-right-correction = to have your data corrected
privacy-right-erasure = to have your data erased
privacy-right-restriction = to have the processing of your data restricted
privacy-right-objection = to object to the processing of your data
privacy-right-automated = not to be subject to a purely automated decision that affects you
privacy-right-withdraw = to withdraw your consent at any time
privacy-right-complaint = to complain to the authority

## Double opt-in
privacy-mail-opt-in-subject = Confirm your subscription to { $company }
privacy-mail-opt-in-text = Somebody asked that our letters reach this address. Open the link to confirm it:
privacy-opt-in = Yes, send them to me
privacy-opted-in = Confirmed
privacy-opted-in-text = You can change your mind at any time, by the link at the foot of every letter.
privacy-said-pending = The decision is noted, and a letter asks the person to confirm it.
privacy-no-address = This person has no e-mail address for the letter of confirmation. Add one first.
notice-privacy-request = A privacy request waits for an answer: { $title }
privacy-doc-reads = Who of our staff has looked at these data
privacy-doc-reads-former = former colleague
privacy-doc-reads-times = { $count ->
    [one] once
   *[other] { $count } times
 }, last on { $last }
