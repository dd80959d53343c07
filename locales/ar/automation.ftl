# قواعد العمل والموافقات

notice-automation-told = { $words }
notice-automation-approve = موافقة تنتظر قرارك: { $title }
notice-automation-decided =
    { $state ->
        [approved] تمت الموافقة: { $title }
        [rejected] رُفض الطلب: { $title }
       *[other] تغيّر السجل بعد طلب الموافقة، فاطلبها من جديد: { $title }
    }
notice-automation-failed = تعثرت قاعدة العمل «{ $title }»، وتفاصيل الخطأ في صفحتها
notice-automation-stopped = أُوقفت قاعدة العمل «{ $title }»، والسبب في صفحتها

automation-said-approved = سُجلت موافقتك
automation-said-rejected = سُجل رفضك
automation-said-started = بدأت القاعدة عملها

automation-demand = { $say }
automation-open-activity = فتح الموعد المطلوب
automation-plan-activity = تخطيط الموعد المطلوب
automation-approval-needed = هذا الإجراء يحتاج موافقة: { $rule }.
automation-approval-waits = طُلبت الموافقة ({ $rule }) ولم تُحسم بعد.
automation-approval-rejected = رُفضت الموافقة ({ $rule }). عدّل السجل ثم اطلبها من جديد.
automation-approval-outdated = تغيّر السجل بعد الموافقة عليه ({ $rule })، فاطلبها من جديد.
automation-ask = طلب الموافقة
automation-see-approval = عرض طلب الموافقة
automation-approval-not-needed = لا يحتاج هذا السجل موافقة الآن.
automation-approval-asked = طُلبت الموافقة من قبل وهي تنتظر القرار.
automation-no-approver = لا أحد يمكن طلب موافقته. عيّن قائدًا للفريق أو عدّل القاعدة.
automation-decided-already = حُسم هذا الطلب من قبل.
automation-decided-by = سبقك { $who } إلى القرار، فحُسم الطلب.
automation-not-now = شرط هذه القاعدة لا ينطبق على السجل الآن.
automation-loop = شغّلت القاعدة نفسها، مباشرة أو عبر قاعدة أخرى، فأُوقفت قبل أن تدور بلا نهاية.
automation-limit = بلغت القاعدة حدّها من المرات في هذه الساعة، فلم تعمل هنا.
automation-record-gone = السجل محذوف، أو لا يراه صاحب القاعدة.
automation-owner-gone = صاحب القاعدة لم يعد مستخدمًا نشطًا. عيّن لها صاحبًا آخر.
automation-owner-himself = أنت صاحب ما تنشئه من قواعد؛ ولمدير النظام وحده أن يجعلها لغيره.
automation-owner-may-not = صاحب القاعدة لا يملك صلاحية هذه الخطوة.
automation-unreadable = تعذرت قراءة خطوات القاعدة: { $what }
automation-no-steps = أضف خطوة واحدة على الأقل.
automation-too-many-steps = الخطوات أكثر من { $max }. قسّم القاعدة إلى قاعدتين.
automation-too-deep = التفرعات متداخلة أكثر من { $max } مستويات.
automation-no-action = لا إجراء باسم «{ $name }» على هذا النوع من السجلات.
automation-before-approves = قاعدة ما قبل الإجراء خطوتها واحدة: الموافقة.
automation-no-date = «{ $name }» ليس حقل تاريخ.
automation-bad-cron = اكتب الموعد بخمس خانات: دقيقة وساعة ويوم وشهر ويوم أسبوع، مثل ‎30 8 * * 0‎.
automation-out-of-range = اكتب عددًا من { $least } إلى { $most }.
automation-becomes-lists = شرط «حين يصبح» لا يسأل عن قوائم السجل أو الفرق. استعمل «عند التغيير» بدلًا منه.
automation-demand-first = الاشتراط يكون خارج التفرعات، وفي غير قواعد ما قبل الإجراء.
automation-no-owner = سجلات هذا النوع بلا مسؤول.
automation-no-person = «{ $name }» ليس حقل مستخدم.
automation-no-role = لا دور باسم «{ $name }».
automation-levels = حدد مستوى موافقة واحدًا على الأقل و{ $max } على الأكثر.
automation-call-refused = رفض النظام الآخر الطلب، ورده { $status }.

