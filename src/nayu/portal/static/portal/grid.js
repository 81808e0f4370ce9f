// The table of budget lines: cells save themselves, cells of Excel are pasted, filled down, undone.
// Without this script the table is a form with one button; sums and ceilings follow in app.js.
const PAUSE = 900; // milliseconds after the last key
const RETRY = [2000, 4000, 8000, 15000, 30000];
const form = document.querySelector("form[data-grid]");
const words = JSON.parse(document.getElementById("grid-words")?.textContent ?? "{}");
const usual = JSON.parse(document.getElementById("grid-usual")?.textContent ?? "{}");
const say = (key, facts = {}) =>
  Object.entries(typeof facts === "object" ? facts : { value: facts }).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words[key] ?? key);

const shown = document.getElementById("save-state");
const body = form?.querySelector("[data-rows]");
const notes = form?.querySelector("[data-notes]");
const told = form?.querySelector("[data-told]");
const base = JSON.parse(form?.elements.base?.value ?? "{}"); // cells as last read from the server
const waiting = new Map(); // cell → text that the server could not take
const problems = new Map(); // cell → sentence
const conflicts = new Map(); // cell → the other's text
const became = new Map(); // new row → its line's row
let timer = 0;
let running = false;
let tries = 0;
let last = "";
let who = "";
let stopped = false;

// --- rows and cells ---------------------------------------------------------------------------------

const rowsOf = () => [...body.querySelectorAll("tr[data-row]")];
const cellsOf = (row) => [...row.querySelectorAll("[data-column]")];
const rowOf = (name) => /^(?:line-\d+|new-[0-9a-z]+)/.exec(name)?.[0] ?? "";
const columnOf = (name) => name.slice(rowOf(name).length + 1);
const isFresh = (name) => name.startsWith("new-");
const nowNamed = (name) => (became.has(rowOf(name)) ? `${became.get(rowOf(name))}-${columnOf(name)}` : name);
const fieldOf = (name) => form.elements.namedItem(nowNamed(name));
const valueOf = (field) => (field.type === "checkbox" ? (field.checked ? "1" : "") : field.value);
const read = (name) => base[name] ?? (isFresh(name) ? (usual[columnOf(name)] ?? "") : "");

