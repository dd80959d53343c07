### عبارات التحليلات: لوحة المتابعة وتصنيف العملاء.

insight-good-morning = صباح الخير يا { $name }
insight-good-evening = مساء الخير يا { $name }
insight-period = المدة
insight-period-3m = { $count } أشهر
insight-period-12m = سنة
insight-period-24m = سنتان
insight-period-all = كل المدة
insight-up-to-last = حتى آخر عملية مسجلة

insight-net-revenue = صافي المبيعات
insight-net-of-returns = بعد خصم المرتجعات
insight-sales = المبيعات
insight-orders = الطلبات
insight-average = بمتوسط { $money }
insight-average-order = متوسط الطلب
insight-buyers = العملاء المشترون
insight-returns = المرتجعات
insight-share-of-sales = { $share } من المبيعات
insight-last-order = آخر طلب

insight-revenue-by-month = صافي المبيعات حسب الشهر
insight-new-and-returning = العملاء الجدد والعائدون
insight-new-hint = الجديد من كان هذا الشهر أول شرائه
insight-new = جدد
insight-returning = عائدون
insight-top-products = المنتجات الأكثر مبيعًا

insight-pareto = منحنى باريتو
insight-pareto-note =
    { $count ->
        [zero] أكبر { $fifth } من العملاء يمثلون { $top } من المبيعات.
        [one] أكبر { $fifth } من العملاء يمثلون { $top } من المبيعات، ويمثل عميل واحد ({ $eighty }) ما لا يتجاوز { $most } منها.
        [two] أكبر { $fifth } من العملاء يمثلون { $top } من المبيعات، ويمثل عميلان ({ $eighty }) ما لا يتجاوز { $most } منها.
        [few] أكبر { $fifth } من العملاء يمثلون { $top } من المبيعات، ويمثل { $count } عملاء ({ $eighty }) ما لا يتجاوز { $most } منها.
        [many] أكبر { $fifth } من العملاء يمثلون { $top } من المبيعات، ويمثل { $count } عميلًا ({ $eighty }) ما لا يتجاوز { $most } منها.
       *[other] أكبر { $fifth } من العملاء يمثلون { $top } من المبيعات، ويمثل { $count } عميل ({ $eighty }) ما لا يتجاوز { $most } منها.
    }
insight-customers-bring =
    { $count ->
        [zero] لا عملاء: { $money }
        [one] عميل واحد: { $money }
        [two] عميلان: { $money }
        [few] { $count } عملاء: { $money }
        [many] { $count } عميلًا: { $money }
       *[other] { $count } عميل: { $money }
    }

insight-rfm = حداثة الشراء وتكراره
insight-rfm-note = عدد العملاء ومشترياتهم في كل خانة، من { $least } إلى { $best } (الأفضل { $best }). التعريف: { $definition }.
insight-rfm-corner = حداثة ↓ تكرار ←
insight-rfm-cell =
    { $count ->
        [zero] الحداثة { $recency }، التكرار { $frequency }: لا عملاء
        [one] الحداثة { $recency }، التكرار { $frequency }: عميل واحد
        [two] الحداثة { $recency }، التكرار { $frequency }: عميلان
        [few] الحداثة { $recency }، التكرار { $frequency }: { $count } عملاء
        [many] الحداثة { $recency }، التكرار { $frequency }: { $count } عميلًا
       *[other] الحداثة { $recency }، التكرار { $frequency }: { $count } عميل
    }
insight-rfm-none = لم يُصنَّف العملاء بعد
insight-rfm-none-hint = يُحسب التصنيف من الطلبات كل ليلة، وأول مرة خلال دقائق من وصولها.
insight-scores = الحداثة { $recency } · التكرار { $frequency } · القيمة { $monetary }

insight-nothing-yet = لا طلبات بعد
insight-nothing-yet-hint = ستظهر هنا المبيعات والعملاء والمنتجات فور تسجيل أول طلب أو استيراد طلباتك السابقة.
insight-not-for-you = لا توجد أرقام متاحة لك
insight-not-for-you-hint = صلاحياتك لا تشمل الطلبات. اطلب من مدير النظام إن كنت بحاجة إليها.
insight-import-orders = استيراد الطلبات
insight-open-parties = العملاء والجهات

insight-months-of-customer = مشترياته في آخر سنة له
insight-usually-buys = ما يشتريه عادةً
insight-every = متوسط ما بين الطلبات
insight-days =
    { $count ->
        [zero] أقل من يوم
        [one] يوم واحد
        [two] يومان
        [few] { $count } أيام
        [many] { $count } يومًا
       *[other] { $count } يوم
    }
insight-times-of =
    { $count ->
        [zero] لا طلبات
        [one] في طلب واحد · الكمية { $quantity } · { $money }
        [two] في طلبين · الكمية { $quantity } · { $money }
        [few] في { $count } طلبات · الكمية { $quantity } · { $money }
        [many] في { $count } طلبًا · الكمية { $quantity } · { $money }
       *[other] في { $count } طلب · الكمية { $quantity } · { $money }
    }

## Get, keep, grow
insight-growth = كسب واستبقاء وتنمية
insight-growth-about = أين يقف عملاؤنا جميعًا، ومن جاء منهم ومن ابتعد
insight-growth-span = المدة
insight-growth-total = توزيع العملاء على المراحل، وعددهم { $count }
insight-growth-none = لا عملاء بعد
insight-growth-none-text = أضف أول عميل أو استورد عملاءك، وستظهر مراحلهم هنا.
insight-growth-attention = من يحتاج إلى عناية
insight-growth-still = لا حركة
insight-growth-came = دخلها { $count }
insight-growth-left = خرج منها { $count }
insight-growth-last = آخر طلب { $date }
insight-growth-soon = يوشكون على الخمول
insight-growth-fell = ابتعدوا في هذه المدة
insight-growth-waiting = محتملون ينتظرون
insight-get = كسب
insight-get-question = من نكسبه بعد؟
insight-keep = استبقاء
insight-keep-question = من نحافظ عليه أو نستعيده؟
insight-grow = تنمية
insight-grow-question = مع من ننمو؟