# صفحات القواعد
automation-said-asked = طُلبت الموافقة
automation-said-on = تعمل القاعدة من الآن
automation-said-off = أُوقفت القاعدة
automation-and = و
automation-empty = فارغ
automation-rules = قواعد العمل
automation-rules-sub = ما يحدث من تلقاء نفسه، وما يُشترط أولًا، ومن يوافق
automation-none = لا قواعد بعد
automation-none-text = تُنشأ القواعد هنا أو عبر الواجهة البرمجية.
automation-unfit = لم تعد تناسب حقول النظام
automation-switch-on = تشغيل
automation-switch-off = إيقاف
automation-try = تجربة على سجلات سابقة
automation-try-sub = ما كانت القاعدة ستفعله بآخر السجلات
automation-try-nothing = هذه تجربة: لم يتغير شيء ولم يُرسل شيء.
automation-try-none = لا سجلات للتجربة
automation-would = تعمل
automation-would-not = لا تعمل
automation-to-rule = إلى القاعدة
automation-run-log = سجل التنفيذ: كل خطوة وسببها
automation-no-runs = لم تعمل بعد.
automation-hidden-record = سجل لا تراه
automation-why-started = لماذا بدأت
automation-when-it-starts = البداية
automation-if = بشرط
automation-yes = نعم
automation-no = لا
automation-goes-on = تتابع
automation-all = موافقتهم جميعًا
automation-any = يكفي أحدهم
automation-reminded = مع تذكير
automation-until-activity = حتى يُنجز الموعد الذي تضعه القاعدة.
automation-unless = إلا إذا
automation-then-on = ثم تتابع على كل حال
automation-then-end = وإلا انتهت
automation-who-owner = المسؤول
automation-who-actor = من بدأها
automation-who-manager = مدير المسؤول
automation-open-made = فتح ما أُنشئ
automation-was-so = كان كذلك من قبل
automation-demand-open = لم يُنجز بعد
automation-ask-about = تُطلب الموافقة على
automation-ask-who = من سيُسأل
automation-ask-note = لماذا تطلبها؟
automation-nobody = لا أحد
automation-inbox = موافقاتي
automation-waiting-me = تنتظر قراري
automation-nothing-waits = لا شيء ينتظرك
automation-nothing-waits-text = ما يُطلب منك من موافقات يظهر هنا.
automation-standing-in = نيابة عن
automation-decide = اتخاذ القرار
automation-i-asked = طلبتها
automation-asked-by = طلبها
automation-decided-for = قررها
automation-state-ready = في الطريق
automation-state-waiting = تنتظر
automation-state-done = تمت
automation-state-failed = تعثرت
automation-state-stopped = أُوقفت
automation-on-created = عند إضافة { $object }
automation-on-changed = عند تغيير { $what } في { $object }
automation-on-changed-any = عند أي تغيير في { $object }
automation-on-becomes = حين ينطبق الشرط على { $object }
automation-on-acted = بعد إجراء «{ $what }» على { $object }
automation-on-before = قبل إجراء «{ $what }» على { $object }
automation-on-every = بالموعد { $what } لكل { $object }
automation-on-button = بزر «{ $what }» على { $object }
automation-step-create = أنشئ
automation-step-update = اكتب في السجل
automation-step-activity = ضع موعدًا
automation-step-notify = أخبر
automation-step-approval = اطلب موافقة
automation-step-demand = اشترط أولًا
automation-step-wait = انتظر
automation-step-until = انتظر حتى
automation-step-branch = هل
automation-step-call = أخبر نظامًا آخر
automation-step-act = نفّذ إجراء
automation-did-create = أُنشئ سجل
automation-did-update = كُتب في السجل
automation-did-activity = وُضع موعد
automation-did-notify = أُرسل إشعار
automation-did-approval = طُلبت موافقة
automation-did-decided = حُسم طلب الموافقة
automation-did-demand = اشتراط قائم
automation-did-wait = بدأ الانتظار
automation-did-waiting = ينتظر تحقق الشرط
automation-did-waited = انتهى الانتظار
automation-did-until = انتهى انتظار الشرط
automation-did-branch = سُئل الشرط
automation-did-call = أُخبر النظام الآخر
automation-did-act = نُفّذ إجراء
automation-did-failed = تعثرت
automation-did-stopped = أُوقفت
automation-did-would-wait = كانت ستنتظر هنا
automation-did-would-call = كانت ستخبر النظام الآخر
automation-did-would-ask = كانت ستطلب موافقة
automation-runs-week =
    { $n ->
        [zero] لم تعمل هذا الأسبوع
        [one] مرة واحدة هذا الأسبوع
        [two] مرتان هذا الأسبوع
        [few] { $n } مرات هذا الأسبوع
        [many] { $n } مرة هذا الأسبوع
       *[other] { $n } مرة هذا الأسبوع
    }
automation-bad-runs =
    { $n ->
        [zero] لم تتعثر
        [one] تعثرت مرة
        [two] تعثرت مرتين
        [few] تعثرت { $n } مرات
        [many] تعثرت { $n } مرة
       *[other] تعثرت { $n } مرة
    }
