// What the pages do beyond HTML: menu, tile map, money while typing, guards, charts. No page needs it
// to be read or sent; no eval, no inline handlers. Money is BigInt satang, quantities BigInt thousandths.

const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");
const say = (key, value) => (words[key] ?? "").replace("{value}", value);

// --- figures -----------------------------------------------------------------------------------

const THAI_ZERO = 0x0e50;
const MILLION_SATANG = 100_000_000n;

/** "๑,๒๐๐.๕๐" → 120050n for two places; null when it is no number or has more places. */
export function parseFixed(text, places) {
  const plain = text
    .replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - THAI_ZERO))
    .replace(/[,\s\u200b]|บาท|฿/g, "")
    .replace("−", "-");
  const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(plain);
  if (!match || (!match[2] && !match[3])) return null;
  const fraction = (match[3] ?? "").replace(/0+$/, "");
  if (fraction.length > places) return null;
  const whole = BigInt((match[2] || "0") + fraction.padEnd(places, "0"));
  return match[1] ? -whole : whole;
}

/** 120050n → "1,200.50", with a true minus. */
export function showFixed(value, places) {
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, "0");
  const cut = digits.length - places;
  const whole = digits.slice(0, cut).replace(/\B(?=(\d{3})+$)/g, ",");
  return (value < 0n ? "−" : "") + whole + (places ? "." + digits.slice(cut) : "");
}

/** Satang as million baht with two decimals, half up. */
export function showMillions(satang) {
  const step = MILLION_SATANG / 100n;
  const half = satang < 0n ? -step / 2n : step / 2n;
  return showFixed((satang + half) / step, 2);
}

/** Quantity (thousandths) × price (satang); null when the product is not whole satang. */
export function amountOf(thousandths, satang) {
  const product = thousandths * satang;
  return product % 1000n === 0n ? product / 1000n : null;
}

// --- lines of a budget request -----------------------------------------------------------------
// [data-lines] holds [data-line]s with [data-quantity], [data-price], [data-amount] and perhaps
// [data-category]; [data-total] shows the sum; [data-meter="category"] anywhere follows it.

function lineAmount(line) {
  const quantity = parseFixed(line.querySelector("[data-quantity]")?.value ?? "", 3);
  const price = parseFixed(line.querySelector("[data-price]")?.value ?? "", 2);
  const gone = line.querySelector("[name$=-DELETE], [name$=-remove]")?.checked;
  if (gone || quantity === null || price === null) return { amount: 0n, text: "–" };
  const amount = amountOf(quantity, price);
  if (amount === null) return { amount: 0n, text: say("inexact") };
  return { amount, text: `${showFixed(amount, 2)} ${words.baht}` };
}

function recount(lines, { meters = true } = {}) {
  const sums = new Map();
  let total = 0n;
  for (const line of lines.querySelectorAll("[data-line]")) {
    const { amount, text } = lineAmount(line);
    const shown = line.querySelector("[data-amount]");
    if (shown) shown.textContent = text;
    const holder = line.querySelector("[data-category]");
    const option = holder?.selectedOptions?.[0];
    const category = option?.dataset.meter ?? holder?.value ?? line.dataset.category ?? "";
    sums.set(category, (sums.get(category) ?? 0n) + amount);
    total += amount;
  }
  for (const shown of lines.querySelectorAll("[data-all-years]")) addYears(lines, shown, total);
  for (const shown of lines.querySelectorAll("[data-total]"))
    shown.textContent = `${showFixed(total, 2)} ${words.baht}`;
  if (!meters) return; // as the server drew them, until something is typed
  for (const meter of document.querySelectorAll("[data-meter]"))
    drawMeter(meter, meter.dataset.meter ? (sums.get(meter.dataset.meter) ?? 0n) : total);
}

/** This year's amount, the years before it and the [data-later] ones, each in whole baht. */
function addYears(lines, shown, own) {
  const later = [...lines.querySelectorAll("[data-later]")].map((field) => parseFixed(field.value || "0", 2));
  const earlier = shown.dataset.allYears.split(" ").filter(Boolean).map((text) => parseFixed(text, 2));
  const here = lines.querySelector("[data-own-year]");
  if (here) here.textContent = showFixed(own, 2);
  if (later.some((amount) => amount === null)) return (shown.textContent = "–");
  if (![...later, ...earlier].some((amount) => amount > 0n)) return (shown.textContent = "–");
  const whole = [...later, ...earlier].reduce((sum, amount) => sum + amount, own);
  shown.textContent = `${showFixed(whole, 2)} ${words.baht}`;
}

/** Length of a bar: the one place where a figure becomes a float, since it is only drawn. */
const width = (part, whole) => `${whole > 0n ? Number((part * 100000n) / whole) / 1000 : 0}%`;
const smaller = (a, b) => (a < b ? a : b);
const larger = (a, b) => (a > b ? a : b);

