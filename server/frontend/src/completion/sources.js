// What the editor offers to complete: variables of the query, keywords, terms by name or by label,
// and things of the graph by any of their names, which the server looks up.
const KEYWORDS =
  "SELECT DISTINCT WHERE OPTIONAL FILTER UNION MINUS BIND VALUES GRAPH SERVICE CONSTRUCT ASK DESCRIBE PREFIX " +
  "ORDER BY|GROUP BY|HAVING|LIMIT|OFFSET|DESC|FILTER NOT EXISTS|COUNT|SUM|AVG|MIN|MAX|SAMPLE|GROUP_CONCAT|" +
  "LANG|STR|REGEX|CONTAINS|STRSTARTS|BOUND|COALESCE|CONCAT|LCASE|YEAR";
const WORDS = KEYWORDS.split("|").flatMap((each, place) => (place ? [each] : each.split(" ")));
const MOST = 40;

export function completions({ completions: termsAddress, suggest }) {
  let coming;
  const vocabulary = () => (coming ??= json(termsAddress).catch(() => ({ prefixes: {}, terms: [] })));
  return [variables, async (context) => terms(context, await vocabulary()), (context) => things(context, suggest)];
}

function variables(context) {
  const word = context.matchBefore(/[?$]\w*/);
  if (!word) return null;
  const found = new Set(context.state.doc.toString().match(/[?$]\w+/g));
  found.delete(word.text);
  return { from: word.from, options: [...found].map((label) => ({ label, type: "variable" })) };
}

function terms(context, { prefixes, terms: known }) {
  const word = context.matchBefore(/[\p{L}\p{N}_:.-]+/u);
  if (outside(context, word)) return null;
  const typed = word ? plain(word.text) : "";
  const fits = ({ name, label }) =>
    plain(name).startsWith(typed) || plain(name.split(":")[1] ?? "").startsWith(typed) || plain(label).includes(typed);
  const options = known.filter(fits).map(({ name, label, definition }) => ({
    label: name,
    detail: label,
    info: definition || undefined,
    apply: (view, _, from, to) => put(view, from, to, name, prefixes),
    boost: name.startsWith("hk:") ? 2 : 0,
  }));
  if (typed && !typed.includes(":")) {
    const words = WORDS.filter((each) => plain(each).startsWith(typed));
    options.unshift(...words.map((label) => ({ label, type: "keyword", boost: 3 })));
    for (const prefix of Object.keys(prefixes).filter((each) => each.startsWith(typed))) {
      options.push({ label: `${prefix}:`, detail: prefixes[prefix], boost: 1 });
    }
  }
  return options.length ? { from: word ? word.from : context.pos, options: options.slice(0, 4 * MOST), filter: false } : null;
}

async function things(context, suggest) {
  const word = context.matchBefore(/[\p{L}\p{N}ー・-]+/u);
  // A word of an alphabet is a term or a keyword first; things are offered for it on demand.
  const wide = word && /[\u3040-\u9fff]/.test(word.text);
  if (outside(context, word) || !word || word.text.length < 2 || !(wide || context.explicit)) return null;
  const address = new URL(suggest, location.href);
  address.searchParams.set("q", word.text);
  const found = await json(address).catch(() => []);
  if (!found.length || context.aborted) return null;
  const options = found.map(({ label, iri, id, matched }) => ({
    label,
    detail: id,
    info: matched === label ? undefined : matched,
    apply: `<${iri}>`,
    boost: -1,
  }));
  return { from: word.from, options, filter: false };
}

// Within a variable, an IRI, a string or a comment nothing is to be completed.
function outside(context, word) {
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, (word ? word.from : context.pos) - line.from);
  if (/[?$]$/.test(before) || /<[^<>\s]*$/.test(before) || /^\s*#/.test(before)) return true;
  return (before.match(/"/g)?.length ?? 0) % 2 === 1 || (!word && !context.explicit);
}

// Puts a term into the query, and its prefix on top where the query does not declare it yet.
function put(view, from, to, name, prefixes) {
  const prefix = name.split(":")[0];
  const declared = new RegExp(`PREFIX\\s+${prefix}:`, "i").test(view.state.doc.toString());
  const line = declared ? "" : `PREFIX ${prefix}: <${prefixes[prefix]}>\n`;
  const changes = [{ from, to, insert: name }];
  if (line) changes.unshift({ from: 0, insert: line });
  view.dispatch({ changes, selection: { anchor: from + name.length + line.length }, userEvent: "input.complete" });
}

const plain = (text) => text.normalize("NFKC").toLowerCase();

async function json(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}
