### عبارات الدخول والحسابات والصلاحيات.

auth-wrong = البريد الإلكتروني أو كلمة المرور غير صحيحة.
auth-throttled = محاولات كثيرة متتالية. الثواني المتبقية قبل المحاولة التالية: { $seconds }
auth-password-short = اختر كلمة مرور أطول (أقل عدد من الأحرف: { $min }).
auth-password-long = كلمة المرور أطول من المسموح (أكبر عدد من الأحرف: { $max }).
auth-password-is-name = لا تجعل كلمة المرور اسمك أو بريدك الإلكتروني.
auth-password-simple = كلمة المرور سهلة التخمين. نوّع حروفها.
auth-old-wrong = كلمة المرور الحالية غير صحيحة.
auth-unknown-scope = لا يوجد نطاق صلاحية بالاسم «{ $name }». المتاح: read أو write أو admin أو object:verb.
auth-expires-past = اختر تاريخ انتهاء في المستقبل.
auth-setup-done = جرى إعداد الشركة من قبل. سجّل الدخول بحسابك.
auth-unknown-country = اكتب رمز الدولة من حرفين، مثل SA.
auth-unknown-zone = المنطقة الزمنية غير معروفة. مثال: Asia/Riyadh
auth-reset-spent = انتهت صلاحية الرابط أو سبق استخدامه. اطلب رابطًا جديدًا.
auth-mail-bad-url = اكتب عنوان خادم البريد هكذا: smtps://user:password@host:465

## رسائل البريد
auth-mail-hello = مرحبًا { $name }،
auth-mail-reset-subject = إعادة تعيين كلمة المرور – { $company }
auth-mail-reset-why = وصلنا طلب لإعادة تعيين كلمة مرور حسابك. افتح هذا الرابط واختر كلمة مرور جديدة:
auth-mail-reset-until = يعمل الرابط مرة واحدة فقط، ولمدة ساعة.
auth-mail-reset-ignore = إن لم تطلب ذلك فتجاهل هذه الرسالة، وستبقى كلمة مرورك كما هي.