function drawMeter(meter, own) {
  const requested = parseFixed(meter.dataset.requested ?? "0", 2) ?? 0n;
  const used = requested + own;
  const mine = meter.querySelector("[data-this]");
  if (mine) mine.textContent = showMillions(own);
  if (meter.dataset.ceiling === undefined) return;
  const ceiling = parseFixed(meter.dataset.ceiling, 2) ?? 0n;
  const over = larger(used - ceiling, 0n);
  const scale = (larger(used, ceiling) * 1045n) / 1000n;
  meter.classList.toggle("over", over > 0n);
  meter.querySelector("[data-over-chip]").hidden = over === 0n;
  meter.querySelector("[data-left]").textContent =
    over > 0n ? say("over", showMillions(over)) : say("left", showMillions(ceiling - used));
  meter.querySelector(".a").style.width = width(smaller(requested, ceiling), scale);
  meter.querySelector(".m").style.width = width(smaller(own, larger(ceiling - requested, 0n)), scale);
  const beyond = meter.querySelector(".o");
  beyond.hidden = over === 0n;
  beyond.style.width = width(over, scale);
  meter.querySelector(".lim").style.left = width(ceiling, scale);
}

/** A figure without needless decimals: 1,200 or 2.5; money keeps its two. */
const readable = (value, places) => (places === 2 ? showFixed(value, 2) : showFixed(value, places).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, ""));

