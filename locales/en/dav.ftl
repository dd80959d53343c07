### What is said to calendar and address book programs.

dav-bad-xml = The request is not well-formed XML.
dav-no-doctype = A document type is not accepted in a request.
dav-xml-too-deep = The request is nested too deep.
dav-xml-too-large = The request has too many elements.
