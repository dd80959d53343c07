### السجلات المكررة: التنبيه إليها ومراجعتها ودمجها وفصلها.

## الأدلة
duplicates-why = سبب الاشتباه
duplicates-score = { $n } من 100
duplicates-same = السجل نفسه على الأرجح
duplicates-maybe = قد يكون السجل نفسه
duplicates-clue-full-name = الاسم الكامل نفسه
duplicates-clue-first-and-last = الاسم الأول واسم العائلة متطابقان
duplicates-clue-name-partly = جزء من الاسم متطابق
duplicates-clue-name-single = الاسم نفسه
duplicates-clue-phone = رقم الهاتف نفسه
duplicates-clue-email = البريد الإلكتروني نفسه
duplicates-clue-code = الرقم الرسمي نفسه
duplicates-clue-birthday = تاريخ الميلاد نفسه
duplicates-clue-street = العنوان نفسه
duplicates-clue-city = المدينة نفسها
duplicates-clue-other-name = الاسم مختلف
duplicates-clue-other-father = اسم الأب مختلف
duplicates-clue-other-birthday = تاريخ الميلاد مختلف
duplicates-clue-other-code = الرقم الرسمي مختلف
duplicates-clue-other-phone = رقم الهاتف مختلف
duplicates-clue-other-email = البريد الإلكتروني مختلف
duplicates-clue-other-city = المدينة مختلفة

## أثناء الكتابة
duplicates-warning = يبدو أن هذا السجل موجود من قبل
duplicates-warning-text = افتح السجل الموجود وتأكد قبل الحفظ. ما كتبته هنا يبقى كما هو.
duplicates-elsewhere = لدى أحد زملائك سجل لهذا العميل
duplicates-elsewhere-too = ولدى أحد زملائك سجل آخر لا يظهر لك.

## قائمة المراجعة
duplicates-menu = السجلات المكررة
duplicates-title = مكررات: { $objects }
duplicates-count =
    { $n ->
        [zero] لا شيء بانتظار المراجعة
        [one] زوج واحد بانتظار المراجعة
        [two] زوجان بانتظار المراجعة
        [few] { $n } أزواج بانتظار المراجعة
        [many] { $n } زوجًا بانتظار المراجعة
       *[other] { $n } زوج بانتظار المراجعة
    }
duplicates-sweep = ابحث عن المكررات الآن
duplicates-state-open = للمراجعة
duplicates-state-later = مؤجلة
duplicates-state-distinct = ليست متطابقة
duplicates-none = لا مكررات هنا
duplicates-none-text = تُفحص السجلات كل ليلة، ويمكنك بدء الفحص الآن.
duplicates-none-here = لا نعرف سجلًا يشبه هذا
duplicates-none-here-text = إن كنت تعرف السجل الآخر فاختره أدناه.
duplicates-more = المزيد
duplicates-keys = لوحة المفاتيح: ‏J و K للتنقل، ‏M للدمج، ‏N لغير المتطابق، ‏L للتأجيل
duplicates-review-merge = مراجعة ودمج
duplicates-distinct = ليسا السجل نفسه
duplicates-later = لاحقًا
duplicates-reopen = إعادة إلى القائمة
duplicates-bulk = دمج الكثير دفعة واحدة
duplicates-bulk-score = الدرجة لا تقل عن
duplicates-bulk-preview = اعرض العدد
duplicates-bulk-count =
    { $n ->
        [zero] لا زوج يطابق هذه القاعدة.
        [one] زوج واحد يطابق هذه القاعدة، وهو المعروض أدناه.
        [two] زوجان يطابقان هذه القاعدة، وهما معروضان أدناه.
        [few] { $n } أزواج تطابق هذه القاعدة، وهي معروضة أدناه.
        [many] { $n } زوجًا تطابق هذه القاعدة، وأولها معروض أدناه.
       *[other] { $n } زوج تطابق هذه القاعدة، وأولها معروض أدناه.
    }
duplicates-bulk-merge =
    { $n ->
        [one] دمج زوج واحد
        [two] دمج زوجين
        [few] دمج { $n } أزواج
        [many] دمج { $n } زوجًا
       *[other] دمج { $n } زوج
    }
