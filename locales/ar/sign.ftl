### الدخول بأكثر من كلمة مرور، وقواعد الدخول.

sign-code = الرمز
sign-second = التحقق بخطوتين
sign-second-app = افتح تطبيق المصادقة في هاتفك واكتب الرمز المكوّن من ستة أرقام. ويمكنك أن تكتب أحد رموز الاسترداد.
sign-second-codes = اكتب أحد رموز الاسترداد التي حفظتها.
sign-with-passkey = الدخول بمفتاح مرور
sign-passkey-failed = لم يكتمل الأمر في جهازك. حاول مرة أخرى أو ادخل بطريقة أخرى.
sign-enrol = أضف خطوة تحقق ثانية
sign-enrol-text = تطلب شركتك خطوة ثانية عند الدخول. يستغرق إعدادها دقيقة واحدة، ثم تُطلب منك عند كل دخول.
sign-app = تطبيق المصادقة
sign-app-add = إضافة تطبيق مصادقة
sign-app-step-1 = ثبّت في هاتفك تطبيق مصادقة، مثل Google Authenticator أو Aegis.
sign-app-step-2 = امسح به هذا الرمز.
sign-app-by-hand = لا أستطيع المسح؛ أكتب المفتاح بيدي
sign-app-step-3 = اكتب الرمز الذي يعرضه التطبيق.
sign-app-confirm = تأكيد
sign-app-name = اسم يميّز هذا التطبيق (اختياري)
sign-passkey = مفتاح مرور
sign-passkey-add = إضافة مفتاح مرور
sign-passkey-needs-name = مفاتيح المرور تحتاج إلى عنوان للشركة يبدأ بـ https. يحدده مدير النظام في الإعدادات.
sign-factors = التحقق بخطوتين ومفاتيح المرور
sign-factors-text = الخطوة الثانية تحمي حسابك حتى لو عرف أحد كلمة مرورك. ومفتاح المرور يغنيك عن كتابتها.
sign-since = أُضيف في { $date }
sign-used = آخر استخدام { $when }
sign-remove = إزالة
sign-remove-text = للتأكد من أنك صاحب الحساب، اكتب كلمة مرورك.
sign-codes = رموز الاسترداد
sign-codes-text = احفظ هذه الرموز في مكان آمن خارج هاتفك. كل رمز يفتح حسابك مرة واحدة إذا فقدت هاتفك. لن تظهر مرة أخرى.
sign-codes-kept = حفظتها
sign-codes-left =
    { $count ->
        [zero] لم يبق لديك أي رمز استرداد.
        [one] بقي لديك رمز استرداد واحد.
        [two] بقي لديك رمزا استرداد.
        [few] بقيت لديك { $count } رموز استرداد.
        [many] بقي لديك { $count } رمز استرداد.
       *[other] بقي لديك { $count } رمز استرداد.
    }
sign-codes-new = رموز جديدة
sign-codes-new-text = تُلغى الرموز السابقة. اكتب كلمة مرورك للمتابعة.
sign-said-app = صار تطبيق المصادقة خطوتك الثانية عند الدخول.
sign-said-passkey = حُفظ مفتاح المرور.

## قواعد الشركة
sign-rules = الدخول والأمان
sign-rules-second = الخطوة الثانية
sign-rules-nobody = لمن شاء
sign-rules-administrators = إلزامية لمديري النظام
sign-rules-everybody = إلزامية للجميع
sign-rules-shortest = أقل عدد من أحرف كلمة المرور
sign-rules-idle = تنتهي الجلسة غير المستخدمة بعد (أيام)
sign-rules-longest = تنتهي كل جلسة بعد (أيام)
sign-rules-from = العناوين المسموح بالعمل منها
sign-rules-from-help = عنوان أو نطاق في كل سطر، مثل 203.0.113.0/24. اتركها فارغة للسماح من أي مكان. عنوانك الآن: { $ip }
sign-people = الأشخاص
sign-person = الشخص
sign-person-factors = الخطوة الثانية
sign-person-last = آخر دخول
sign-person-none = بلا خطوة ثانية
sign-reset = إعادة ضبط
sign-reset-ask = تُحذف خطوات التحقق لهذا الشخص وتنتهي جلساته كلها، ثم يضيف خطوة جديدة. تأكد من هويته قبل ذلك.
sign-said-reset = حُذفت خطوات التحقق وانتهت الجلسات.
