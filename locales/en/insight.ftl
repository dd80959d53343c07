### Words of analytics: reports and dashboards.
