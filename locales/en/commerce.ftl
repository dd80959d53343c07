### Words of the sales module: orders, returns, products.

commerce-order-placed = The order has been placed.
commerce-order-shipped = The order is marked as shipped.
commerce-order-completed = The order is complete.
commerce-order-cancelled = The order has been cancelled.
