### كلمات عروض الأسعار: للبائع، وللعميل في صفحته وعلى الورق.

## ما تم
quotes-quote-begun = بدأ عرض السعر. أضف بنوده ثم أرسله.
quotes-quote-sent = أُرسل العرض، ولا يتغير بعد الآن.
quotes-quote-seen = فتح العميل العرض
quotes-quote-commented = علّق العميل على العرض
quotes-quote-accepted = قُبل العرض.
quotes-quote-declined = رُفض العرض، وحُفظ السبب.
quotes-quote-expired = انتهت صلاحية العرض.
quotes-quote-revised = بدأت نسخة جديدة، والسابقة لم تعد سارية.
quotes-quote-ordered = صار العرض أمر بيع.
quotes-quote-was-ordered = لهذا العرض أمر بيع من قبل، وهو هذا.

## ما لا يصح
quotes-too-many-lines = في العرض الواحد { $most } بند على الأكثر. قسّمه إلى عروض.
quotes-negative = في «{ $line }» كمية أو سعر أو خصم دون الصفر.
quotes-line-discount = خصم «{ $line }» أكبر من قيمته.
quotes-discount-too-much = الخصم على العرض أكبر من مجموع بنوده.
quotes-too-large = المبلغ أكبر مما يُحسب. راجع الكمية والسعر.
quotes-above-limit = خصم { $found }٪ على «{ $line }» فوق حدّك، وهو { $limit }٪. اطلبه ممن حدّه أعلى.
quotes-two-discounts = اكتب الخصم نسبة أو مبلغًا، لا كليهما.
quotes-discount-range = الخصم بين 0 و100 في المئة.
quotes-other-currency = اكتب الخصم بعملة العرض: { $currency }.
quotes-currency = اكتب رمز العملة بثلاثة أحرف لاتينية: SAR.
quotes-valid-before = صلاحية العرض تنتهي قبل تاريخه.
quotes-valid-past = انتهت صلاحية العرض. اختر يومًا آخر قبل إرساله.
quotes-line-stays = البند باقٍ في عرضه. أضف بندًا جديدًا في العرض الآخر.
quotes-frozen = أُرسل هذا العرض فلا تتغير بنوده. ابدأ نسخة جديدة.
quotes-sent-stays = العرض المرسل يبقى في السجل. أنهِ صلاحيته أو ابدأ نسخة جديدة.
quotes-no-price = لا سعر لهذا المنتج بعملة { $currency }. اكتب السعر، أو أضفه إلى قائمة أسعار.
quotes-expired = انتهت صلاحية العرض في { $date }، فلا يُقبل. ابدأ نسخة جديدة.
quotes-head-too-long = أحد الحقول أطول من اللازم.
quotes-not-open = لم يعد الرد على هذا العرض ممكنًا: ترى أدناه ما صار إليه.
quotes-other-sum = تغيّر الإجمالي منذ فتحت الصفحة. راجعه ثم اقبله إن شئت.
quotes-signature = لم نتمكن من قراءة التوقيع. امسحه ووقّع من جديد، أو اترك الاسم وحده.
quotes-name-missing = اكتب اسمك لنعرف من قَبِل العرض.
quotes-reason-missing = اكتب سبب الرفض بكلمة، فهو يعيننا.
quotes-remark-missing = اكتب تعليقك أولًا.

## مكتب البائع
quotes-one = عرض سعر
quotes-many = عروض الأسعار
quotes-description = البيان
quotes-quantity = الكمية
quotes-price = سعر الوحدة
quotes-discount-percent = الخصم ٪
quotes-tax = الضريبة
quotes-amount = القيمة
quotes-optional = اختياري
quotes-chosen = اختاره العميل
quotes-included = ضمن المنتج
quotes-add-line = أضف بندًا
quotes-no-lines = ابحث عن أول منتج وأضفه. ما ليس في المنتجات يُضاف بالكلمات ثم يُكتب سعره.
quotes-discount-on-all = خصم على العرض كله ٪
quotes-margin = هامش الربح
quotes-highest-discount = أعلى خصم عن القائمة
quotes-download = تنزيل PDF
quotes-open-page = صفحة العميل
quotes-link = رابط العميل
quotes-seen =
    { $count ->
        [one] فُتح مرة واحدة، أولها { $when }
        [two] فُتح مرتين، أولاهما { $when }
        [few] فُتح { $count } مرات، أولاها { $when }
        [many] فُتح { $count } مرة، أولاها { $when }
       *[other] فُتح { $count } مرة، أولاها { $when }
    }
