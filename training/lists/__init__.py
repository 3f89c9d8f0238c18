"""Tables and filters of the list pages, a module per page."""