/** Under a field with data-echo="2" (places): how the typed figure was read. */
function echo(field) {
  const places = Number(field.dataset.echo);
  const id = `${field.id}_echo`;
  let note = document.getElementById(id);
  if (!note) {
    note = Object.assign(document.createElement("span"), { className: "hint", id });
    field.after(note);
    field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${id}`.trim());
  }
  const value = parseFixed(field.value, places);
  const unit = field.dataset.unit ?? "";
  if (!field.value.trim()) note.textContent = "";
  else note.textContent = value === null ? say("not_a_number") : say("reads", `${readable(value, places)} ${unit}`.trim());
}

document.addEventListener("input", (event) => {
  const lines = event.target.closest?.("[data-lines]");
  if (lines) recount(lines);
  if (event.target.dataset?.echo) echo(event.target);
});
document.addEventListener("change", (event) => {
  const lines = event.target.closest?.("[data-lines]");
  if (lines) recount(lines);
});

// --- menu on narrow screens --------------------------------------------------------------------

function toggleMenu(button, open) {
  document.getElementById("nav")?.classList.toggle("open", open);
  button.setAttribute("aria-expanded", String(open));
}
const menu = document.querySelector("[data-menu]");
menu?.addEventListener("click", (event) => {
  event.preventDefault();
  toggleMenu(menu, menu.getAttribute("aria-expanded") !== "true");
});
menu?.addEventListener("keydown", (event) => {
  if (event.key === " ") {
    event.preventDefault();
    menu.click();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || menu?.getAttribute("aria-expanded") !== "true") return;
  toggleMenu(menu, false);
  menu.focus();
});

// --- tile map: one tab stop, arrows move to the nearest district that way ------------------------

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function neighbour(tile, tiles, [right, down]) {
  const place = (each) => [Number(each.dataset.column), Number(each.dataset.row)];
  const [column, row] = place(tile);
  let best = null;
  let bestCost = Infinity;
  for (const each of tiles) {
    const [x, y] = place(each);
    const along = (x - column) * right + (y - row) * down;
    const aside = Math.abs((x - column) * down) + Math.abs((y - row) * right);
    const cost = along + aside * 3;
    if (along > 0 && cost < bestCost) [best, bestCost] = [each, cost];
  }
  return best;
}

function pick(map, tile) {
  const box = map.querySelector("[data-pick]");
  if (!box) return;
  box.hidden = false;
  box.querySelector("[data-pick-name]").textContent = tile.dataset.name;
  box.querySelector("[data-pick-value]").textContent = tile.dataset.value;
  box.querySelector("[data-pick-note]").textContent = tile.dataset.note;
  box.querySelector("[data-pick-link]").setAttribute("href", tile.getAttribute("href"));
  for (const each of map.querySelectorAll("a.t")) {
    each.classList.toggle("sel", each === tile);
    each.setAttribute("tabindex", each === tile ? "0" : "-1");
  }
}

function readyMap(map) {
  const tiles = [...map.querySelectorAll("a.t")];
  if (!tiles.length || map.dataset.ready) return;
  map.dataset.ready = "1";
  map.addEventListener("keydown", (event) => {
    const tile = event.target.closest?.("a.t");
    const next = tile && ARROWS[event.key] && neighbour(tile, tiles, ARROWS[event.key]);
    if (!next) return;
    event.preventDefault();
    pick(map, next);
    next.focus();
  });
  map.addEventListener("focusin", (event) => {
    const tile = event.target.closest?.("a.t");
    if (tile) pick(map, tile);
  });
  map.addEventListener("pointerover", (event) => {
    const tile = event.pointerType === "mouse" && event.target.closest?.("a.t");
    if (tile) pick(map, tile);
  });
  // On a touch screen the first touch spells the district out, the second opens it.
  map.addEventListener("click", (event) => {
    const tile = event.target.closest?.("a.t");
    if (!tile || event.pointerType !== "touch" || tile === map.picked) return;
    event.preventDefault();
    map.picked = tile;
    pick(map, tile);
  });
  const chosen = map.querySelector("a.t.sel") ?? map.querySelector("a.t[tabindex='0']");
  if (chosen) pick(map, chosen);
}

// --- forms: no second sending, no lost words -----------------------------------------------------

let dirty = false;
document.addEventListener("input", (event) => {
  if (event.target.closest?.("form[data-guard]")) dirty = true;
});
addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});

const buttonsOf = (form) => [...form.elements].filter((each) => each.type === "submit");
function release(form) {
  for (const button of buttonsOf(form)) {
    if (button.dataset.held) button.disabled = false;
    delete button.dataset.held;
  }
  form.removeAttribute("aria-busy");
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  dirty = false;
  form.setAttribute("aria-busy", "true");
  // After this turn, so that the pressed button's own value is still sent.
  setTimeout(() => {
    for (const button of buttonsOf(form)) {
      if (button.disabled) continue;
      button.disabled = true;
      button.dataset.held = "1";
    }
  });
  if (form.hasAttribute("data-download")) setTimeout(() => release(form), 3000);
});
addEventListener("pageshow", () => [...document.forms].forEach(release));
document.addEventListener("htmx:finally:request", () => [...document.forms].forEach(release));
document.addEventListener("htmx:error", () => {
  const state = document.getElementById("save-state");
  if (state) state.textContent = say("failed");
});

// --- charts: ECharts as SVG, colours from the page, redrawn when the theme changes ----------------

const shownCharts = new Map();

function coloured(value, style) {
  if (typeof value === "string")
    return value.replace(/var\((--[\w-]+)\)/g, (_, name) => style.getPropertyValue(name).trim());
  if (Array.isArray(value)) return value.map((each) => coloured(each, style));
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, coloured(each, style)]));
  return value;
}

function loadEcharts() {
  if (window.echarts) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("vendor/echarts.min.js", import.meta.url);
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}

function drawChart(box) {
  const style = getComputedStyle(document.documentElement);
  const option = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  const text = { fontFamily: "Sarabun, sans-serif", fontSize: 14, color: style.getPropertyValue("--ink-2").trim() };
  const line = { lineStyle: { color: style.getPropertyValue("--line").trim() } };
  const axis = { axisLabel: text, axisLine: line, splitLine: line, nameTextStyle: text };
  const theme = { textStyle: text, categoryAxis: axis, valueAxis: axis, timeAxis: axis, legend: { textStyle: text } };
  shownCharts.get(box)?.dispose();
  const chart = window.echarts.init(box, theme, { renderer: "svg" });
  chart.setOption({ animation: false, ...coloured(option, style) });
  shownCharts.set(box, chart);
}

async function readyCharts(root) {
  const boxes = [...root.querySelectorAll("[data-chart]")].filter((box) => !shownCharts.has(box));
  if (!boxes.length) return;
  try {
    await Promise.all([loadEcharts(), document.fonts.load("14px Sarabun", "ก0")]);
    boxes.forEach(drawChart);
  } catch {
    // Without the picture the table twin tells the same.
    for (const box of boxes) {
      box.hidden = true;
      box.parentElement.querySelector("details")?.setAttribute("open", "");
    }
  }
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => [...shownCharts.keys()].forEach(drawChart));
addEventListener("resize", () => shownCharts.forEach((chart) => chart.resize()));

// --- start, and again for whatever htmx swaps in --------------------------------------------------

function ready(root) {
  root.querySelectorAll("[data-tiles]").forEach(readyMap);
  root.querySelectorAll("[data-lines]").forEach((lines) => recount(lines, { meters: false }));
  root.querySelectorAll("[data-echo]").forEach((field) => field.value && echo(field));
  readyCharts(root);
  root.querySelector("[data-focus]")?.focus();
}
ready(document);
document.addEventListener("htmx:after:swap", (event) => {
  const root = event.target;
  if (root instanceof Element) ready(root);
});

// --- What a form kept in this browser is forgotten once a page tells that it was saved (keeping.js) ---
if (document.querySelector("[data-tags~=line-saved]")) {
  localStorage.removeItem(sessionStorage.getItem("nayu:sent") ?? "");
  sessionStorage.removeItem("nayu:sent");
}
