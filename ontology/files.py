"""Where the files of this folder are, in a checkout as in an installed package."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(str(files(__package__)))


def _listed(folder: str, pattern: str) -> list[Path]:
    return sorted((_FOLDER / folder).glob(pattern))


def root() -> Path:
    """Gives the root of the ontology, which imports every module."""
    return _FOLDER / "hakusho.ttl"


def modules() -> list[Path]:
    """Gives the modules of the ontology, one a subject.

    >>> [path.stem for path in modules()][:3]
    ['challenge', 'dimension', 'document']
    """
    return _listed("modules", "*.ttl")


def vocabularies() -> list[Path]:
    """Gives the code lists, one or more concept schemes a file."""
    return _listed("vocabularies", "*.ttl")


def deprecations() -> list[Path]:
    """Gives what retires terms of the ontology, one file for each version that retired any."""
    return _listed("deprecations", "*.ttl")


def core() -> list[Path]:
    """Gives the files of the ontology proper: the root, what it imports, and the code lists."""
    return [root(), *modules(), *vocabularies(), *deprecations()]


def alignments() -> list[Path]:
    """Gives what relates the ontology to other vocabularies, one file for each of them."""
    return _listed("alignments", "*.ttl")


def shapes() -> list[Path]:
    """Gives the SHACL shapes."""
    return _listed("shapes", "*.ttl")


def rules() -> list[Path]:
    """Gives the inference rules, one CONSTRUCT query a file."""
    return _listed("rules", "*.rq")


def inconsistencies() -> list[Path]:
    """Gives the queries that name what contradicts the ontology, one kind of clash a file."""
    return _listed("rules/inconsistencies", "*.rq")


def checks() -> list[Path]:
    """Gives the hygiene rules of the ontology, one query a file; a row is a fault."""
    return _listed("checks", "*.rq")


def network_relations() -> list[Path]:
    """Gives what relates the things of the network, one relation a file."""
    return _listed("network/relations", "*.rq")


def network_parts() -> list[Path]:
    """Gives what else the network is made of: its things, its words, whom to credit."""
    return _listed("network", "*.rq")


def examples() -> list[Path]:
    """Gives the example data, valid and invalid, in a folder for each shapes file."""
    return _listed("examples", "*/*.ttl")


def context() -> Path:
    """Gives the JSON-LD context that maps column and key names to terms."""
    return _FOLDER / "context.jsonld"
