// The writing desk saves each field by itself. What is typed stays in this browser until the server
// has it; two people on one field both keep their words until one of them chooses.
const PAUSE = 900; // milliseconds after the last key
const RETRY = [2000, 4000, 8000, 15000, 30000];
const words = JSON.parse(document.getElementById("desk-words")?.textContent ?? "{}");
const say = (key, value = "") => (words[key] ?? key).replace("{value}", value);
const form = document.querySelector("form[data-autosave]");
const shown = document.getElementById("save-state");

const base = JSON.parse(form?.elements.base?.value ?? "{}"); // texts as last read from the server
const waiting = new Map(); // field → text the server keeps as unfinished
const conflicts = new Map(); // field → the other's text
const chosenBase = (name) => base[name] ?? "";
const usual = new Map(); // what a blank row shows by itself: no change until something is typed there
const read = (name) => (name in base ? base[name] : (usual.get(name) ?? ""));
const rowOf = (name) => /^((?:promise|activity|risk)-\d+-)/.exec(name)?.[1];
let timer = 0;
let running = false;
let tries = 0;
let last = "";
let stopped = false; // signed out or no longer editable: nothing more is sent

// --- the form as flat texts, as the server reads it ------------------------------------------------

const NOT_FIELDS = new Set(["csrfmiddlewaretoken", "revision", "base"]);
const fieldsOf = () => [...form.elements].filter((each) => each.name && each.type !== "submit" && !NOT_FIELDS.has(each.name));

function typedNow() {
  const texts = {};
  const several = {};
  for (const field of fieldsOf()) {
    if (field.type === "checkbox") {
      several[field.name] ??= [];
      if (field.checked) several[field.name].push(field.value);
    } else texts[field.name] = field.value.replace(/\r\n/g, "\n");
  }
  for (const [name, values] of Object.entries(several)) texts[name] = values.sort().join("\n");
  return texts;
}

function put(name, text) {
  for (const field of fieldsOf().filter((each) => each.name === name)) {
    if (field.type === "checkbox") field.checked = text.split("\n").includes(field.value);
    else field.value = text;
  }
}

const isNew = (texts, name) => texts[name] !== read(name) && waiting.get(name) !== texts[name];
const unsent = (texts) => Object.keys(texts).filter((name) => isNew(texts, name) && !conflicts.has(name));

/** The changed fields, and of their rows all that is not in the project yet: a row is saved whole. */
function toSend(texts) {
  const names = unsent(texts);
  const rows = new Set(names.map(rowOf).filter(Boolean));
  const besides = Object.keys(texts).filter((name) => rows.has(rowOf(name)) && texts[name] !== chosenBase(name) && !conflicts.has(name));
  return [...new Set([...names, ...besides])];
}

// --- the state in sight -----------------------------------------------------------------------------

function tell(key, value = "", { look = "", link = null } = {}) {
  shown.textContent = say(key, value);
  shown.className = `save ${look}`.trim();
  if (link) {
    const anchor = Object.assign(document.createElement("a"), { href: link, textContent: say("sign_in") });
    shown.append(" ", anchor);
  }
}

function tellRest() {
  if (conflicts.size) tell("conflict", "", { look: "bad" });
  else if (waiting.size) tell("unfinished", "", { look: "warn" });
  else if (last) tell("saved", last, { look: "ok" });
  else tell("all_saved");
}

// --- what this browser keeps ------------------------------------------------------------------------