function put(field, text) {
  if (field.type === "checkbox") field.checked = Boolean(text);
  else field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function typedNow() {
  const texts = {};
  for (const field of form.elements) if (rowOf(field.name ?? "")) texts[field.name] = valueOf(field);
  return texts;
}

const isNew = (texts, name) => texts[name] !== read(name) && waiting.get(name) !== texts[name];

/** Changed cells; a new row goes whole as soon as anything was typed in it. */
function toSend(texts) {
  const changed = Object.keys(texts).filter((name) => isNew(texts, name) && !conflicts.has(name));
  const rows = new Set(changed.map(rowOf));
  const besides = Object.keys(texts).filter(
    (name) => rows.has(rowOf(name)) && !conflicts.has(name) && (isFresh(name) || waiting.has(name)),
  );
  return [...new Set([...changed, ...besides])];
}

function number() {
  rowsOf().forEach((row, at) => {
    const shownNumber = row.querySelector("[data-number]");
    const before = shownNumber.textContent.trim();
    shownNumber.textContent = String(at + 1);
    for (const each of row.querySelectorAll("[aria-label]"))
      each.setAttribute("aria-label", each.getAttribute("aria-label").replace(new RegExp(` ${before}$`), ` ${at + 1}`));
  });
}

const newKey = () => [...crypto.getRandomValues(new Uint8Array(12))].map((one) => one.toString(16).padStart(2, "0")).join("");

function addRow(key = newKey()) {
  const row = form.querySelector("template[data-blank]").content.firstElementChild.cloneNode(true);
  rename(row, row.dataset.row, `new-${key}`);
  body.append(row);
  number();
  return row;
}

function rename(row, from, to) {
  row.dataset.row = to;
  for (const field of row.querySelectorAll("[name]")) field.name = to + field.name.slice(from.length);
}

// --- the state in sight -----------------------------------------------------------------------------

function tell(key, value = "", look = "") {
  shown.textContent = say(key, value);
  shown.className = `save ${look}`.trim();
}

function tellRest() {
  if (conflicts.size) tell("conflict", who, "bad");
  else if (waiting.size) tell("waiting", "", "warn");
  else if (last) tell("saved", last, "ok");
  else tell("all_saved");
}

function drawNotes() {
  const items = [];
  for (const row of rowsOf()) {
    const place = say("row", row.querySelector("[data-number]").textContent);
    for (const field of cellsOf(row)) {
      const sentence = problems.get(field.name);
      const theirs = conflicts.get(field.name);
      field.toggleAttribute("aria-invalid", false);
      if (sentence) field.setAttribute("aria-invalid", "true");
      field.classList.toggle("theirs", theirs !== undefined);
      field.removeAttribute("aria-describedby");
      if (!sentence && theirs === undefined) continue;
      const item = Object.assign(document.createElement("li"), { id: `n-${field.name}`, className: "bad" });
      const heading = field.getAttribute("aria-label").replace(/ \d+$/, "");
      item.append(Object.assign(document.createElement("b"), { textContent: `${place} · ${heading} ` }), sentence ?? who);
      if (theirs !== undefined) item.append(chooser(field, theirs, true), chooser(field, theirs, false));
      field.setAttribute("aria-describedby", item.id);
      items.push(item);
    }
  }
  notes.replaceChildren(...items);
}

function chooser(field, theirs, takes) {
  const text = takes ? theirs : valueOf(field);
  const label = say(takes ? "theirs" : "mine", textIn(field, text) || say("empty"));
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn sm", textContent: label });
  button.addEventListener("click", () => {
    base[field.name] = theirs;
    conflicts.delete(field.name);
    if (takes) put(field, theirs);
    drawNotes();
    field.focus();
    void save();
  });
  return button;
}

const textIn = (field, text) => (field.tagName === "SELECT" ? ([...field.options].find((each) => each.value === text)?.textContent ?? text) : text);

// --- what this browser keeps ------------------------------------------------------------------------

function keep() {
  const texts = typedNow();
  const kept = {};
  for (const name of Object.keys(texts)) if (isNew(texts, name) || waiting.has(name)) kept[name] = { base: base[name] ?? "", typed: texts[name] };
  try {
    if (Object.keys(kept).length) localStorage.setItem(form.dataset.keep, JSON.stringify(kept));
    else localStorage.removeItem(form.dataset.keep);
  } catch {
    // No room or no permission: the page still holds the cells, and leaving asks first.
  }
}

function restore() {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem(form.dataset.keep) ?? "{}");
  } catch {
    return;
  }
  let back = 0;
  for (const [name, one] of Object.entries(kept)) {
    if (isFresh(name) && !fieldOf(name)) addRow(rowOf(name).slice(4));
    const field = fieldOf(name);
    if (!field || valueOf(field) === one.typed) continue;
    if (!isFresh(name) && read(name) !== one.base) conflicts.set(name, read(name));
    put(field, one.typed);
    back += 1;
  }
  if (back) {
    drawNotes();
    tell("restored", "", "warn");
  }
}

// --- saving -----------------------------------------------------------------------------------------

async function save() {
  clearTimeout(timer);
  if (running || stopped) return;
  const texts = typedNow();
  const names = toSend(texts);
  keep();
  if (!names.length) return tellRest();
  running = true;
  tell("saving");
  const sent = JSON.stringify(Object.fromEntries(names.map((name) => [name, { base: base[name] ?? "", typed: texts[name] }])));
  let answer = null;
  try {
    const response = await fetch(form.dataset.grid, {
      method: "POST",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      body: sent,
    });
    answer = await heard(response);
  } catch {
    answer = null;
  }
  running = false;
  if (answer) take(answer, texts);
  else if (!stopped) again();
}

