// Keys, and a list that is up to date. Without this file everything works by forms.
const list = document.getElementById("list");
const help = document.getElementById("help");
const off = document.getElementById("nokeys");
let at = 0, busy = false, again = false;

const items = () => [...document.querySelectorAll(".questions > li")];
const mark = () => {
  if (!items().some(li => Number(li.dataset.id) === at)) at = Number(items()[0]?.dataset.id ?? 0);
  for (const li of items()) li.classList.toggle("at", Number(li.dataset.id) === at);
};

// The server's own HTML is parsed without running anything, and moved in: it is
// escaped there, and no markup is made of text here.
async function refresh() {
  if (busy) { again = true; return; }
  busy = true;
  try {
    const answer = await fetch("/list");
    if (answer.ok) show(await answer.text());
  } finally {
    busy = false;
    if (again) { again = false; setTimeout(refresh, 100); }
  }
}

const plain = window.trustedTypes ? trustedTypes.createPolicy("list", { createHTML: s => s }) : { createHTML: s => s };

function show(text) {
  const fresh = new DOMParser().parseFromString(plain.createHTML(text), "text/html");
  const ended = fresh.getElementById("ended");
  if (ended && !document.getElementById("ended")) list.prepend(ended.cloneNode(true));
  const ids = items().map(li => li.id + li.textContent).join();
  const news = [...fresh.querySelectorAll(".questions > li")];
  document.getElementById("count").textContent = "(" + news.length + ")";
  if (ids === news.map(li => li.id + li.textContent).join()) return;
  const focused = document.activeElement && list.contains(document.activeElement) ? document.activeElement : null;
  const where = focused && focused.closest("li")?.id, what = focused && focused.value;
  const marked = new Set([...list.querySelectorAll("input[type=checkbox]:checked")].map(x => x.value));
  list.replaceChildren(...fresh.body.childNodes);
  for (const box of list.querySelectorAll("input[type=checkbox]")) box.checked = marked.has(box.value);
  if (where) document.getElementById(where)?.querySelector(`button[value="${CSS.escape(what)}"]`)?.focus();
  mark();
}

function move(by) {
  const all = items();
  if (!all.length) return;
  const now = all.findIndex(li => Number(li.dataset.id) === at);
  const next = all[Math.min(all.length - 1, Math.max(0, now + by))] ?? all[0];
  at = Number(next.dataset.id);
  mark();
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select") || help.open) return;
  if (event.key === "?") { help.showModal(); return; }
  if (off.checked) return;
  if (event.key === "j" || event.key === "k") { move(event.key === "j" ? 1 : -1); return; }
  const scope = list ? document.getElementById("q" + at) : document;
  if (!scope) return;
  if (event.key === "r" && list) { scope.querySelector("h2 a")?.click(); return; }
  scope.querySelector(`button[data-key="${CSS.escape(event.key)}"]`)?.click();
});

off.checked = localStorage.getItem("nokeys") === "1";
off.addEventListener("change", () => localStorage.setItem("nokeys", off.checked ? "1" : "0"));

if (list) {
  new EventSource("/events").onmessage = refresh;
  mark();
}
