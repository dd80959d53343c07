### كلمات الفرص والعملاء المهتمين.

## ما تم
sales-opportunity-won = مبارك! سُجّل الفوز بالفرصة.
sales-opportunity-lost = سُجّلت خسارة الفرصة وسببها.
sales-opportunity-reopened = أُعيد فتح الفرصة في آخر مرحلة كانت فيها.
sales-lead-taken = صار هذا العميل المهتم في عهدتك.
sales-lead-contacted = سُجّل أول تواصل معه.
sales-lead-qualified = صار مؤهلًا.
sales-lead-nurtured = أُجّل إلى موعده.
sales-lead-rejected = استُبعد، وحُفظ السبب.
sales-lead-reopened = عاد إلى المتابعة.
sales-lead-converted = صار العميل المهتم عميلًا في السجل.
sales-lead-unconverted = تراجعنا عن التحويل، وأُزيل ما صنعه.

## ما لا يصح
sales-no-pipeline = لا مسار بيع مستعمل فيه مرحلة مفتوحة. أضف مسارًا ومراحله أولًا.
sales-no-stage = ليس في هذا المسار مرحلة تصلح. أضف إليه مرحلة مفتوحة.
sales-no-end = ليس في هذا المسار مرحلة من هذا النوع. أضف إليه مرحلة فوز ومرحلة خسارة.
sales-stage-elsewhere = هذه المرحلة من مسار آخر. اختر مرحلة من المسار نفسه أو اترك المرحلة فارغة.
sales-stage-needs = لدخول مرحلة «{ $stage }» عبّئ أولًا: { $field }.
sales-stage-in-use = في هذه المرحلة فرص، فلا يتغير مسارها ولا نوعها. انقل الفرص أولًا.
sales-probability-range = الاحتمال بين 0 و100 في المئة.
sales-days-range = اكتب عدد الأيام بين 1 و3650، أو اتركه فارغًا.
sales-points-range = النقاط بين −100 و100.
sales-rule-own-fields = يُكتب الشرط على حقول العميل المهتم نفسه، دون الوقت ودون سجلات أخرى ودون نتيجة التقييم.
sales-lead-not-new = بدأت متابعته فلا يعود جديدًا.
sales-lead-taken-by-nobody = يتسلمه مستخدم، لا النظام.
sales-nurture-past = اختر يومًا بعد اليوم.
sales-convert-choose = في السجل من يشبهه: { $names }. اختر أحدهم، أو اختر تسجيله جديدًا.
sales-convert-elsewhere = في السجل عميل مطابق ليس من عملائك. راجع مديرك قبل تسجيله من جديد.
sales-convert-kind = اختر هنا سجلًا من النوع المناسب: شخصًا لجهة الاتصال، ومنشأة للمنشأة.
sales-undo-unknown = لا نعرف ما صنعه هذا التحويل، فلا يمكن التراجع عنه.
sales-undo-touched = لا يمكن التراجع: عمل أحدهم بعد التحويل على { $object } «{ $name }».

## القمع
sales-funnel = قمع المبيعات
sales-funnel-about = أين تعبر الفرص وأين تنتظر، وما المتوقع منها. كل رقم يفتح ما وراءه.
sales-funnel-none = لا مسارات بيع بعد
sales-funnel-none-text = أضف مسار بيع ومراحله لتظهر أرقامه هنا.
sales-funnel-quiet = لا فرص في هذا المسار
sales-funnel-quiet-text = أضف أول فرصة وسترى هنا عبورها بين المراحل ومدة انتظارها.
sales-funnel-begin = أول فرصة
sales-pipelines = المسارات
sales-span = المدة
sales-span-all = كل المدة
sales-days =
    { $count ->
        [zero] أقل من يوم
        [one] يوم واحد
        [two] يومان
        [few] { $count } أيام
        [many] { $count } يومًا
       *[other] { $count } يوم
    }
sales-bottleneck = أبطأ المراحل «{ $stage }»: نصف الفرص تمكث فيها أكثر من { $stay }، ويعبرها { $share } مما وصل إليها.
sales-bottleneck-stay = أبطأ المراحل «{ $stage }»: نصف الفرص تمكث فيها أكثر من { $stay }.
sales-bottleneck-none = لم تعبر المراحل فرص كافية في هذه المدة لمعرفة أبطئها.
sales-tile-created = فرص جديدة
sales-tile-created-foot = أُنشئت في هذه المدة
sales-tile-won = نسبة الفوز
sales-tile-won-small = { $won } من { $ended } أُغلقت
sales-tile-late = طال انتظارها
sales-tile-late-small = من { $count } مفتوحة
sales-tile-weighted = المتوقع المرجّح
sales-tile-weighted-small = من { $amount }
sales-funnel-drawn = كم فرصة بلغت كل مرحلة
sales-funnel-drawn-note = من الفرص التي أُنشئت في هذه المدة.
sales-won = فوز
sales-by-stage = المراحل واحدة واحدة
sales-stages-note = العبور والمكوث في هذه المدة، والباقي كما هو الآن.
sales-foreign =
    { $count ->
        [one] فرصة واحدة بعملة أخرى ليست في مجموع القيم.
        [two] فرصتان بعملة أخرى ليستا في مجموع القيم.
        [few] { $count } فرص بعملات أخرى ليست في مجموع القيم.
        [many] { $count } فرصة بعملات أخرى ليست في مجموع القيم.
       *[other] { $count } فرصة بعملات أخرى ليست في مجموع القيم.
    }
sales-stage = المرحلة
sales-onward = عبرتها
sales-median = وسيط المكوث
sales-standing = فيها الآن
sales-value = قيمتها
sales-late = طال انتظارها
sales-slowest = الأبطأ
sales-forecast = المتوقع شهرًا بشهر
sales-forecast-note = قيمة الفرص المفتوحة في شهر إغلاقها المتوقع، كاملة ومضروبة في احتمال الفوز.
sales-forecast-owner = المتوقع لكل مسؤول
sales-forecast-owner-note = القيمة المرجّحة باحتمال الفوز.
sales-weighted = مرجّحة بالاحتمال
sales-full = كاملة
sales-currency = العملة
sales-overdue = فات موعدها
sales-later = بعد ذلك
sales-undated = بلا موعد
sales-owner = المسؤول
sales-total = المجموع
sales-all = الجميع
sales-nobody = بلا مسؤول
sales-deals =
    { $count ->
        [zero] لا فرص
        [one] فرصة واحدة
        [two] فرصتان
        [few] { $count } فرص
        [many] { $count } فرصة
       *[other] { $count } فرصة
    }

## في الصفحات
sales-here-since = دخلت هذه المرحلة { $since }.
sales-criteria = تنتهي المرحلة حين:
sales-next-asks = لدخول «{ $stage }»:
sales-ask-missing = لم يُعبأ بعد
sales-points =
    { $count ->
        [zero] لا نقاط
        [one] نقطة واحدة
        [two] نقطتان
        [few] { $count } نقاط
        [many] { $count } نقطة
       *[other] { $count } نقطة
    }
sales-no-rule = لا تنطبق عليه أي قاعدة.
sales-known-note = عند التحويل يُربط بمن هو نفسه بلا شك، ويُسأل عن الباقي.
sales-from = من { $stage }