async function heard(response) {
  if (response.ok) return response.json();
  if (response.status >= 500) return null;
  stopped = true;
  keep();
  if ([401, 403, 0].includes(response.status)) {
    tell("signed_out", "", "bad");
    const next = encodeURIComponent(location.pathname);
    shown.append(" ", Object.assign(document.createElement("a"), { href: `/accounts/login/?next=${next}`, textContent: say("sign_in") }));
    return null;
  }
  tell("closed", "", "bad");
  if (response.headers.get("Content-Type")?.includes("json")) shown.append(` ${(await response.json()).sentence ?? ""}`);
  return null;
}

function take(answer, sent) {
  tries = 0;
  who = answer.who ?? who;
  for (const name of answer.stored) {
    base[name] = sent[name];
    waiting.delete(name);
  }
  const judged = new Set(Object.keys(answer.problems).map(rowOf));
  const rows = new Set(answer.stored.map(rowOf));
  for (const name of [...problems.keys()]) if (rows.has(rowOf(name)) || judged.has(rowOf(name))) problems.delete(name);
  for (const [name, sentence] of Object.entries(answer.problems)) problems.set(name, sentence);
  for (const name of Object.keys(sent)) if (judged.has(rowOf(name)) && sent[name] !== read(name)) waiting.set(name, sent[name]);
  for (const [name, text] of Object.entries(answer.conflicts)) conflicts.set(name, text);
  for (const [row, line] of Object.entries(answer.lines)) become(row, `line-${line}`);
  for (const row of rowsOf()) {
    row.querySelector("[data-side]").textContent = answer.sides[row.dataset.row] ? say(answer.sides[row.dataset.row]) : "";
    if (base[`${row.dataset.row}-remove`] === "1") row.remove();
  }
  number();
  last = answer.saved_at;
  form.elements.base.value = JSON.stringify(base);
  drawNotes();
  keep();
  tellRest();
  if (toSend(typedNow()).length) soon();
}

/** A new row is a line now: its cells are read and sent under the line's name. */
function become(row, line) {
  const tr = body.querySelector(`tr[data-row="${row}"]`);
  if (!tr) return;
  became.set(row, line);
  rename(tr, row, line);
  for (const map of [waiting, problems, conflicts])
    for (const [name, value] of [...map]) if (rowOf(name) === row) map.delete(name), map.set(nowNamed(name), value);
  for (const name of Object.keys(base)) {
    if (rowOf(name) !== row) continue;
    base[nowNamed(name)] = base[name];
    delete base[name];
  }
}

function again() {
  tell(navigator.onLine ? "failed" : "offline", "", "bad");
  timer = setTimeout(save, RETRY[Math.min(tries, RETRY.length - 1)]);
  tries += 1;
}

function soon(delay = PAUSE) {
  clearTimeout(timer);
  timer = setTimeout(save, delay);
}

// --- undo -------------------------------------------------------------------------------------------

const done = [];
const undone = [];
let began = { name: "", text: "" };
let acting = false;

function note(changes) {
  const real = changes.filter(({ before, after }) => before !== after);
  if (!real.length) return;
  done.push(real);
  undone.length = 0;
}

function step(from, to, key) {
  const changes = from.pop();
  if (!changes) return (told.textContent = say("nothing"));
  acting = true;
  for (const { name, before, after } of key === "undone" ? [...changes].reverse() : changes) {
    const text = key === "undone" ? before : after;
    const field = fieldOf(name);
    if (field) put(field, text);
  }
  acting = false;
  to.push(changes);
  told.textContent = say(key);
  drawGone();
  const field = fieldOf(changes[0].name);
  field?.focus();
  began = { name: field?.name ?? "", text: field ? valueOf(field) : "" };
  soon(150);
}

function write(changes) {
  acting = true;
  const made = changes.map(({ field, text }) => {
    const before = valueOf(field);
    put(field, text);
    return { name: field.name, before, after: valueOf(field) };
  });
  acting = false;
  note(made);
  const here = document.activeElement;
  if (here?.name) began = { name: here.name, text: valueOf(here) };
  soon(150);
  return made.length;
}

// --- pasting ----------------------------------------------------------------------------------------

