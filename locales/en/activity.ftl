### Words of activities and the calendar.

## Done
activity-completed = The activity is done.
activity-completed-logged = The activity is done and stands in the log of contacts with the customer.
activity-detached = This occurrence has a record of its own now; change it as you like.
activity-split = A new series begins with this occurrence; change it as you like.
activity-whole-series = This is the first of the series: change the series itself.
activity-skipped = Only this occurrence is cancelled; the series goes on.
activity-cancelled = The activity is cancelled.
activity-reopened = The activity is planned again.
activity-answered = Your answer is noted.
activity-invited = The invitations are on their way.

## What does not fit
activity-needs-time = Say when it begins; only a task may be without a time.
activity-ends-before = It ends before it begins. Choose a later time.
activity-too-long = One activity lasts a year at most. Make it a series.
activity-too-many-guests = Too many guests; { $max } at most.
activity-part-of-series = This is one of a series; change how often it comes in the series itself.
activity-no-address = This is no address of a record. Copy the link from the record's page.
activity-no-series = This activity does not repeat.
activity-no-occurrence = The series has nothing at this time.
activity-booked = { $name } is taken at { $when }. Choose another one or another time.
activity-not-bookable = { $name } cannot be booked.
activity-no-working-day = Leave at least one working day.
activity-overlaps = Overlaps with something else of: { $names }

## Calendar
activity-this-one = Change this one
activity-this-and-after = Change this and later
activity-skip = Cancel this one
activity-series-over = The series is over.

## A time for everybody
activity-free-title = A time for everybody
activity-free-who = Who takes part
activity-free-length = Length
activity-free-find = Find a time
activity-free-none = No common time soon
activity-free-none-text = Shorten it or ask fewer people; working hours of the next sixty days were searched.
activity-minutes =
    { $n ->
        [one] one minute
       *[other] { $n } minutes
    }

## Working week and holidays
activity-work-title = Working week and holidays
activity-work-week = The company's week
activity-my-week = My week
activity-weekend = Days off
activity-first-day = The week begins on
activity-opens = Opens at
activity-closes = Closes at
activity-holidays = Public holidays
activity-holidays-text = The holidays of the company's country are added by themselves for this year and the next; what you changed stays. Days of the Hijri calendar are computed by Umm al-Qura: put them right once the moon has been seen.
activity-holidays-list = List of holidays
activity-holidays-give = Add the year's holidays
activity-holidays-given =
    { $n ->
        [0] All holidays of that year are there already.
        [one] One holiday was added.
       *[other] { $n } holidays were added.
    }
activity-year = Year

## Phone sync and feeds
activity-sync-title = Phone sync and calendar feeds
activity-sync-phone = Phones and calendar programs
activity-sync-how = Add a CalDAV account for calendar and tasks and a CardDAV account for contacts to your phone or program, with these details. The password is not your own but an access token with the scope dav, which you make on your account page and can revoke at any time.
activity-sync-server = Server
activity-sync-user = User name
activity-sync-password = Password
activity-sync-token = Make an access token with the scope dav
activity-feeds = Read-only calendar feeds
activity-no-feeds = No feeds yet
activity-no-feeds-text = Whoever knows the address reads the calendar without signing in, until you revoke it.
activity-feed-name = For which program
activity-feed-of = Which calendar
activity-feed-mine = My calendar
activity-feed-make = Make a feed
activity-feed-once = Copy the address now, it is not shown again:
activity-feed-revoke = Revoke
activity-feed-ask = Nobody will read the calendar from this address any more. Revoke it?
activity-feed-revoked = The feed is revoked.
activity-feed-used = last read { $when }
activity-feed-unused = not read yet

## Invitations
activity-mail-subject = Invitation: { $subject }
activity-mail-subject-cancelled = Cancelled: { $subject }
activity-mail-invited = { $company } invites you to: { $subject }
activity-mail-cancelled = { $company } has cancelled: { $subject }
activity-mail-answer = To answer:
activity-accept = I will come
activity-maybe = Maybe
activity-decline = I cannot come
activity-word = A word with it (optional)
activity-you-accepted = Noted: you will come. You can change your answer.
activity-you-maybe = Noted: you may come. You can change your answer.
activity-you-declined = Noted: you cannot come. You can change your answer.
activity-is-cancelled = This appointment is cancelled.

## Notices
notice-activity-reminder = Reminder: { $title }
notice-activity-invited = { $who } invites you to { $title }
notice-activity-moved = { $who } moved { $title }
notice-activity-cancelled = { $who } cancelled { $title }
notice-activity-answered =
    { $answer ->
        [accepted] { $name } accepts { $title }
        [declined] { $name } cannot come to { $title }
       *[other] { $name } may come to { $title }
    }

## What another program writes
ical-too-large = The text is larger than { $detail } kB.
ical-too-many-lines = More than { $detail } lines.
ical-too-deep = Nested deeper than { $detail }.
ical-bad-line = Line { $detail } is no line of a calendar.
ical-not-ended = { $detail } has no end.
ical-bad-time = “{ $detail }” is neither a date nor a time.
ical-bad-rule = “{ $detail }” is no rule of recurrence.
ical-too-often = Nothing repeats more often than daily ({ $detail }).
ical-too-many = Too many repetitions; { $detail } at most.
ical-other-calendar = The calendar { $detail } is not known.
ical-not-one-object = One event or one task is expected ({ $detail }).
ical-uid-taken = This object is in the calendar already, under another name.
ical-wrong-collection = Events go into the calendar, tasks into the list of tasks.
ical-no-reply = This is no answer to an invitation.