function keep() {
  const texts = typedNow();
  const fields = {};
  for (const name of Object.keys(texts)) {
    if (isNew(texts, name)) fields[name] = { base: chosenBase(name), typed: texts[name] };
  }
  try {
    if (Object.keys(fields).length) localStorage.setItem(form.dataset.keep, JSON.stringify(fields));
    else localStorage.removeItem(form.dataset.keep);
  } catch {
    // No room or no permission: the page itself still holds the text, and leaving asks first.
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
  const texts = typedNow();
  for (const [name, one] of Object.entries(kept)) {
    if (!(name in texts) || texts[name] === one.typed) continue;
    put(name, one.typed);
    back += 1;
    if (chosenBase(name) !== one.base && chosenBase(name) !== one.typed) conflicts.set(name, chosenBase(name));
  }
  if (!back) return keep();
  for (const name of conflicts.keys()) showConflict(name, "");
  form.dispatchEvent(new Event("input", { bubbles: true }));
  tell("restored", "", { look: "warn" });
}

// --- notes beside a field ---------------------------------------------------------------------------

const holderOf = (name) => fieldsOf().find((each) => each.name === name)?.closest(".field") ?? null;

function showProblem(name, text) {
  const holder = holderOf(name);
  if (!holder) return;
  holder.querySelectorAll(".bad").forEach((each) => each.remove());
  const field = fieldsOf().find((each) => each.name === name);
  const id = `f-${name}-bad`;
  const others = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((each) => each && each !== id);
  if (text) {
    holder.append(Object.assign(document.createElement("span"), { className: "bad", id, textContent: text }));
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", [...others, id].join(" "));
  } else {
    field.removeAttribute("aria-invalid");
    if (others.length) field.setAttribute("aria-describedby", others.join(" "));
    else field.removeAttribute("aria-describedby");
  }
}

function textOf(name, text) {
  const field = fieldsOf().find((each) => each.name === name);
  if (field?.type === "checkbox")
    return text.split("\n").map((code) => fieldsOf().find((each) => each.name === name && each.value === code)?.closest("label")?.textContent.trim() ?? code).join(", ");
  if (field?.tagName === "SELECT") return [...field.options].find((each) => each.value === text)?.textContent ?? text;
  return text;
}

function showConflict(name, who) {
  const holder = holderOf(name);
  if (!holder) return;
  holder.querySelector("[data-conflict]")?.remove();
  const box = Object.assign(document.createElement("div"), { className: "note warn conflict" });
  box.dataset.conflict = name;
  box.setAttribute("role", "alert");
  const line = (tag, text, css = "") => box.appendChild(Object.assign(document.createElement(tag), { textContent: text, className: css }));
  line("b", say("conflict", who).trim());
  const list = box.appendChild(document.createElement("dl"));
  for (const [key, text] of [["theirs", conflicts.get(name)], ["mine", typedNow()[name]]]) {
    list.append(Object.assign(document.createElement("dt"), { textContent: say(key) }));
    list.append(Object.assign(document.createElement("dd"), { textContent: textOf(name, text) || say("empty") }));
  }
  const row = box.appendChild(Object.assign(document.createElement("p"), { className: "row" }));
  for (const choice of ["use_theirs", "keep_mine"]) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn sm", textContent: say(choice) });
    button.addEventListener("click", () => choose(name, choice === "use_theirs"));
    row.append(button);
  }
  holder.append(box);
}

function choose(name, theirs) {
  base[name] = conflicts.get(name);
  conflicts.delete(name);
  if (theirs) put(name, base[name]);
  holderOf(name)?.querySelector("[data-conflict]")?.remove();
  fieldsOf().find((each) => each.name === name)?.focus();
  keep();
  void save();
}

// --- saving -----------------------------------------------------------------------------------------

