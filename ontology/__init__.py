"""Knowledge about the words: OWL modules, SHACL shapes, rules, alignments, checks and the JSON-LD context."""
