### Words of sign-in, accounts and permissions.

auth-wrong = The e-mail address or the password is wrong.
auth-throttled = Too many attempts in a row. Seconds until the next one: { $seconds }
auth-password-short = Choose a longer password (fewest characters: { $min }).
auth-password-long = The password is longer than allowed (most characters: { $max }).
auth-password-is-name = Your name or e-mail address cannot be your password.
auth-password-simple = The password is easy to guess. Use more different characters.
auth-old-wrong = The current password is wrong.
auth-unknown-scope = There is no scope “{ $name }”. Choose read, write, admin or object:verb.
auth-expires-past = Choose an end in the future.
auth-setup-done = The company has been set up already. Sign in with your account.
auth-unknown-country = Enter the two-letter country code, such as SA.
auth-unknown-zone = The time zone is not known. Example: Asia/Riyadh
auth-reset-spent = The link has expired or was used before. Ask for a new one.
auth-mail-bad-url = Enter the mail server like this: smtps://user:password@host:465

## Mail
auth-mail-hello = Hello { $name },
auth-mail-reset-subject = Reset your password – { $company }
auth-mail-reset-why = We were asked to reset the password of your account. Open this link and choose a new one:
auth-mail-reset-until = The link works once, for one hour.
auth-mail-reset-ignore = If you did not ask for this, ignore this letter; your password stays as it is.