async function save() {
  clearTimeout(timer);
  if (running || stopped) return;
  const texts = typedNow();
  const names = toSend(texts);
  if (!names.length) {
    keep();
    return tellRest();
  }
  running = true;
  tell("saving");
  const body = JSON.stringify(Object.fromEntries(names.map((name) => [name, { base: chosenBase(name), typed: texts[name] }])));
  let answer = null;
  try {
    const response = await fetch(form.dataset.autosave, {
      method: "POST",
      redirect: "manual",
      keepalive: body.length < 60000,
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      body,
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
  if (response.status === 401 || response.type === "opaqueredirect") {
    stopped = true;
    keep();
    tell("signed_out", "", { look: "bad", link: `/accounts/login/?next=${encodeURIComponent(location.pathname)}` });
    return null;
  }
  if (response.status >= 500) return null;
  stopped = true;
  keep();
  let sentence = "";
  if (response.headers.get("Content-Type")?.includes("json")) sentence = (await response.json()).sentence ?? "";
  if (response.status === 403 && !sentence) tell("signed_out", "", { look: "bad", link: `/accounts/login/?next=${encodeURIComponent(location.pathname)}` });
  else tell("closed", "", { look: "bad" });
  if (sentence) shown.append(` ${sentence}`);
  return null;
}

/** Whether a save can change what is missing: not when a text that had words still has words. */
function mattersToContents(answer, sent) {
  if (answer.waiting.length || waiting.size) return true;
  return Object.keys(answer.stored).some((name) => {
    const field = fieldsOf().find((each) => each.name === name);
    return field?.tagName !== "TEXTAREA" || Boolean(chosenBase(name).trim()) !== Boolean(sent[name].trim());
  });
}

function take(answer, sent) {
  tries = 0;
  const matters = mattersToContents(answer, sent);
  Object.assign(base, answer.stored);
  for (const name of Object.keys(answer.stored)) {
    base[name] = sent[name]; // what was typed now stands: the server's spelling of it is no change
    waiting.delete(name);
    showProblem(name, "");
  }
  for (const name of answer.waiting) waiting.set(name, sent[name]);
  for (const field of new Set(fieldsOf().map((each) => each.name))) if (field in answer.problems) showProblem(field, answer.problems[field]);
  for (const [name, text] of Object.entries(answer.conflicts)) {
    conflicts.set(name, text);
    showConflict(name, answer.who ?? "");
  }
  last = answer.saved_at;
  form.elements.base.value = JSON.stringify(base);
  keep();
  tellRest();
  if (matters) refreshContents();
  document.dispatchEvent(new CustomEvent("nayu:saved"));
  if (unsent(typedNow()).length) soon();
}

function again() {
  keep();
  tell(navigator.onLine ? "failed" : "offline", "", { look: "bad" });
  timer = setTimeout(save, RETRY[Math.min(tries, RETRY.length - 1)]);
  tries += 1;
}

function soon(delay = PAUSE) {
  clearTimeout(timer);
  timer = setTimeout(save, delay);
}

// --- the list of parts follows ----------------------------------------------------------------------

let refreshing = 0;
function refreshContents() {
  const nav = document.querySelector("[data-contents]");
  if (!nav) return;
  clearTimeout(refreshing);
  refreshing = setTimeout(async () => {
    try {
      const response = await fetch(nav.dataset.contents, { redirect: "manual" });
      if (!response.ok) return;
      const part = new DOMParser().parseFromString(await response.text(), "text/html");
      const label = part.getElementById("to-decision");
      const button = document.querySelector("[data-decision]");
      if (label && button) button.textContent = label.textContent.trim();
      label?.remove();
      if (!nav.contains(document.activeElement)) nav.replaceChildren(...part.body.childNodes);
    } catch {
      // The list is only a comfort; the next save asks again.
    }
  }, 1500);
}

// --- help for the field in hand ---------------------------------------------------------------------

const helps = [...document.querySelectorAll("[data-help]")];
const aside = document.querySelector(".helpside");
const narrow = matchMedia("(max-width: 75rem)");
const helpFor = (name) => helps.find(({ dataset: { help } }) => name === help || name.endsWith(`-${help}`) || name.startsWith(`${help}-`));

function showHelp(field) {
  const help = field ? helpFor(field.name) : helps[0];
  if (!help) return;
  for (const each of helps) each.hidden = each !== help;
  if (narrow.matches && field) field.closest(".field")?.append(help);
  else if (!aside.contains(help)) aside.insertBefore(help, aside.children[1] ?? null);
}

// --- start ------------------------------------------------------------------------------------------

if (form) {
  form.removeAttribute("data-guard"); // it saves itself; leaving asks below, only when it must
  form.addEventListener("input", () => {
    if (stopped) return keep();
    shown.textContent = say("unsaved");
    shown.className = "save";
    keep();
    soon();
  });
  form.addEventListener("change", () => soon(150));
  form.addEventListener("focusin", (event) => event.target.name && showHelp(event.target));
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    stopped = true;
    form.elements.base.value = JSON.stringify(base);
  });
  addEventListener("online", () => !stopped && save());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
  addEventListener("beforeunload", (event) => {
    if (!stopped && unsent(typedNow()).length) event.preventDefault();
  });
  for (const [name, text] of Object.entries(typedNow())) {
    if (!(name in base)) usual.set(name, text);
    else if (text !== base[name]) waiting.set(name, text);
  }
  showHelp(null);
  tellRest();
  restore();
}
