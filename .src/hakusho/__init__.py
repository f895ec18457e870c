"""Knowledge graph and semantic query system over government white papers."""
