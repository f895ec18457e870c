"""Tables as people keep them: CSV, TSV and XLSX with their own headers, numbers and dates."""
