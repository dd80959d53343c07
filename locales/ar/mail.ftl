### البريد: الحسابات والرسائل والمطابقة.

## Notices
notice-mail-alarm = يحتاج حساب البريد { $title } إلى انتباهك
notice-mail-failed = لم تُرسَل رسالتك { $title }، أو لم يتأكد إرسالها

## Troubles with servers
mail-no-connection = تعذر الوصول إلى الخادم: { $words }. تحقق من اسم الخادم ورقم المنفذ.
mail-inside = يقع الخادم داخل شبكتكم، ولم يسمح مشغّل النظام بالاتصال بها: { $words }.
mail-no-tls = لم ينجح الاتصال المشفّر: { $words }. تحقق من المنفذ ونوع التشفير وشهادة الخادم.
mail-no-secret = لا بيانات دخول محفوظة لهذا الحساب: أدخل كلمة المرور، أو اربط الحساب لدى مزوّده. وتُمحى كلما تغيّر خادمه، حتى لا تصل إلى خادم آخر.
mail-login-refused = لم يقبل الخادم اسم المستخدم أو كلمة المرور. { $words } قد يطلب المزوّد كلمة مرور خاصة بالتطبيقات.
mail-connection-lost = انقطع الاتصال بالخادم: { $words }. سنحاول من جديد.
mail-server-refused = رفض الخادم الطلب: { $words }
mail-message-rejected = رفض الخادم الرسالة: { $words }
mail-not-understood = ردّ الخادم بما لا نفهمه: { $words }. هل هذا خادم بريد؟
mail-bad-address = «{ $address }» ليس عنوان بريد صحيحًا.
mail-bad-place = الموضع «{ $place }» لا يعني شيئًا في بيانات العميل.

## What was done
mail-said-queued = ستُرسَل الرسالة بعد لحظات، ويمكنك التراجع حتى ذلك الحين.
mail-said-later = ستُرسَل الرسالة في موعدها.
mail-said-undone = عادت الرسالة مسودة.
mail-said-draft = حُفظت المسودة.
mail-said-done = انتهت معالجة الرسالة.
mail-said-linked = رُبطت الرسالة بالعميل.
mail-said-unlinked = فُكّ ربط الرسالة.
mail-said-secret = حُفظت بيانات الدخول مشفّرة.
mail-said-sync = بدأ العمل، وستظهر النتيجة بعد قليل.
mail-said-added = أُضيف حساب البريد. جرّب الاتصال من صفحة الحسابات.
mail-said-works = الاتصال يعمل في الاستقبال والإرسال.

## Inbox
mail-inbox = صندوق البريد
mail-view-open = مفتوحة
mail-view-mine = مسندة إليّ
mail-view-unlinked = بلا عميل
mail-view-all = الكل
mail-view-sent = المرسلة
mail-view-drafts = المسودات
mail-all-boxes = كل الحسابات
mail-box = حساب البريد
mail-show = عرض
mail-empty = لا رسائل هنا
mail-empty-text = حين تصل رسالة تخص هذا العرض ستجدها هنا.
mail-no-box = لا حساب بريد بعد
mail-no-box-text = أضف حسابًا ليظهر بريد عملائك في سجل كل عميل، ولترد عليه من مكانه.
mail-no-subject = (بلا موضوع)
mail-unknown-sender = مرسل غير معروف
mail-do-done = إنهاء
mail-do-mine = إسنادها إليّ
mail-do-reopen = إعادة فتحها

## A letter
mail-open = فتح الرسالة
mail-reply = رد
mail-reply-all = رد على الجميع
mail-forward = إعادة توجيه
mail-make-party = إضافة المرسل إلى العملاء
mail-edit-draft = متابعة الكتابة
mail-to = إلى
mail-cc = نسخة إلى
mail-bcc = نسخة مخفية إلى
mail-letter = نص الرسالة
mail-quoted = النص المقتبس
mail-left-out = حُذف من الرسالة ما يتجاوز الحدود المعقولة.
mail-file-refused = لم يُحفظ هذا النوع من الملفات
mail-pictures-held =
    { $count ->
        [zero] لا صور من خوادم أخرى
        [one] حُجبت صورة من خادم آخر حتى لا يعرف المرسل أنك قرأت الرسالة.
        [two] حُجبت صورتان من خوادم أخرى حتى لا يعرف المرسل أنك قرأت الرسالة.
        [few] حُجبت { $count } صور من خوادم أخرى حتى لا يعرف المرسل أنك قرأت الرسالة.
        [many] حُجبت { $count } صورة من خوادم أخرى حتى لا يعرف المرسل أنك قرأت الرسالة.
       *[other] حُجبت { $count } صورة من خوادم أخرى حتى لا يعرف المرسل أنك قرأت الرسالة.
    }
