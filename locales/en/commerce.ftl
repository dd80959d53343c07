### Words of the commerce module: deals, quotes, orders, invoices.
