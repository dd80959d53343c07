### كلمات الأنشطة والتقويم.

## ما تم
activity-completed = أُنجز النشاط.
activity-completed-logged = أُنجز النشاط وسُجّل في سجل التواصل مع العميل.
activity-detached = صار لهذا الموعد سجل مستقل يمكنك تعديله.
activity-split = بدأت سلسلة جديدة من هذا الموعد؛ عدّلها كما تريد.
activity-whole-series = هذا أول موعد في السلسلة، فعدّل السلسلة كلها.
activity-skipped = أُلغي هذا الموعد وحده وبقيت السلسلة.
activity-cancelled = أُلغي النشاط.
activity-reopened = عاد النشاط إلى المخطط.
activity-answered = سُجّل ردّك.
activity-invited = ستُرسل الدعوات الآن.

## ما لا يصح
activity-needs-time = حدّد وقت البداية؛ المهمة وحدها قد تكون بلا موعد.
activity-ends-before = النهاية قبل البداية. اختر وقتًا بعدها.
activity-too-long = لا يمتد النشاط الواحد أكثر من سنة. اجعله سلسلة متكررة.
activity-too-many-guests = الضيوف كثيرون؛ الحد الأعلى { $max }.
activity-part-of-series = هذا موعد من سلسلة؛ عدّل التكرار في السلسلة نفسها.
activity-no-address = ليس هذا عنوان سجل. انسخ الرابط من صفحة السجل.
activity-no-series = هذا النشاط لا يتكرر.
activity-no-occurrence = ليس في السلسلة موعد في هذا الوقت.
activity-booked = { $name } محجوز في { $when }. اختر موردًا آخر أو وقتًا آخر.
activity-not-bookable = { $name } غير متاح للحجز.
activity-no-working-day = أبقِ يوم عمل واحدًا على الأقل.
activity-overlaps = يتعارض مع موعد آخر لدى: { $names }

## التقويم
activity-this-one = تعديل هذا وحده
activity-this-and-after = تعديل هذا وما بعده
activity-skip = إلغاء هذا وحده
activity-series-over = انتهت السلسلة.

## وقت يناسب الجميع
activity-free-title = وقت يناسب الجميع
activity-free-who = من يشارك
activity-free-length = المدة
activity-free-find = ابحث عن وقت
activity-free-none = لا يوجد وقت مشترك قريب
activity-free-none-text = قلّل المدة أو عدد المشاركين؛ يُبحث في أوقات الدوام خلال ستين يومًا.
activity-minutes =
    { $n ->
        [one] دقيقة واحدة
        [two] دقيقتان
        [few] { $n } دقائق
        [many] { $n } دقيقة
       *[other] { $n } دقيقة
    }

## أسبوع العمل والعطل
activity-work-title = أسبوع العمل والعطل
activity-work-week = أسبوع عمل الشركة
activity-my-week = أسبوعي
activity-weekend = أيام الإجازة الأسبوعية
activity-first-day = يبدأ الأسبوع يوم
activity-opens = بداية الدوام
activity-closes = نهاية الدوام
activity-holidays = العطل الرسمية
activity-holidays-text = تُضاف عطل دولة الشركة تلقائيًا لهذه السنة والتي تليها، ويبقى ما عدّلته كما هو. أيام التقويم الهجري محسوبة بتقويم أم القرى، فصحّحها متى أُعلنت الرؤية.
activity-holidays-list = قائمة العطل
activity-holidays-give = إضافة عطل السنة
activity-holidays-given =
    { $n ->
        [zero] كل عطل هذه السنة مضافة من قبل.
        [one] أُضيفت عطلة واحدة.
        [two] أُضيفت عطلتان.
        [few] أُضيفت { $n } عطل.
        [many] أُضيفت { $n } عطلة.
       *[other] أُضيفت { $n } عطلة.
    }
activity-year = السنة

