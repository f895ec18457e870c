"""Knowledge about the words: OWL modules, shapes, rules, alignments and checks."""
