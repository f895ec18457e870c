// Draws the graph whose elements stand in the page as JSON. What it shows is in the page's list too.
import cytoscape from "cytoscape";
import fcose from "cytoscape-fcose";

cytoscape.use(fcose);

const SHAPES = {
  challenge: "round-rectangle",
  policy: "ellipse",
  indicator: "diamond",
  organization: "hexagon",
  source: "barrel",
  part: "rectangle",
  milestone: "triangle",
  term: "tag",
  other: "octagon",
};

const LABEL = 112;
const PADDING = 16;
const READABLE = 0.8;
// How much room a node and its name take, so that names of twelve pixels can be read.
const ROOM = 9500;

for (const figure of document.querySelectorAll("[data-network]")) draw(figure);

function draw(figure) {
  const elements = JSON.parse(document.getElementById(figure.dataset.network).textContent);
  figure.hidden = false;
  for (const { data } of elements.nodes) data.short = balanced(data.short);
  const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const container = figure.querySelector(".canvas");
  const graph = cytoscape({
    container,
    elements,
    style: styles(),
    layout: { name: "null" },
    minZoom: 0.3,
    maxZoom: 2.5,
    userZoomingEnabled: false,
    boxSelectionEnabled: false,
  });
  alike(() => graph.layout({ name: "fcose", animate: false, quality: "proof", idealEdgeLength: 90 }).run());
  spread(graph.nodes(), container.clientWidth, container.clientHeight);
  graph.fit(graph.elements(), PADDING);
  // What is too large to be read when all of it is seen begins in the middle, and can be dragged.
  if (graph.zoom() > 1) graph.zoom(1), graph.center();
  if (graph.zoom() < READABLE) graph.zoom(READABLE), graph.center(graph.nodes("[?start]"));
  const said = figure.querySelector("[data-chosen]");
  graph.on("tap", "node", (event) => choose(graph, event.target, said));
  graph.on("tap", (event) => event.target === graph && forget(graph));
  for (const button of figure.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => zoom(graph, button.dataset.zoom, reduced));
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => graph.style(styles()));
  for (const item of document.querySelectorAll("[data-node]")) {
    const node = graph.getElementById(item.dataset.node);
    item.addEventListener("pointerenter", () => highlight(graph, node));
    item.addEventListener("focusin", () => highlight(graph, node));
    item.addEventListener("pointerleave", () => forget(graph));
  }
}

function styles() {
  const page = getComputedStyle(document.documentElement);
  const colour = (name) => page.getPropertyValue(`--${name}`).trim();
  const kinds = Object.entries(SHAPES).map(([kind, shape]) => ({
    selector: `node[kind = "${kind}"]`,
    style: { shape, "background-color": colour(`kind-${kind}`) },
  }));
  return [
    {
      selector: "node",
      style: {
        width: 20,
        height: 20,
        label: "data(short)",
        color: colour("ink"),
        "font-family": page.getPropertyValue("--sans"),
        "font-size": 12,
        "text-wrap": "wrap",
        "text-valign": "bottom",
        "text-margin-y": 4,
        "text-background-color": colour("paper"),
        "text-background-opacity": 0.85,
        "text-background-padding": 1,
      },
    },
    ...kinds,
    {
      selector: "edge",
      style: {
        width: 1.2,
        opacity: 0.55,
        "line-color": colour("soft"),
        "target-arrow-color": colour("soft"),
        "target-arrow-shape": "triangle",
        "arrow-scale": 0.7,
        "curve-style": "bezier",
        color: colour("soft"),
        "font-family": page.getPropertyValue("--sans"),
        "font-size": 10,
        "text-rotation": "autorotate",
        "text-background-color": colour("paper"),
        "text-background-opacity": 0.9,
      },
    },
    { selector: "edge.told", style: { label: "data(label)", opacity: 1, width: 2 } },
    { selector: "edge[?path]", style: { label: "data(label)", opacity: 1, width: 2 } },
    {
      selector: "node[?start]",
      style: { width: 32, height: 32, "font-weight": "bold", "border-width": 3, "border-color": colour("ink") },
    },
    { selector: ".faint", style: { opacity: 0.22 } },
    { selector: "node.chosen", style: { "border-width": 3, "border-color": colour("link") } },
  ];
}

