"""A network written out for the tools that draw and measure networks.

| format      | for                                | read by                                |
|-------------|------------------------------------|----------------------------------------|
| `graphml`   | GraphML, XML                       | yEd, Gephi, Cytoscape, igraph, networkx |
| `gexf`      | GEXF 1.2, XML                      | Gephi, networkx                        |
| `cytoscape` | the elements of Cytoscape.js, JSON | Cytoscape, Cytoscape.js, networkx      |

All three say the same. A node's id is KIND/SLUG; it has `label` (in the language asked for),
`label_ja`, `label_en`, `kind`, `slug` and `iri`. An edge leads from subject to object; it has an
`id` of its own, `label`, `relation` (a prefixed name), and where they are known `assertion`
(`stated` or `assigned`), `link`, `page` and `evidence`. The network has `credit_ja`, `credit_en`
and `licence`. What is not known is left out. The same network gives the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement

import networkx as nx
from networkx.readwrite.gexf import GEXFWriter

from ..errors import UnsupportedFormat
from .parts import FORMATS
from .projection import Projection

# XML 1.0, production 2: characters that no document may have, not even escaped.
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def export(projection: Projection, format: str, lang: str = "ja") -> bytes:
    """Gives a network in a format, its labels in a language."""
    if format not in FORMATS:
        raise UnsupportedFormat(format, FORMATS)
    return _WRITERS[format](_labelled(projection, lang))


def graphml(graph: nx.MultiDiGraph[str]) -> bytes:
    """Gives a graph as GraphML."""
    output = BytesIO()
    # The key of an edge is its relation, and would be taken for its id.
    nx.write_graphml_xml(_legal(graph), output, edge_id_from_attribute="id")
    return output.getvalue()


def gexf(graph: nx.MultiDiGraph[str]) -> bytes:
    """Gives a graph as GEXF; the credit stands in its description."""
    writer: Any = GEXFWriter(encoding="utf-8", prettyprint=True, version="1.2draft")
    legal = _legal(graph)
    writer.add_graph(legal)
    about: Element = writer.xml.find("meta")
    # With the day on it, a file would differ from one day to the next.
    about.attrib.pop("lastmodifieddate", None)
    SubElement(about, "description").text = "\n".join(legal.graph.values())
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def cytoscape(graph: nx.MultiDiGraph[str]) -> bytes:
    """Gives a graph as the JSON of Cytoscape."""
    found: dict[str, Any] = nx.cytoscape_data(graph, name="label")
    found["data"] = dict(graph.graph)
    return json.dumps(found, ensure_ascii=False, indent=1).encode() + b"\n"


_WRITERS: Final = dict(zip(FORMATS, (graphml, gexf, cytoscape), strict=True))


def _labelled(projection: Projection, lang: str) -> nx.MultiDiGraph[str]:
    found: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    found.graph.update(projection.credits)
    for id, attributes in projection.directed.nodes(data=True):
        found.add_node(id, label=projection.nodes[id].name(lang), **attributes)
    for number, edge in enumerate(projection.edges, 1):
        found.add_edge(
            edge.subject,
            edge.object,
            edge.relation,
            id=f"e{number}",
            label=projection.word(edge.relation, lang),
            **edge.attributes(),
        )
    return found


def _legal(graph: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """Gives a graph without characters that XML cannot hold; each becomes U+FFFD."""

    def legal(attributes: Mapping[str, str]) -> dict[str, str]:
        return {name: _NO_XML.sub("\ufffd", value) for name, value in attributes.items()}

    found: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    found.graph.update(legal(graph.graph))
    found.add_nodes_from((id, legal(attributes)) for id, attributes in graph.nodes(data=True))
    for subject, object, relation, attributes in graph.edges(keys=True, data=True):
        found.add_edge(subject, object, relation, **legal(attributes))
    return found