duplicates-bulk-ask =
    { $n ->
        [one] سيُدمج زوج واحد، ويمكن فصله لاحقًا من سجل التغييرات. هل تتابع؟
        [two] سيُدمج زوجان، ويمكن فصلهما لاحقًا من سجل التغييرات. هل تتابع؟
        [few] ستُدمج { $n } أزواج، ويمكن فصل كل منها لاحقًا من سجل التغييرات. هل تتابع؟
        [many] سيُدمج { $n } زوجًا، ويمكن فصل كل منها لاحقًا من سجل التغييرات. هل تتابع؟
       *[other] سيُدمج { $n } زوج، ويمكن فصل كل منها لاحقًا من سجل التغييرات. هل تتابع؟
    }
duplicates-bulk-over =
    { $n ->
        [zero] انتهى الدمج ولم يُدمج شيء.
        [one] انتهى الدمج: دُمج زوج واحد.
        [two] انتهى الدمج: دُمج زوجان.
        [few] انتهى الدمج: دُمجت { $n } أزواج.
        [many] انتهى الدمج: دُمج { $n } زوجًا.
       *[other] انتهى الدمج: دُمج { $n } زوج.
    }
duplicates-bulk-stopped =
    { $n ->
        [zero] أُوقف الدمج قبل أن يُدمج شيء.
        [one] أُوقف الدمج بعد زوج واحد. ما بقي ما زال في القائمة.
        [two] أُوقف الدمج بعد زوجين. ما بقي ما زال في القائمة.
        [few] أُوقف الدمج بعد { $n } أزواج. ما بقي ما زال في القائمة.
        [many] أُوقف الدمج بعد { $n } زوجًا. ما بقي ما زال في القائمة.
       *[other] أُوقف الدمج بعد { $n } زوج. ما بقي ما زال في القائمة.
    }
duplicates-bulk-broken =
    { $n ->
        [zero] تعطّل الدمج قبل أن يُدمج شيء. ابدأه من جديد.
        [one] تعطّل الدمج بعد زوج واحد. ابدأه من جديد ليكمل ما بقي.
        [two] تعطّل الدمج بعد زوجين. ابدأه من جديد ليكمل ما بقي.
        [few] تعطّل الدمج بعد { $n } أزواج. ابدأه من جديد ليكمل ما بقي.
        [many] تعطّل الدمج بعد { $n } زوجًا. ابدأه من جديد ليكمل ما بقي.
       *[other] تعطّل الدمج بعد { $n } زوج. ابدأه من جديد ليكمل ما بقي.
    }
duplicates-bulk-left =
    { $n ->
        [one] بقي زوج واحد كما هو: تغيّر أحد السجلين أو لا يجتمعان. راجعه بنفسك.
        [two] بقي زوجان كما هما: تغيّر أحد السجلين أو لا يجتمعان. راجعهما بنفسك.
        [few] بقيت { $n } أزواج كما هي: تغيّر أحد السجلين أو لا يجتمعان. راجعها بنفسك.
        [many] بقي { $n } زوجًا كما هي: تغيّر أحد السجلين أو لا يجتمعان. راجعها بنفسك.
       *[other] بقي { $n } زوج كما هي: تغيّر أحد السجلين أو لا يجتمعان. راجعها بنفسك.
    }
duplicates-bulk-running = يجري الدمج
duplicates-bulk-done = { $done } من { $n }
duplicates-bulk-stop = أوقف الدمج
duplicates-said-stop = سيتوقف الدمج بعد الزوج الجاري
duplicates-said-decided = سُجّل قرارك
duplicates-said-sweep = بدأ البحث عن المكررات
duplicates-not-here = لا يُبحث عن مكررات في هذا النوع من السجلات.
duplicates-score-too-low = اختر درجة لا تقل عن { $least }: ما دونها يحتاج إلى نظر إنسان.
duplicates-no-such-clue = لا يوجد دليل بهذا الاسم؛ راجع قائمة الأدلة في الدليل.
duplicates-no-such-decision = القرار واحد من: distinct أو later أو open.

## الدمج
merge-entry = المكررات والدمج
merge-title = دمج سجلين
merge-pick-title = هل لـ{ $name } سجل آخر؟
merge-pick-text = هذه السجلات تشبهه. اختر واحدًا للمقارنة بينهما حقلًا حقلًا.
merge-compare = قارن
merge-stays = يبقى
merge-goes = يُدمج فيه
merge-both = الاثنان معًا
merge-equal =
    { $n ->
        [one] حقل واحد متطابق
        [two] حقلان متطابقان
        [few] { $n } حقول متطابقة
        [many] { $n } حقلًا متطابقًا
       *[other] { $n } حقل متطابق
    }
