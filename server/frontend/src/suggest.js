// Offers names while one types in a search field; without it the field is a plain one.
const WAIT = 140;

for (const field of document.querySelectorAll("input[data-suggest]")) {
  const list = document.createElement("datalist");
  list.id = `${field.id}-names`;
  field.after(list);
  field.setAttribute("list", list.id);
  let waiting;
  let asked = "";
  field.addEventListener("input", (event) => {
    clearTimeout(waiting);
    // A name that was chosen from the list is looked for at once.
    if (event.inputType === "insertReplacementText" || !event.inputType) {
      const known = [...list.children].some((each) => each.value === field.value);
      if (known && !("stay" in field.dataset)) field.form.requestSubmit();
      return;
    }
    waiting = setTimeout(() => offer(field, list), WAIT);
  });

  async function offer(field, list) {
    const query = field.value.trim();
    if (!query || query === asked) return;
    asked = query;
    const address = new URL(field.dataset.suggest, location.href);
    address.searchParams.set("q", query);
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok || query !== asked) return;
    const names = (await answer.json()).map((each) => each.label);
    list.replaceChildren(...[...new Set(names)].map((name) => new Option(name, name)));
  }
}
