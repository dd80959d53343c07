### Words of opportunities and leads.

## Done
sales-opportunity-won = Well done! The win is noted.
sales-opportunity-lost = The loss and its reason are noted.
sales-opportunity-reopened = The opportunity is open again, in the last stage it was in.
sales-lead-taken = This lead is yours now.
sales-lead-contacted = The first touch is noted.
sales-lead-qualified = The lead is qualified.
sales-lead-nurtured = Put off until its day.
sales-lead-rejected = Rejected; the reason is kept.
sales-lead-reopened = The lead is followed up again.
sales-lead-converted = The lead is a customer on record now.
sales-lead-unconverted = The conversion is undone; what it made is gone.

## What does not fit
sales-no-pipeline = No pipeline in use has an open stage. Add a pipeline with its stages first.
sales-no-stage = This pipeline has no stage that fits. Add an open stage to it.
sales-no-end = This pipeline has no stage of that kind. Give it one for wins and one for losses.
sales-stage-elsewhere = This stage belongs to another pipeline. Choose one of the same pipeline, or leave the stage empty.
sales-stage-needs = To enter “{ $stage }”, fill in first: { $field }.
sales-stage-in-use = Opportunities stand in this stage, so its pipeline and kind stay. Move them first.
sales-probability-range = The probability lies between 0 and 100 percent.
sales-days-range = Write the days, 1 to 3650, or leave it empty.
sales-points-range = Points lie between minus 100 and 100.
sales-rule-own-fields = The condition asks the lead's own fields, not the clock, other records or the rating itself.
sales-lead-not-new = The lead has been followed up; it is not new again.
sales-lead-taken-by-nobody = A user takes a lead, not the system.
sales-nurture-past = Choose a day after today.
sales-convert-choose = There are customers alike: { $names }. Choose one of them, or choose to make a new one.
sales-convert-elsewhere = A matching customer is on record who is not among yours. Ask your manager before making a second one.
sales-convert-kind = Choose a record of the right kind here: a person as contact, an organisation as organisation.
sales-undo-unknown = What this conversion made is not known, so it cannot be undone.
sales-undo-touched = It cannot be undone: somebody has worked since with { $object } “{ $name }”.

## The funnel
sales-funnel = Funnel
sales-funnel-about = Where deals come through, where they wait, and what is to be expected. Each figure opens the list behind it.
sales-funnel-none = No pipelines yet
sales-funnel-none-text = Add a pipeline with its stages, and its figures appear here.
sales-funnel-quiet = No opportunities in this pipeline
sales-funnel-quiet-text = Add the first one, and you will see here how deals come through the stages and how long they wait.
sales-funnel-begin = First opportunity
sales-pipelines = Pipelines
sales-span = Span
sales-span-all = All time
sales-days =
    { $count ->
        [0] less than a day
        [one] { $count } day
       *[other] { $count } days
    }
sales-bottleneck = The slowest stage is “{ $stage }”: half of all deals stay there longer than { $stay }, and { $share } of those that reach it go on.
sales-bottleneck-stay = The slowest stage is “{ $stage }”: half of all deals stay there longer than { $stay }.
sales-bottleneck-none = Too few deals have left a stage in this span to say which is the slowest.
sales-tile-created = New opportunities
sales-tile-created-foot = created in this span
sales-tile-won = Win rate
sales-tile-won-small = { $won } of { $ended } closed
sales-tile-late = Waiting too long
sales-tile-late-small = of { $count } open
sales-tile-weighted = Weighted forecast
sales-tile-weighted-small = of { $amount }
sales-funnel-drawn = How many reached each stage
sales-funnel-drawn-note = Of the opportunities created in this span.
sales-won = Won
sales-by-stage = Stage by stage
sales-stages-note = Conversion and stay in this span; the rest as it stands now.
sales-foreign =
    { $count ->
        [one] One opportunity in another currency is in no sum.
       *[other] { $count } opportunities in other currencies are in no sum.
    }
sales-stage = Stage
sales-onward = Went on
sales-median = Median stay
sales-standing = Now in it
sales-value = Value
sales-late = Too long
sales-slowest = Slowest
sales-forecast = Forecast by month
sales-forecast-note = What open deals are worth in the month they are expected to close, in full and times their probability.
sales-forecast-owner = Forecast by owner
sales-forecast-owner-note = Weighted by probability.
sales-weighted = Weighted
sales-full = In full
sales-currency = Currency
sales-overdue = Overdue
sales-later = Later
sales-undated = No date
sales-owner = Owner
sales-total = Total
sales-all = Everybody
sales-nobody = Nobody
sales-deals =
    { $count ->
        [0] no deals
        [one] { $count } deal
       *[other] { $count } deals
    }

## On pages
sales-here-since = Entered this stage { $since }.
sales-criteria = The stage is done when:
sales-next-asks = To enter “{ $stage }”:
sales-ask-missing = not there yet
sales-points =
    { $count ->
        [0] no points
        [one] { $count } point
       *[other] { $count } points
    }
sales-no-rule = No rule fits.
sales-known-note = On conversion, whoever is plainly the same is linked; you are asked about the others.
sales-from = from { $stage }
