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
auth-step-over = This step has expired or was finished before. Sign in again.
auth-code-wrong = The code is wrong or was used before. Wait for the next one and enter it.
auth-passkey-refused = This passkey does not fit. Sign in another way and add it again.
auth-passkey-no-place = Passkeys need a company address that begins with https. An administrator sets it in the settings.
auth-factor-demanded = Your company asks for a second step. Add another one before you remove this.
auth-factor-none = Add an authenticator app or a passkey first.
auth-bad-block = “{ $name }” is no address and no block. Example: 203.0.113.0/24
auth-shuts-you-out = This list would shut you out: your address is { $name }. Add it.
auth-not-from-here = The company does not allow working from this address. Ask your administrator.
auth-number-range = Enter a number from { $min } to { $max }.

## Mail
auth-mail-hello = Hello { $name },
auth-mail-reset-subject = Reset your password – { $company }
auth-mail-reset-why = We were asked to reset the password of your account. Open this link and choose a new one:
auth-mail-reset-until = The link works once, for one hour.
auth-mail-reset-ignore = If you did not ask for this, ignore this letter; your password stays as it is.