automation-in-days =
    { $n ->
        [zero] اليوم
        [one] بعد يوم
        [two] بعد يومين
        [few] بعد { $n } أيام
        [many] بعد { $n } يومًا
       *[other] بعد { $n } يوم
    }
automation-hours =
    { $n ->
        [zero] دون انتظار
        [one] ساعة
        [two] ساعتان
        [few] { $n } ساعات
        [many] { $n } ساعة
       *[other] { $n } ساعة
    }
automation-at-most =
    { $n ->
        [zero] دون انتظار
        [one] ساعة على الأكثر
        [two] ساعتان على الأكثر
        [few] { $n } ساعات على الأكثر
        [many] { $n } ساعة على الأكثر
       *[other] { $n } ساعة على الأكثر
    }
automation-told-n =
    { $n ->
        [zero] لم يُخبَر أحد
        [one] أُخبِر شخص واحد
        [two] أُخبِر شخصان
        [few] أُخبِر { $n } أشخاص
        [many] أُخبِر { $n } شخصًا
       *[other] أُخبِر { $n } شخص
    }
automation-on-due-before =
    { $n ->
        [zero] يوم { $field }
        [one] قبل { $field } بيوم
        [two] قبل { $field } بيومين
        [few] قبل { $field } بـ{ $n } أيام
        [many] قبل { $field } بـ{ $n } يومًا
       *[other] قبل { $field } بـ{ $n } يوم
    }
automation-on-due-after =
    { $n ->
        [zero] يوم { $field }
        [one] بعد { $field } بيوم
        [two] بعد { $field } بيومين
        [few] بعد { $field } بـ{ $n } أيام
        [many] بعد { $field } بـ{ $n } يومًا
       *[other] بعد { $field } بـ{ $n } يوم
    }
automation-version = الإصدار { $n }
automation-until-at = حتى { $at }
automation-keeps = لا يتغير «{ $field }»
automation-escalates = بعد { $n } ساعة يُسأل أيضًا: { $who }
automation-try-held = ينطبق الشرط على { $n } من { $all }.

# تحرير القواعد
automation-said-kept = حُفظت القاعدة
automation-new = قاعدة جديدة
automation-edit = تحرير الخطوات
automation-edit-about = عن أي سجلات هذه القاعدة؟
automation-keep = حفظ القاعدة
automation-name-ar = اسم القاعدة بالعربية
automation-name-en = اسم القاعدة بالإنجليزية
automation-note = لماذا هذه القاعدة
automation-refresh = تحديث النموذج
automation-pick = متى تبدأ
automation-pick-created = عند إضافة سجل
automation-pick-changed = عند تغيير حقول
automation-pick-becomes = حين ينطبق الشرط
automation-pick-acted = بعد إجراء
automation-pick-before = قبل إجراء (تحتاج موافقة)
automation-pick-due = قبل تاريخ أو بعده
automation-pick-every = بموعد متكرر
automation-pick-button = بزر على السجل
automation-pick-fields = أي هذه الحقول (لا شيء: كلها)
automation-pick-date = التاريخ
automation-pick-days = الأيام بعده (بالسالب: قبله)
automation-pick-cron = دقيقة ساعة يوم شهر يوم-أسبوع
automation-pick-label = نص الزر
automation-in-ar = بالعربية
automation-in-en = بالإنجليزية
automation-add-step = إضافة خطوة
automation-add-level = إضافة مستوى
automation-up = إلى أعلى
automation-down = إلى أسفل
automation-and-person = وشخص بعينه
automation-f-kind = النوع
automation-f-subject = الموضوع
automation-f-owner = على من
automation-f-with = ومعه
automation-f-days = بعد كم يومًا
automation-f-remind = التذكير قبله بالدقائق
automation-f-to = من يُخبَر
automation-f-text = النص
automation-f-object = نوع السجل
automation-f-hours = الساعات
automation-f-most-hours = أقصى ساعات الانتظار
automation-f-over = إن انتهت المدة
automation-f-keeps = الحقل الذي لا يتغير
automation-f-say = ما يُقال لمن يحاول
automation-f-until = حتى يتحقق هذا (فارغ: حتى يُنجز الموعد)
automation-f-how = كيف تُحسم
automation-f-escalate = تُصعَّد بعد ساعات
automation-f-then = إلى من تُصعَّد
automation-f-value-help = اكتب القيمة كما تُقرأ، أو «=» ثم تعبيرًا مثل ‎= today() + days(7)‎
automation-level = المستوى { $n }