quotes-why = كيف حُسب؟
quotes-why-list = سعر القائمة { $price }
quotes-why-product = سعر المنتج { $price }
quotes-why-own = سعر حدده البائع
quotes-why-line-discount = خصم البند
quotes-why-discount = حصته من خصم العرض
quotes-why-tax-out = إخراج الضريبة من السعر
quotes-why-tax = الضريبة

## المبالغ
quotes-sum = مجموع البنود
quotes-discount = خصم على العرض
quotes-net = الصافي قبل الضريبة
quotes-rounding = فرق التقريب
quotes-total = الإجمالي
quotes-tax-line = ضريبة القيمة المضافة { $rate }
quotes-tax-line-of = ضريبة القيمة المضافة { $rate } على { $base }
quotes-tax-exempt = معفى من الضريبة: { $base }
quotes-in-words = فقط { $words } لا غير
quotes-line-discounted = بعد خصم { $amount }

## صفحة العميل
quotes-for = مقدم إلى
quotes-subject = الموضوع
quotes-date = التاريخ
quotes-until = صالح حتى
quotes-terms = الشروط
quotes-recount = احسب الإجمالي من جديد
quotes-accept-title = قبول العرض
quotes-accept-text = بقبولك تتفق معنا على البنود والأسعار والشروط أعلاه.
quotes-your-name = اسمك
quotes-sign-here = وقّع هنا بإصبعك أو بالفأرة، إن شئت
quotes-sign-again = امسح التوقيع
quotes-accept = أقبل العرض
quotes-decline-title = لا أرغب في هذا العرض
quotes-reason = ما السبب؟
quotes-decline = أرفض العرض
quotes-remark-title = لدي سؤال أو ملاحظة
quotes-remark = سؤالك أو ملاحظتك
quotes-remark-send = إرسال
quotes-remark-on = تعليق العميل على العرض { $number }
quotes-said-accepted = شكرًا لك. سجلنا قبولك، وسنتواصل معك.
quotes-said-declined = سجلنا ردك، وشكرًا لوقتك.
quotes-said-commented = وصلتنا ملاحظتك، وسنرد عليك.
quotes-is-accepted = قَبِل { $name } هذا العرض في { $date }.
quotes-is-declined = رُفض هذا العرض في { $date }.
quotes-is-expired = انتهت صلاحية هذا العرض. تواصل معنا لنجدده لك.
quotes-is-superseded = حلّت محل هذا العرض نسخة أحدث.
quotes-is-being-revised = نعدّ لك نسخة جديدة من هذا العرض، فلم تعد هذه سارية.
quotes-newer = افتح النسخة الأحدث
quotes-link-spent = هذا الرابط لا يفتح شيئًا
quotes-link-spent-text = ربما لم يُنسخ كاملًا أو مضت مدته. اطلب رابطًا جديدًا ممن أرسل إليك العرض.

## الورق
quotes-options = بنود اختيارية، خارج الإجمالي
quotes-accepted-by = قَبِله
quotes-scan = امسح الرمز لفتح العرض على هاتفك وقبوله أو السؤال عنه.
quotes-tax-number = الرقم الضريبي
quotes-register-number = السجل التجاري

## الترويسة
quotes-letterhead = ترويسة عروض الأسعار
quotes-letterhead-about = ما يظهر في رأس كل عرض، والشروط المعتادة حيث لا يذكر العرض شروطه.
quotes-head-address-ar = العنوان بالعربية
quotes-head-address-en = العنوان بالإنجليزية
quotes-head-phone = الهاتف بالصيغة الدولية
quotes-head-email = البريد الإلكتروني
quotes-head-website = الموقع الإلكتروني
quotes-head-tax-number = الرقم الضريبي
quotes-head-register-number = السجل التجاري
quotes-head-terms-ar = الشروط بالعربية
quotes-head-terms-en = الشروط بالإنجليزية
quotes-head-saved = حُفظت الترويسة.

## الرسالة
quotes-mail-subject = عرض سعر { $number } من { $company }
quotes-mail-text = تجدون عرض السعر { $number } من { $company } مرفقًا، ويمكنكم فتحه وقبوله أو السؤال عنه من هذا الرابط:
quotes-mail-until = العرض صالح حتى { $date }.

## التنبيهات
notice-quote-seen = فتح العميل عرض السعر { $title }
notice-quote-commented = علّق العميل على عرض السعر { $title }
notice-quote-accepted = قُبل عرض السعر { $title }
notice-quote-declined = رُفض عرض السعر { $title }
notice-quote-expired = انتهت صلاحية عرض السعر { $title }
