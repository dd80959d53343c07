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
