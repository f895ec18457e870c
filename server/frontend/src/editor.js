// Makes an editor of the query's text field: colours, completion, the place of an error. The field
// stays what is sent, so the page answers as it does without a script.
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  insertBracket,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";
import { completions } from "./completion/sources.js";

const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--link)", fontWeight: "600" },
  { tag: tags.variableName, color: "var(--mark)" },
  { tag: [tags.string, tags.annotation], color: "var(--code-string)" },
  { tag: [tags.integer, tags.float, tags.bool], color: "var(--seal-text)" },
  { tag: [tags.namespace, tags.url, tags.typeName], color: "var(--code-name)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
]);

const LOOK = EditorView.theme({
  "&": { fontSize: ".9rem", color: "var(--ink)", maxHeight: "34rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", padding: ".5rem 0", minHeight: "15rem" },
  ".cm-gutters": { minHeight: "15rem", background: "var(--panel)", color: "var(--soft)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { background: "color-mix(in srgb, var(--link) 7%, transparent)" },
  ".cm-tooltip": { background: "var(--paper)", color: "var(--ink)", border: "1px solid var(--soft)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "16rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "#1c3a70", color: "#fff" },
  ".cm-completionDetail": { fontFamily: "var(--sans)", fontStyle: "normal", opacity: ".85" },
  ".cm-completionInfo": { fontFamily: "var(--sans)", fontSize: ".84rem", lineHeight: "1.5", padding: ".5rem .7rem", maxWidth: "22rem" },
  ".cm-matchingBracket": { outline: "1px solid var(--soft)" },
  ".cm-diagnostic": { borderLeft: "4px solid var(--seal)", padding: ".3rem .6rem" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy #d23c2e", textUnderlineOffset: ".25em" },
});

const field = document.querySelector("textarea#query");
const host = document.createElement("div");
host.className = "editor";
// In a root of its own the editor's styles are adopted sheets, which no policy of the page forbids.
const root = host.attachShadow({ mode: "open" });
field.before(host);

const view = new EditorView({
  root,
  parent: root,
  state: EditorState.create({
    doc: field.value,
    extensions: [
      lineNumbers(),
      history(),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      lintGutter(),
      sparql(),
      syntaxHighlighting(COLOURS),
      LOOK,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({
        "aria-label": `${field.labels[0].textContent} (SPARQL). ${field.dataset.help}`,
        "aria-multiline": "true",
        role: "textbox",
      }),
      autocompletion({ override: completions(field.dataset), icons: false, maxRenderedOptions: 60 }),
      // Tab is left alone: it leads out of the editor, as it does from any field.
      keymap.of([
        { key: "Mod-Enter", run: () => (field.form.requestSubmit(), true) },
        ...closeBracketsKeymap,
        ...completionKeymap,
        ...historyKeymap,
        ...defaultKeymap,
      ]),
      EditorView.domEventHandlers({ beforeinput: replaced }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) field.value = update.state.doc.toString();
      }),
    ],
  }),
});

// What is typed over a selection is put in its place here: the browser would keep the look of what it
// replaces by an inline style, which the policy of the page forbids.
function replaced(event, view) {
  const { state } = view;
  if (event.inputType !== "insertText" || !event.data || state.selection.main.empty) return false;
  event.preventDefault();
  const plain = () => state.update(state.replaceSelection(event.data), { userEvent: "input.type" });
  view.dispatch(insertBracket(state, event.data) ?? plain());
  return true;
}

field.hidden = true;
field.required = false;
field.labels[0].addEventListener("click", () => view.focus());
for (const hint of document.querySelectorAll(".keys")) hint.hidden = false;

const { line, column, said } = field.dataset;
if (line) {
  const place = Math.min(view.state.doc.lines, Number(line));
  const there = view.state.doc.line(place);
  const from = Math.min(there.to, there.from + Number(column) - 1);
  const word = view.state.wordAt(from);
  const to = word && word.to > from ? word.to : Math.min(view.state.doc.length, from + 1);
  const mark = { from: to > from ? from : Math.max(0, from - 1), to, severity: "error", message: said };
  view.dispatch(setDiagnostics(view.state, [mark]));
  const go = () => {
    view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    view.focus();
  };
  document.querySelector("[data-place]")?.addEventListener("click", (event) => {
    event.preventDefault();
    host.scrollIntoView({ block: "nearest" });
    go();
  });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const from = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(from.value ?? from.textContent);
    const before = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => (button.textContent = before), 1500);
  });
}
