### عبارات الوثائق المطبوعة.

print-page = صفحة
print-of = من