## مزامنة الهاتف وروابط التقويم
activity-sync-title = مزامنة الهاتف وروابط التقويم
activity-sync-phone = الهاتف وبرامج التقويم
activity-sync-how = أضف في هاتفك أو برنامجك حساب CalDAV للتقويم والمهام، وحساب CardDAV لجهات الاتصال، بهذه البيانات. كلمة المرور ليست كلمة مرورك، بل رمز وصول بصلاحية dav تنشئه من صفحة حسابك وتلغيه متى شئت.
activity-sync-server = الخادم
activity-sync-user = اسم المستخدم
activity-sync-password = كلمة المرور
activity-sync-token = أنشئ رمز وصول بصلاحية dav
activity-feeds = روابط تقويم للقراءة فقط
activity-no-feeds = لا توجد روابط بعد
activity-no-feeds-text = من يعرف الرابط يقرأ التقويم دون تسجيل دخول، إلى أن تلغيه.
activity-feed-name = لأي برنامج
activity-feed-of = أي تقويم
activity-feed-mine = تقويمي
activity-feed-make = إنشاء رابط
activity-feed-once = انسخ الرابط الآن، فلن يظهر مرة أخرى:
activity-feed-revoke = إلغاء الرابط
activity-feed-ask = لن يقرأ أحد التقويم من هذا الرابط بعد الآن. أتريد إلغاءه؟
activity-feed-revoked = أُلغي الرابط.
activity-feed-used = آخر قراءة { $when }
activity-feed-unused = لم يُقرأ بعد

## الدعوات
activity-mail-subject = دعوة: { $subject }
activity-mail-subject-cancelled = إلغاء: { $subject }
activity-mail-invited = تدعوكم { $company } إلى: { $subject }
activity-mail-cancelled = ألغت { $company } هذا الموعد: { $subject }
activity-mail-answer = للرد على الدعوة:
activity-accept = سأحضر
activity-maybe = ربما
activity-decline = أعتذر
activity-word = كلمة مع الرد (اختياري)
activity-you-accepted = سُجّل أنك ستحضر. يمكنك تغيير ردك.
activity-you-maybe = سُجّل أنك قد تحضر. يمكنك تغيير ردك.
activity-you-declined = سُجّل اعتذارك. يمكنك تغيير ردك.
activity-is-cancelled = أُلغي هذا الموعد.

## الإشعارات
notice-activity-reminder = تذكير: { $title }
notice-activity-invited = دعاك { $who } إلى { $title }
notice-activity-moved = غيّر { $who } وقت { $title }
notice-activity-cancelled = ألغى { $who } { $title }
notice-activity-answered =
    { $answer ->
        [accepted] قَبِل { $name } الدعوة إلى { $title }
        [declined] اعتذر { $name } عن { $title }
       *[other] ربما يحضر { $name } { $title }
    }

## ما يكتبه برنامج آخر
ical-too-large = النص أكبر من { $detail } كيلوبايت.
ical-too-many-lines = أكثر من { $detail } سطر.
ical-too-deep = تداخل أعمق من { $detail } مستويات.
ical-bad-line = السطر { $detail } ليس سطر تقويم.
ical-not-ended = { $detail } بلا نهاية.
ical-bad-time = «{ $detail }» ليس تاريخًا ولا وقتًا.
ical-bad-rule = «{ $detail }» ليست قاعدة تكرار صحيحة.
ical-too-often = لا يتكرر الموعد أكثر من مرة في اليوم ({ $detail }).
ical-too-many = التكرارات كثيرة؛ الحد الأعلى { $detail }.
ical-other-calendar = لا نعرف تقويم { $detail }.
ical-not-one-object = يُنتظر موعد واحد أو مهمة واحدة ({ $detail }).
ical-uid-taken = هذا الموعد محفوظ في التقويم باسم آخر.
ical-wrong-collection = المواعيد في التقويم والمهام في قائمة المهام.
ical-no-reply = ليس هذا ردًا على دعوة.
