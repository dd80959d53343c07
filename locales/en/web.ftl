### Words of the web pages: lists, forms, search, settings.
