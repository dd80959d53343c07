### الإشعارات والتعاون: التعليقات والإشارات والمتابعة والخط الزمني.

## Notices
notice-system = النظام
notice-somebody = أحد الزملاء
notice-mention = ذكرك { $who } في تعليق على { $title }
notice-reply =
    { $n ->
        [one] ردّ { $who } على تعليقك في { $title }
        [two] ردّان على تعليقك في { $title }، آخرهما من { $who }
        [few] { $n } ردود على تعليقك في { $title }، آخرها من { $who }
        [many] { $n } ردًا على تعليقك في { $title }، آخرها من { $who }
       *[other] { $n } رد على تعليقك في { $title }، آخرها من { $who }
    }
notice-comment =
    { $n ->
        [one] علّق { $who } على { $title }
        [two] تعليقان على { $title }، آخرهما من { $who }
        [few] { $n } تعليقات على { $title }، آخرها من { $who }
        [many] { $n } تعليقًا على { $title }، آخرها من { $who }
       *[other] { $n } تعليق على { $title }، آخرها من { $who }
    }
notice-assigned = أسند إليك { $who } { $title }
notice-stage = نقل { $who } { $title } إلى مرحلة أخرى
notice-related =
    { $n ->
        [one] أضاف { $who } جديدًا إلى { $title }
        [two] إضافتان إلى { $title }، آخرهما من { $who }
        [few] { $n } إضافات إلى { $title }، آخرها من { $who }
        [many] { $n } إضافة إلى { $title }، آخرها من { $who }
       *[other] { $n } إضافة إلى { $title }، آخرها من { $who }
    }
notice-file =
    { $n ->
        [one] أرفق { $who } ملفًا بـ{ $title }
        [two] ملفان جديدان في { $title }، آخرهما من { $who }
        [few] { $n } ملفات جديدة في { $title }، آخرها من { $who }
        [many] { $n } ملفًا جديدًا في { $title }، آخرها من { $who }
       *[other] { $n } ملف جديد في { $title }، آخرها من { $who }
    }

## Notification centre
web-notices-all = الكل
web-notices-unread = غير المقروءة
web-notices-none = لا إشعارات بعد
web-notices-none-text = سيصلك إشعار حين يذكرك زميل، أو يُسند إليك سجل، أو يحدث جديد على سجل تتابعه.
web-notices-none-unread = قرأت كل شيء
web-notices-none-unread-text = لا يوجد إشعار ينتظرك.
web-notices-read-all = تعليم الكل كمقروء
web-notices-read = تعليم كمقروء
web-notices-unread-again = تعليم كغير مقروء
web-notices-see-all = كل الإشعارات
web-notices-new =
    { $n ->
        [zero] لا إشعارات جديدة
        [one] إشعار جديد
        [two] إشعاران جديدان
        [few] { $n } إشعارات جديدة
        [many] { $n } إشعارًا جديدًا
       *[other] { $n } إشعار جديد
    }
web-notices-kind = نوع الإشعار
web-notices-every-kind = كل الأنواع

## Comments
web-comment-reply = رد
web-comment-reply-here = اكتب ردًا…
web-comment-edited = معدَّل
web-comment-wordings = صيغ التعليق السابقة
web-comment-settle = إنهاء النقاش
web-comment-open-again = إعادة فتح النقاش
web-comment-settled-by = أنهى { $who } هذا النقاش
web-comment-react = تفاعل مع التعليق
web-comment-untold =
    { $n ->
        [one] لا يملك { $who } صلاحية الاطلاع على هذا السجل، فلم يصله إشعار. شارك السجل معه أو أسنده إليه أولًا.
        [two] لا يملك { $who } صلاحية الاطلاع على هذا السجل، فلم يصلهما إشعار. شارك السجل معهما أولًا.
        [few] لا يملك { $who } صلاحية الاطلاع على هذا السجل، فلم يصلهم إشعار. شارك السجل معهم أولًا.
        [many] لا يملك { $who } صلاحية الاطلاع على هذا السجل، فلم يصلهم إشعار. شارك السجل معهم أولًا.
       *[other] لا يملك { $who } صلاحية الاطلاع على هذا السجل، فلم يصلهم إشعار. شارك السجل معهم أولًا.
    }
web-mention-blind = لا يرى هذا السجل
web-mention-team = فريق
web-follow = متابعة هذا السجل
web-unfollow = إلغاء متابعة هذا السجل
web-followers =
    { $n ->
        [zero] لا يتابعه أحد
        [one] متابع واحد
        [two] متابعان
        [few] { $n } متابعين
        [many] { $n } متابعًا
       *[other] { $n } متابع
    }
web-said-following = صرت تتابع هذا السجل
web-said-not-following = لم تعد تتابع هذا السجل

## Time line
web-did-change-fields =
    { $n ->
        [one] عدّل حقلًا واحدًا
        [two] عدّل حقلين
        [few] عدّل { $n } حقول
        [many] عدّل { $n } حقلًا
       *[other] عدّل { $n } حقل
    }