merge-nothing-to-choose = لا خلاف بينهما في شيء. يبقى
merge-alone =
    { $n ->
        [one] حقل واحد مملوء في أحدهما وحده
        [two] حقلان مملوءان في أحدهما وحده
        [few] { $n } حقول مملوءة في أحدهما وحده
        [many] { $n } حقلًا مملوءًا في أحدهما وحده
       *[other] { $n } حقل مملوء في أحدهما وحده
    }
merge-derived =
    { $n ->
        [one] حقل واحد يتبع البيانات
        [two] حقلان يتبعان البيانات
        [few] { $n } حقول تتبع البيانات
        [many] { $n } حقلًا يتبع البيانات
       *[other] { $n } حقل يتبع البيانات
    }
merge-text = كل ما يرتبط بالسجل الثاني، من طلبات ومكالمات وملفات وتعليقات، ينتقل إلى الأول، وتظل روابطه القديمة صالحة. ويمكن فصل السجلين لاحقًا من سجل التغييرات.
merge-do = دمج
merge-swap = بدّل الباقي
merge-past = دُمج فيه سجل آخر
merge-undo = فصل السجلين
merge-undo-ask = يعود السجلان كما كانا، ويبقى ما أُضيف بعد الدمج في هذا السجل. هل تتابع؟
merge-did = دمج سجلًا آخر في هذا السجل
merge-did-away = دمج هذا السجل في سجل آخر
merge-did-undo = فصل سجلًا دُمج من قبل
merge-said-merged = دُمج السجلان
merge-said-undone = عاد السجل كما كان
merge-said-moved = دُمج هذا السجل في السجل المعروض الآن
merge-said-two = اختر سجلين اثنين للدمج
merge-itself = لا يُدمج السجل في نفسه. اختر سجلًا آخر.
merge-other-sort = السجلان من نوعين مختلفين ولا يُدمجان. إن كان أحد النوعين خطأً فصحّحه أولًا.
merge-would-loop = بهذا الاختيار يصبح السجل فوق نفسه في «{ $field }». اختر القيمة الأخرى.
merge-later-first = بُني على هذا الدمج دمجٌ أحدث. افصل الأحدث أولًا.
merge-delete-old = دُمج هذا السجل في سجل آخر ({ $id }). لحذف المدموج احذف ذلك السجل، أو افصل السجلين أولًا.
merge-no-such-side = القيمة واحدة من: survivor أو loser أو both.

## الأرقام في الأنظمة الأخرى
external-title = أرقامه في أنظمة أخرى
external-system = النظام، مثل: erp
external-key = رقمه هناك
external-add = أضف
external-remove = احذف الرقم { $key }
external-remove-ask = لن يُعثر على السجل بالرقم { $key } بعد حذفه. هل تتابع؟
external-said-added = أُضيف الرقم
external-said-removed = حُذف الرقم
external-bad-system = اكتب اسم النظام بحروف لاتينية صغيرة وأرقام، مثل erp أو shop_2.
external-taken = الرقم { $key } في { $system } لسجل آخر. تأكد من الرقم، أو ادمج السجلين إن كانا واحدًا.

## الاستيراد
web-import-alike = سطر يشبه سجلًا موجودًا
web-import-alike-review = يُضاف ويُعرض للمراجعة
web-import-alike-skip = يُترك
web-import-alike-update = يحدّث السجل الموجود
web-import-alike-create = يُضاف دون مقارنة
web-import-alike-n =
    { $n ->
        [one] سطر واحد يشبه سجلًا موجودًا أو سطرًا سابقًا
        [two] سطران يشبهان سجلات موجودة أو سطورًا سابقة
        [few] { $n } سطور تشبه سجلات موجودة أو سطورًا سابقة
        [many] { $n } سطرًا تشبه سجلات موجودة أو سطورًا سابقة
       *[other] { $n } سطر تشبه سجلات موجودة أو سطورًا سابقة
    }
import-looks-like-record = يبدو أن هذا السجل موجود من قبل، فتُرك السطر.
import-looks-like-line = يشبه هذا السطرُ السطرَ { $n } من الملف، فتُرك.
