### عبارات وحدة المبيعات: الطلبات والمرتجعات والمنتجات.

commerce-order-placed = تم تأكيد الطلب.
commerce-order-shipped = سُجّل شحن الطلب.
commerce-order-completed = اكتمل الطلب.
commerce-order-cancelled = أُلغي الطلب.