web-did-file-version = رفع نسخة جديدة من
web-file-version = النسخة { $n }
web-story-none = لا شيء يطابق ما تبحث عنه
web-story-none-text = أزل أحد الشروط، أو انتقل إلى وقت آخر.
web-story-empty-text = ما يحدث على هذا السجل من تعليقات وملفات وتعديلات يظهر هنا.
web-story-searched = بحثنا حتى { $day }. اختر «الأقدم» لمتابعة البحث.
web-story-words = كلمات في الخط الزمني
web-story-by = بواسطة
web-story-channel = القناة
web-story-direction = الاتجاه
web-story-chosen = شخص محدد
web-story-jump = الانتقال إلى وقت
web-story-go = انتقال
web-story-months = الأشهر
web-story-until = حتى يوم

## Presence
web-presence =
    { $n ->
        [one] { $who } يتصفح هذا السجل الآن
        [two] { $who } يتصفحان هذا السجل الآن
        [few] { $who } يتصفحون هذا السجل الآن
        [many] { $who } يتصفحون هذا السجل الآن
       *[other] { $who } يتصفحون هذا السجل الآن
    }

## Notices by e-mail and push
notice-mail-why = وصلتك هذه الرسالة لأنك طلبت الإشعارات بالبريد. لتغيير ما يصلك:
notice-mail-more = ولديك إشعارات أخرى:
notice-mail-digest =
    { $n ->
        [one] { $company }: إشعار واحد ينتظرك
        [two] { $company }: إشعاران ينتظرانك
        [few] { $company }: { $n } إشعارات تنتظرك
        [many] { $company }: { $n } إشعارًا ينتظرك
       *[other] { $company }: { $n } إشعار ينتظرك
    }
push-bad-subscription = لم يرسل المتصفح مفاتيح صالحة. حدّث الصفحة ثم فعّل الإشعارات من جديد.
push-too-many = لديك أجهزة كثيرة مفعّلة. أزل جهازًا لا تستخدمه ثم حاول من جديد.
push-refused = رفضت خدمة المتصفح هذا الإشعار.

## Notification settings
web-notices-settings = إعدادات الإشعارات
web-notices-ways = ما يصلك وكيف
web-notices-app = داخل صلة
web-notices-mail = البريد الإلكتروني
web-notices-push = إشعار على الجهاز
web-notices-mail-off = لا
web-notices-mail-now = فورًا
web-notices-mail-digest = في الملخص
web-notices-when = متى
web-notices-digest = ملخص البريد
web-notices-daily = مرة كل يوم
web-notices-hourly = مرة كل ساعة
web-notices-hour = ساعة الملخص اليومي
web-notices-quiet-from = بداية وقت الهدوء
web-notices-quiet-until = نهاية وقت الهدوء
web-notices-quiet-text = لا رسائل ولا إشعارات على الجهاز في وقت الهدوء، وما يحدث فيه يصلك بعده. لإلغاء وقت الهدوء اجعل البداية والنهاية سواء.
web-notices-quiet-weekend = وقت الهدوء يشمل أيام عطلة نهاية الأسبوع
web-notices-devices = الأجهزة
web-notices-devices-text = يصل الإشعار إلى الجهاز حتى حين لا تكون صلة مفتوحة. محتواه مشفّر لا تقرؤه شركة المتصفح.
web-notices-device-on = تفعيل الإشعارات على هذا الجهاز
web-notices-device-off = إيقافها على هذا الجهاز
web-notices-device-none = لم تفعّل الإشعارات على أي جهاز بعد.
web-notices-device-refused = منع المتصفح الإشعارات. اسمح بها من إعدادات الموقع في المتصفح ثم حاول من جديد.
web-notices-device-unable = هذا المتصفح لا يستقبل الإشعارات، أو أن الاتصال غير آمن (HTTPS).
web-notices-device-since = أُضيف
web-notices-device-last = آخر إشعار وصل
web-said-device-on = ستصلك الإشعارات على هذا الجهاز
web-said-device-off = لن تصل الإشعارات إلى هذا الجهاز

## Files and their versions
web-file-current = الحالية
web-file-preview = معاينة
web-file-versions = النسخ
web-file-newer = نسخة أحدث
web-file-note = ملاحظة على النسخة
web-file-put = رفع النسخة
web-file-bring-back = استعادة هذه النسخة
web-file-hold = أعمل عليه الآن
web-file-free = انتهيت من العمل عليه
web-file-held = يعمل { $who } على هذا الملف ({ $at })، فلا تُرفع نسخة جديدة حتى ينتهي.
web-file-held-mine = أبلغت زملاءك أنك تعمل على هذا الملف.
web-file-open-pdf = فتح ملف PDF
web-file-no-preview = لا معاينة لهذا النوع من الملفات. نزّله لتفتحه.
web-file-cut = هذا أول الملف، ونزّله لترى الباقي.
file-held = يعمل زميل على هذا الملف الآن. انتظر حتى ينتهي، أو اطلب منه أن يفرغ منه.
