### Words of quotes: for the seller, for the customer on his page, and on paper.

## Done
quotes-quote-begun = The quote is begun. Add its lines, then send it.
quotes-quote-sent = The quote is sent and does not change any more.
quotes-quote-seen = The customer opened the quote
quotes-quote-commented = The customer remarked on the quote
quotes-quote-accepted = The quote is accepted.
quotes-quote-declined = The quote is declined, and the reason kept.
quotes-quote-expired = The quote has expired.
quotes-quote-revised = A new version is begun; the one before no longer holds.
quotes-quote-ordered = The quote became a sales order.
quotes-quote-was-ordered = This quote has its sales order already: here it is.

## What does not fit
quotes-too-many-lines = A quote has { $most } lines at most. Split it into several.
quotes-negative = “{ $line }” has a quantity, price or discount below zero.
quotes-line-discount = The discount of “{ $line }” is more than the line.
quotes-discount-too-much = The discount on all is more than the lines together.
quotes-too-large = The amount is larger than can be reckoned. Look at quantity and price.
quotes-above-limit = { $found }% off “{ $line }” is above your limit of { $limit }%. Ask somebody with a higher one.
quotes-two-discounts = Write the discount as a percentage or as an amount, not both.
quotes-discount-range = A discount lies between 0 and 100 percent.
quotes-other-currency = Write the discount in the currency of the quote: { $currency }.
quotes-currency = Write the currency as three letters: SAR.
quotes-valid-before = The quote would end before its date.
quotes-valid-past = The last day of this quote has passed. Choose another before you send it.
quotes-line-stays = A line stays in its quote. Add a new one to the other quote.
quotes-frozen = This quote was sent: its lines do not change. Begin a new version.
quotes-sent-stays = A quote that was sent stays on record. Expire it, or begin a new version.
quotes-no-price = This product has no price in { $currency }. Write one, or add it to a price list.
quotes-expired = The quote expired on { $date } and cannot be accepted. Begin a new version.
quotes-head-too-long = One of the fields is longer than fits.
quotes-not-open = This quote can no longer be answered: below you see what has become of it.
quotes-other-sum = The total has changed since you opened the page. Look at it, then accept if you like.
quotes-signature = The signature could not be read. Clear it and sign again, or leave your name alone.
quotes-name-missing = Write your name, so that we know who accepted.
quotes-reason-missing = Write the reason in a word; it helps us.
quotes-remark-missing = Write your remark first.

## The seller's desk
quotes-one = Quote
quotes-many = Quotes
quotes-description = Description
quotes-quantity = Quantity
quotes-price = Unit price
quotes-discount-percent = Discount %
quotes-tax = Tax
quotes-amount = Amount
quotes-optional = Optional
quotes-chosen = Chosen by the customer
quotes-included = Included
quotes-add-line = Add a line
quotes-no-lines = Find the first product and add it. What is no product is added in words, then given a price.
quotes-discount-on-all = Discount on all %
quotes-margin = Margin
quotes-highest-discount = Highest discount from the list
quotes-download = Download PDF
quotes-open-page = The customer's page
quotes-link = The customer's link
quotes-seen =
    { $count ->
        [one] Opened once, { $when }
       *[other] Opened { $count } times, first { $when }
    }
quotes-why = Why this price?
quotes-why-list = Listed price { $price }
quotes-why-product = Price of the product { $price }
quotes-why-own = Price set by the seller
quotes-why-line-discount = Discount of the line
quotes-why-discount = Its share of the discount on all
quotes-why-tax-out = Tax taken out of the price
quotes-why-tax = Tax

## Amounts
quotes-sum = Sum of lines
quotes-discount = Discount
quotes-net = Net before tax
quotes-rounding = Rounding
quotes-total = Total
quotes-tax-line = VAT { $rate }
quotes-tax-line-of = VAT { $rate } on { $base }
quotes-tax-exempt = Exempt from tax: { $base }
quotes-in-words = { $words } only
quotes-line-discounted = after { $amount } off

## The customer's page
quotes-for = For
quotes-subject = Subject
quotes-date = Date
quotes-until = Valid until
quotes-terms = Terms
quotes-recount = Work out the total again
quotes-accept-title = Accept this quote
quotes-accept-text = By accepting you agree with us on the lines, prices and terms above.
quotes-your-name = Your name
quotes-sign-here = Sign here with your finger or the mouse, if you like
quotes-sign-again = Clear the signature
quotes-accept = I accept the quote
quotes-decline-title = I do not want this quote
quotes-reason = What is the reason?
quotes-decline = I decline the quote
quotes-remark-title = I have a question or remark
quotes-remark = Your question or remark
quotes-remark-send = Send
quotes-remark-on = The customer's remark on quote { $number }
quotes-said-accepted = Thank you. Your acceptance is noted, and we will be in touch.
quotes-said-declined = Your answer is noted. Thank you for your time.
quotes-said-commented = Your remark has reached us, and we will answer it.
quotes-is-accepted = { $name } accepted this quote on { $date }.
quotes-is-declined = This quote was declined on { $date }.
quotes-is-expired = This quote has expired. Talk to us and we will renew it.
quotes-is-superseded = A newer version took the place of this quote.
quotes-is-being-revised = We are preparing a new version of this quote; this one no longer holds.
quotes-newer = Open the newer version
quotes-link-spent = This link opens nothing
quotes-link-spent-text = Perhaps it was not copied whole, or its time is over. Ask whoever sent you the quote for a new one.

## On paper
quotes-options = Optional lines, outside the total
quotes-accepted-by = Accepted by
quotes-scan = Scan the code to open the quote on your phone, accept it or ask about it.
quotes-tax-number = Tax number
quotes-register-number = Commercial register

## Letterhead
quotes-letterhead = Letterhead of quotes
quotes-letterhead-about = What stands at the head of every quote, and the usual terms where a quote has none of its own.
quotes-head-address-ar = Address in Arabic
quotes-head-address-en = Address in English
quotes-head-phone = Phone in international form
quotes-head-email = E-mail
quotes-head-website = Website
quotes-head-tax-number = Tax number
quotes-head-register-number = Commercial register
quotes-head-terms-ar = Terms in Arabic
quotes-head-terms-en = Terms in English
quotes-head-saved = The letterhead is saved.

## The letter
quotes-mail-subject = Quote { $number } from { $company }
quotes-mail-text = Please find quote { $number } from { $company } attached. You can open it, accept it or ask about it here:
quotes-mail-until = The quote is valid until { $date }.

## Notices
notice-quote-seen = The customer opened quote { $title }
notice-quote-commented = The customer remarked on quote { $title }
notice-quote-accepted = Quote { $title } was accepted
notice-quote-declined = Quote { $title } was declined
notice-quote-expired = Quote { $title } expired
