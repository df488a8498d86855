"""Systems with a JSON API as a description says they are: paths, paging, changes, writes and errors."""