/** Cells of Excel: tabs and line ends, with quotes around what holds them. */
export function cellsIn(text) {
  const rows = [[""]];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    const row = rows.at(-1);
    if (quoted && sign === '"' && text[at + 1] === '"') (row[row.length - 1] += '"'), (at += 1);
    else if (quoted && sign === '"') quoted = false;
    else if (quoted) row[row.length - 1] += sign;
    else if (sign === '"' && row.at(-1) === "") quoted = true;
    else if (sign === "\t") row.push("");
    else if (sign === "\n") rows.push([""]);
    else if (sign !== "\r") row[row.length - 1] += sign;
  }
  return rows.filter((row) => row.some((cell) => cell.trim()));
}

const folded = (text) => text.replace(/\s+/g, " ").trim().toLowerCase();

/** Where each pasted column goes: by its headings where the first row has them, else one after another. */
function columnsFor(rows, from) {
  const columns = cellsOf(rowsOf()[0]).map((field) => field.dataset.column);
  const headings = new Map();
  for (const field of cellsOf(rowsOf()[0])) headings.set(folded(field.getAttribute("aria-label").replace(/ \d+$/, "")), field.dataset.column);
  const named = rows[0].map((cell) => headings.get(folded(cell)) ?? headings.get(folded(cell).replace(/\s*\(.*\)$/, "")));
  if (named.filter(Boolean).length >= 2) return { columns: named, rows: rows.slice(1) };
  return { columns: rows[0].map((_cell, at) => columns[columns.indexOf(from) + at]), rows };
}

function choiceIn(field, text) {
  const wanted = folded(text);
  const options = [...field.options];
  return (
    options.find((each) => each.value === text.trim()) ??
    options.find((each) => folded(each.textContent) === wanted) ??
    options.find((each) => wanted && folded(each.textContent).endsWith(`› ${wanted}`)) ??
    options.find((each) => wanted && folded(each.textContent).includes(wanted))
  );
}

function paste(text, field) {
  const all = cellsIn(text);
  const limit = Number(form.dataset.most);
  if (all.length > limit) return (told.textContent = say("too_long", { value: all.length.toLocaleString(), limit }));
  const { columns, rows } = columnsFor(all, field.dataset.column);
  const first = rowsOf().findIndex((row) => row.contains(field));
  while (rowsOf().length < first + rows.length + 1) addRow();
  const into = rowsOf();
  const faults = [];
  const changes = [];
  rows.forEach((cells, down) => {
    cells.forEach((cell, at) => {
      const target = columns[at] && into[first + down].querySelector(`[data-column="${columns[at]}"]`);
      if (!target) return;
      if (target.tagName !== "SELECT") return changes.push({ field: target, text: cell.trim() });
      const choice = choiceIn(target, cell);
      if (choice) changes.push({ field: target, text: choice.value });
      else if (cell.trim()) faults.push(say("unknown", { row: first + down + 1, value: cell, column: target.getAttribute("aria-label").replace(/ \d+$/, "") }));
    });
  });
  write(changes);
  told.textContent = [say("pasted", rows.length), ...faults].join(" · ");
}

// --- keys -------------------------------------------------------------------------------------------

function beside(field, down) {
  const rows = rowsOf();
  const at = rows.findIndex((row) => row.contains(field)) + down;
  return rows[at]?.querySelector(`[data-column="${field.dataset.column}"]`) ?? null;
}

function go(field, down) {
  let next = beside(field, down);
  if (!next && down > 0) next = addRow().querySelector(`[data-column="${field.dataset.column}"]`);
  next?.focus();
  next?.select?.();
}

let cell = null; // the cell last in hand

/** What stands in this cell goes into those below it, as far as rows are filled. */
function fillDown() {
  if (!cell) return;
  const rows = rowsOf();
  const from = rows.findIndex((row) => row.contains(cell));
  const filled = rows.slice(from + 1).filter((row) => row.querySelector('[data-column="item"]').value.trim());
  const count = write(filled.map((row) => ({ field: row.querySelector(`[data-column="${cell.dataset.column}"]`), text: valueOf(cell) })));
  told.textContent = say("filled", count);
}

