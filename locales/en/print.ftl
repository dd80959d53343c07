### Sentences of printed documents.

print-page = Page
print-of = of