mail-pictures-show = عرض الصور
mail-files =
    { $count ->
        [zero] لا مرفقات
        [one] مرفق واحد
        [two] مرفقان
        [few] { $count } مرفقات
        [many] { $count } مرفقًا
       *[other] { $count } مرفق
    }

## Writing
mail-write = رسالة جديدة
mail-wrote = كتب { $who } في { $at }:
mail-from = من
mail-subject = الموضوع
mail-text = نص الرسالة
mail-more-receivers = نسخة ونسخة مخفية
mail-add-files = إرفاق ملفات
mail-send = إرسال
mail-save-draft = حفظ مسودة
mail-later = الإرسال في
mail-template = القالب
mail-language = لغة القالب
mail-arabic = العربية
mail-english = الإنجليزية
mail-use-template = إدراج القالب
mail-missing = لا قيمة لهذه المواضع لدى العميل، فأكملها بيدك: { $places }

## Mailboxes
mail-boxes = حسابات البريد
mail-synced = آخر مزامنة
mail-test = تجربة الاتصال
mail-sync = مزامنة الآن
mail-add-box = إضافة حساب بريد
mail-provider = المزوّد
mail-provider-google = بريد Google
mail-provider-microsoft = بريد Microsoft 365
mail-provider-zoho = بريد Zoho
mail-provider-own = خادم آخر
mail-box-name = الاسم الظاهر للمستلمين
mail-address = العنوان
mail-password = كلمة المرور
mail-own-server = خوادم أخرى
mail-imap = خادم الاستقبال (IMAP)
mail-smtp = خادم الإرسال (SMTP)
mail-add-hint = تُحفظ كلمة المرور مشفّرة ولا تُعرض ثانيةً. لدى Google وMicrosoft 365 استعمل كلمة مرور تطبيق، أو اختر OAuth2 من صفحة الحساب بعد إضافته.

## Reconciliation
mail-ledger = مطابقة البريد
mail-ledger-text = كل رسالة على الخادم لها قيد هنا: مستوردة، أو متروكة لسبب، أو فاشلة يُعاد طلبها. ويُقارن العدد كل ليلة بما على الخادم.
mail-no-proof = لا مطابقة بعد
mail-no-proof-text = تُجرى المطابقة كل ليلة، ويمكن طلبها من صفحة الحساب.
mail-folder = المجلد
mail-failed = رسائل لم تُستورد
mail-retry = إعادة المحاولة
mail-proof-says = على الخادم { $server }، مستورد { $imported }، متروك { $skipped }، فاشل { $failed }، بلا قيد { $missing }
mail-consent = ربط الحساب
mail-consent-text = ستنتقل إلى صفحة مزوّد البريد لتسجّل الدخول هناك وتوافق، ثم تعود إلى هنا. لا تمر كلمة مرورك بنا، ويمكنك سحب الموافقة لدى المزوّد متى شئت.
mail-consent-redirect = عنوان العودة المسجَّل لدى المزوّد
mail-consent-go = المتابعة لدى المزوّد
mail-consent-spent = انتهت صلاحية طلب الربط أو تغيّر الحساب منذ بدئه. ابدأ الربط من جديد.
mail-consent-denied = لم يوافق المزوّد على الربط: { $said }
mail-consent-not-lasting = أعطى المزوّد إذنًا لا يتجدد. أضف إلى ما يُطلب منه الوصول الدائم (offline_access).
mail-consent-needs-url = عنوان النظام غير محدد: يكتبه المسؤول في الإعدادات حتى يعرف المزوّد إلى أين يعيدك.
mail-said-connected = رُبط الحساب لدى المزوّد.
mail-track = أخبرني حين تُفتح الرسالة
mail-track-text = تُضاف صورة صغيرة من خادمنا، ولا يعمل ذلك حين يمنع برنامج المستلم الصور.
mail-track-needs-url = عنوان النظام غير محدد، فلا مكان تُجلب منه الصورة. يكتبه المسؤول في الإعدادات، أو أرسل دون تتبّع.
mail-not-opened = لم يصلنا أنها فُتحت، وقد يكون برنامج المستلم يمنع الصور.
mail-opened =
    { $count ->
        [one] فُتحت مرة واحدة، في { $at }
        [two] فُتحت مرتين، أولاهما في { $at }
        [few] فُتحت { $count } مرات، أولاها في { $at }
        [many] فُتحت { $count } مرة، أولاها في { $at }
       *[other] فُتحت { $count } مرة، أولاها في { $at }
    }
