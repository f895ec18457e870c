"""Statistics as their publishers serve them: wide tables, the e-Stat API's answers, SDMX."""