// Fills the room there is: the layout is stretched to its shape, and names are pushed off each other.
function spread(nodes, width, height) {
  const need = Math.sqrt((nodes.length * ROOM) / (width * height));
  // A few things need not be driven into the corners of a large canvas.
  const scale = Math.max(Math.min(1, 2.2 * need), need);
  const room = { w: Math.max(3 * LABEL, width * scale), h: Math.max(220, height * scale) };
  const box = nodes.boundingBox({ includeLabels: false });
  const places = nodes.map((node) => {
    const { x, y } = node.position();
    const lines = node.data("short").split("\n");
    const width = Math.max(...lines.map(measure));
    return {
      node,
      x: ((x - box.x1) / (box.w || 1)) * (room.w - LABEL) + LABEL / 2,
      y: ((y - box.y1) / (box.h || 1)) * (room.h - 70) + 20,
      w: Math.max(24, width) + 14,
      h: 36 + 15 * lines.length,
    };
  });
  for (let round = 0; round < 120; round++) if (!push(places, room)) break;
  for (const { node, x, y } of places) node.position({ x, y });
}

function push(places, room) {
  let moved = false;
  places.forEach((one, index) => {
    for (const other of places.slice(index + 1)) {
      const across = (one.w + other.w) / 2 - Math.abs(one.x - other.x);
      // A name hangs below its node, so what matters is where the boxes begin.
      const [upper, lower] = one.y < other.y ? [one, other] : [other, one];
      const down = upper.h - (lower.y - upper.y);
      if (across <= 0 || down <= 0) continue;
      moved = true;
      if (down < across) {
        upper.y = Math.max(16, upper.y - down / 2);
        lower.y = Math.min(room.h - 30, lower.y + down / 2);
      } else {
        const [left, right] = one.x < other.x ? [one, other] : [other, one];
        left.x = Math.max(LABEL / 2, left.x - across / 2);
        right.x = Math.min(room.w - LABEL / 2, right.x + across / 2);
      }
    }
  });
  return moved;
}

// Breaks a name into lines of about one length, none of which begins with what belongs to the line before.
function balanced(text) {
  const count = Math.ceil(measure(text) / LABEL);
  const wanted = measure(text) / count;
  const lines = [""];
  for (const piece of text.match(/[\u0021-\u2e7f]+ ?|./gu) ?? []) {
    const last = lines[lines.length - 1];
    const full = lines.length < count && measure(last) + measure(piece) / 2 > wanted;
    if (last && full && !/^[ー・、。）」』ぁぃぅぇぉっゃゅょァィゥェォッャュョ…]/.test(piece)) lines.push(piece);
    else lines[lines.length - 1] += piece;
  }
  return lines.map((line) => line.trim()).join("\n");
}

function measure(text) {
  return [...text].reduce((sum, each) => sum + (each > "\u2e7f" ? 12 : 6.6), 0);
}

function choose(graph, node, said) {
  highlight(graph, node);
  const { label, kindLabel, href, centre, actions } = node.data();
  const name = document.createElement("b");
  name.textContent = label;
  const parts = kindLabel ? [`${kindLabel}: `, name] : [name];
  for (const [address, text] of [[href, actions?.page ?? "→"], [centre, actions?.centre]]) {
    if (!address || !text) continue;
    const link = document.createElement("a");
    link.href = address;
    link.textContent = text;
    parts.push(link);
  }
  said.replaceChildren(...parts);
}

function highlight(graph, node) {
  forget(graph);
  if (node.empty()) return;
  graph.elements().not(node.closedNeighborhood()).addClass("faint");
  node.addClass("chosen");
  node.connectedEdges().addClass("told");
}

function forget(graph) {
  graph.elements().removeClass("faint chosen told");
}

function zoom(graph, how, reduced) {
  const middle = { x: graph.width() / 2, y: graph.height() / 2 };
  const duration = reduced ? 0 : 150;
  if (how === "fit") graph.animate({ fit: { padding: 28 } }, { duration });
  else {
    const level = graph.zoom() * (how === "in" ? 1.35 : 1 / 1.35);
    graph.animate({ zoom: { level, renderedPosition: middle } }, { duration });
  }
}

// The layout begins at random places; the same ones each time give the same picture each time.
function alike(make) {
  const { random } = Math;
  let state = 20250708;
  Math.random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  try {
    return make();
  } finally {
    Math.random = random;
  }
}
