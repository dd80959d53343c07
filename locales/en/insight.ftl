### Words of the insight module: dashboard and customer classes.

insight-good-morning = Good morning, { $name }
insight-good-evening = Good evening, { $name }
insight-period = Period
insight-period-3m = { $count } months
insight-period-12m = 1 year
insight-period-24m = 2 years
insight-period-all = All time
insight-up-to-last = up to the last recorded sale

insight-net-revenue = Net sales
insight-net-of-returns = Net of returns
insight-sales = Sales
insight-orders = Orders
insight-average = { $money } on average
insight-average-order = Average order
insight-buyers = Active customers
insight-returns = Returns
insight-share-of-sales = { $share } of sales
insight-last-order = Last order

insight-revenue-by-month = Net sales by month
insight-new-and-returning = New and returning customers
insight-new-hint = New: the first purchase was in this month
insight-new = New
insight-returning = Returning
insight-top-products = Top products

insight-pareto = Pareto curve
insight-pareto-note =
    { $count ->
        [one] The top { $fifth } of customers bring { $top } of sales; one customer ({ $eighty }) stays within { $most }.
       *[other] The top { $fifth } of customers bring { $top } of sales; { $count } customers ({ $eighty }) stay within { $most }.
    }
insight-customers-bring =
    { $count ->
        [one] One customer: { $money }
       *[other] { $count } customers: { $money }
    }

insight-rfm = Recency and frequency
insight-rfm-note = Customers and what they bought in each cell, { $least } to { $best } ({ $best } is best). Definition: { $definition }.
insight-rfm-corner = R ↓ F →
insight-rfm-cell =
    { $count ->
        [one] Recency { $recency }, frequency { $frequency }: one customer
       *[other] Recency { $recency }, frequency { $frequency }: { $count } customers
    }
insight-rfm-none = Customers are not classed yet
insight-rfm-none-hint = Classes are computed from the orders every night, and for the first time within minutes of their arrival.
insight-scores = Recency { $recency } · frequency { $frequency } · value { $monetary }

insight-nothing-yet = No orders yet
insight-nothing-yet-hint = Sales, customers and products appear here with the first order, or once you import earlier ones.
insight-not-for-you = No figures for you here
insight-not-for-you-hint = Your rights do not include orders. Ask an administrator if you need them.
insight-import-orders = Import orders
insight-open-parties = Parties

insight-months-of-customer = Purchases in the last year of activity
insight-usually-buys = Usually buys
insight-every = Usual time between orders
insight-days =
    { $count ->
        [0] Less than a day
        [one] One day
       *[other] { $count } days
    }
insight-times-of =
    { $count ->
        [one] in one order · quantity { $quantity } · { $money }
       *[other] in { $count } orders · quantity { $quantity } · { $money }
    }

## Get, keep, grow
insight-growth = Get, keep, grow
insight-growth-about = Where all our customers stand, who came and who drifted away
insight-growth-span = Period
insight-growth-total = Customers by stage, { $count } in all
insight-growth-none = No customers yet
insight-growth-none-text = Add the first one or import your customers; their stages will stand here.
insight-growth-attention = Who needs attention
insight-growth-still = No movement
insight-growth-came = { $count } came
insight-growth-left = { $count } left
insight-growth-last = Last order { $date }
insight-growth-soon = About to go dormant
insight-growth-fell = Drifted away in this period
insight-growth-waiting = Prospects waiting
insight-get = Get
insight-get-question = Whom shall we win next?
insight-keep = Keep
insight-keep-question = Whom shall we hold or win back?
insight-grow = Grow
insight-grow-question = With whom do we grow?
