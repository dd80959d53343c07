### Notices and working together: comments, mentions, following, time line.

## Notices
notice-system = The system
notice-somebody = A colleague
notice-mention = { $who } mentioned you in a comment on { $title }
notice-reply =
    { $n ->
        [one] { $who } replied to your comment on { $title }
       *[other] { $n } replies to your comment on { $title }, the latest by { $who }
    }
notice-comment =
    { $n ->
        [one] { $who } commented on { $title }
       *[other] { $n } comments on { $title }, the latest by { $who }
    }
notice-assigned = { $who } assigned { $title } to you
notice-stage = { $who } moved { $title } to another stage
notice-related =
    { $n ->
        [one] { $who } added something to { $title }
       *[other] { $n } additions to { $title }, the latest by { $who }
    }
notice-file =
    { $n ->
        [one] { $who } attached a file to { $title }
       *[other] { $n } new files on { $title }, the latest by { $who }
    }

## Notification centre
web-notices-all = All
web-notices-unread = Unread
web-notices-none = No notifications yet
web-notices-none-text = You will be told when a colleague mentions you, assigns a record to you, or something happens on a record you follow.
web-notices-none-unread = You have read everything
web-notices-none-unread-text = Nothing is waiting for you.
web-notices-read-all = Mark all as read
web-notices-read = Mark as read
web-notices-unread-again = Mark as unread
web-notices-see-all = All notifications
web-notices-new =
    { $n ->
        [0] No new notifications
        [one] 1 new notification
       *[other] { $n } new notifications
    }
web-notices-kind = Kind of notification
web-notices-every-kind = Every kind

## Comments
web-comment-reply = Reply
web-comment-reply-here = Write a reply…
web-comment-edited = edited
web-comment-wordings = Earlier wordings of the comment
web-comment-settle = Settle this matter
web-comment-open-again = Open this matter again
web-comment-settled-by = Settled by { $who }
web-comment-react = React to the comment
web-comment-untold =
    { $n ->
        [one] { $who } may not see this record and was not told. Share the record or assign it first.
       *[other] { $who } may not see this record and were not told. Share the record with them first.
    }
web-mention-blind = cannot see this record
web-mention-team = team
web-follow = Follow this record
web-unfollow = Stop following this record
web-followers =
    { $n ->
        [one] 1 follower
       *[other] { $n } followers
    }
web-said-following = You now follow this record
web-said-not-following = You no longer follow this record

## Time line
web-did-change-fields =
    { $n ->
        [one] changed one field
       *[other] changed { $n } fields
    }
web-did-file-version = uploaded a new version of
web-file-version = version { $n }
web-story-none = Nothing matches
web-story-none-text = Take a condition off, or go to another time.
web-story-empty-text = Comments, files and changes of this record will appear here.
web-story-searched = Searched back to { $day }. Choose “Older” to search on.
web-story-words = Words in the time line
web-story-by = By
web-story-channel = Channel
web-story-direction = Direction
web-story-chosen = A chosen person
web-story-jump = Jump in time
web-story-go = Go
web-story-months = Months
web-story-until = Until

## Presence
web-presence =
    { $n ->
        [one] { $who } is viewing this record now
       *[other] { $who } are viewing this record now
    }

## Notices by e-mail and push
notice-mail-why = You get this because you asked for notifications by e-mail. To change what you get:
notice-mail-more = There are more notifications:
notice-mail-digest =
    { $n ->
        [one] { $company }: 1 notification is waiting for you
       *[other] { $company }: { $n } notifications are waiting for you
    }
push-bad-subscription = The browser did not send proper keys. Reload the page and switch notifications on again.
push-too-many = You have many devices switched on. Remove one you no longer use and try again.
push-refused = The browser's service refused this notification.

## Notification settings
web-notices-settings = Notification settings
web-notices-ways = What reaches you and how
web-notices-app = In Sila
web-notices-mail = E-mail
web-notices-push = On the device
web-notices-mail-off = No
web-notices-mail-now = At once
web-notices-mail-digest = In the digest
web-notices-when = When
web-notices-digest = E-mail digest
web-notices-daily = Once a day
web-notices-hourly = Once an hour
web-notices-hour = Hour of the daily digest
web-notices-quiet-from = Quiet from
web-notices-quiet-until = Quiet until
web-notices-quiet-text = No letters and nothing on the device in quiet hours; what happens then reaches you afterwards. For no quiet hours make both the same.
web-notices-quiet-weekend = The weekend is quiet too
web-notices-devices = Devices
web-notices-devices-text = A notification reaches the device even when Sila is not open. What it says is encrypted; the maker of the browser cannot read it.
web-notices-device-on = Switch notifications on for this device
web-notices-device-off = Switch them off for this device
web-notices-device-none = Notifications are not switched on for any device yet.
web-notices-device-refused = The browser blocks notifications. Allow them in its settings for this site and try again.
web-notices-device-unable = This browser takes no notifications, or the connection is not secure (HTTPS).
web-notices-device-since = Added
web-notices-device-last = Last delivered
web-said-device-on = Notifications will reach this device
web-said-device-off = Notifications no longer reach this device

## Files and their versions
web-file-current = Current
web-file-preview = Preview
web-file-versions = Versions
web-file-newer = A newer version
web-file-note = Note on the version
web-file-put = Upload the version
web-file-bring-back = Bring this version back
web-file-hold = I am working on it
web-file-free = I have finished
web-file-held = { $who } is working on this file ({ $at }); no new version is taken until that is finished.
web-file-held-mine = Your colleagues are told that you are working on this file.
web-file-open-pdf = Open the PDF
web-file-no-preview = There is no preview of this kind of file. Download it to open it.
web-file-cut = This is the beginning of the file; download it to see the rest.
file-held = A colleague is working on this file. Wait until that is finished, or ask for it.