function onKey(event) {
  const field = event.target;
  const command = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (command && key === "z" && !event.shiftKey && began.text === valueOf(field)) {
    event.preventDefault();
    return step(done, undone, "undone");
  }
  if (command && (key === "y" || (key === "z" && event.shiftKey))) {
    event.preventDefault();
    return step(undone, done, "redone");
  }
  if (!field.dataset?.column) return undefined;
  if (command && key === "d") {
    event.preventDefault();
    const above = beside(field, -1);
    if (above) told.textContent = say("filled", write([{ field, text: valueOf(above) }]));
    return undefined;
  }
  if (command || event.altKey) return undefined;
  const isList = field.tagName === "SELECT";
  if (key === "enter" || (!isList && (key === "arrowdown" || key === "arrowup"))) {
    event.preventDefault();
    go(field, key === "arrowup" || (key === "enter" && event.shiftKey) ? -1 : 1);
  }
  return undefined;
}

// --- prices beside ----------------------------------------------------------------------------------

let looking = 0;
let looked = "";
function look(row) {
  clearTimeout(looking);
  looking = setTimeout(async () => {
    const value = (column) => row.querySelector(`[data-column="${column}"]`).value;
    const asked = new URLSearchParams(["item", "unit", "category", "unit_price"].map((name) => [name, value(name)])).toString();
    const panel = document.querySelector("[data-beside]");
    if (!panel || asked === looked || !value("item").trim()) return;
    looked = asked;
    try {
      const response = await fetch(`${form.dataset.prices}?${asked}`, { redirect: "manual" });
      if (response.ok) panel.replaceChildren(...new DOMParser().parseFromString(await response.text(), "text/html").body.childNodes);
    } catch {
      looked = ""; // prices are a comfort; the next cell asks again
    }
  }, 400);
}

const drawGone = () => rowsOf().forEach((row) => row.classList.toggle("gone", row.querySelector("[name$=-remove]").checked));

// --- start ------------------------------------------------------------------------------------------

if (form) {
  form.querySelector("[data-tools]").hidden = false;
  number();
  form.addEventListener("input", (event) => {
    if (!rowOf(event.target.name ?? "")) return;
    shown.textContent = say("unsaved");
    shown.className = "save";
    keep();
    if (!stopped) soon();
  });
  form.addEventListener("change", (event) => {
    const field = event.target;
    if (acting || !rowOf(field.name ?? "")) return;
    const before = field.type === "checkbox" ? (field.checked ? "" : "1") : began.name === field.name ? began.text : read(field.name);
    note([{ name: field.name, before, after: valueOf(field) }]);
    began = { name: field.name, text: valueOf(field) };
    drawGone();
    if (field.type === "checkbox" && field.checked) {
      told.textContent = say("removed");
      if (isFresh(field.name)) put(field.closest("tr").querySelector('[data-column="item"]'), "");
    }
    look(field.closest("tr"));
    if (!stopped) soon(field.type === "checkbox" ? 4000 : 150);
  });
  form.addEventListener("focusin", (event) => {
    if (!event.target.dataset?.column) return;
    cell = event.target;
    began = { name: cell.name, text: valueOf(cell) };
    look(cell.closest("tr"));
  });
  form.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!event.target.dataset?.column || !/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    paste(text, event.target);
  });
  form.addEventListener("keydown", onKey);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    stopped = true;
    form.elements.base.value = JSON.stringify(base);
  });
  const deeds = { add: () => [1, 2, 3, 4, 5].map(() => addRow())[0].querySelector("[data-column]").focus(), fill: fillDown, undo: () => step(done, undone, "undone"), redo: () => step(undone, done, "redone") };
  for (const button of form.querySelectorAll("[data-do]")) button.addEventListener("click", () => deeds[button.dataset.do]());
  addEventListener("online", () => !stopped && save());
  addEventListener("beforeunload", (event) => {
    if (!stopped && toSend(typedNow()).length) event.preventDefault();
  });
  restore();
  tellRest();
}
