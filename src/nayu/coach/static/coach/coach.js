// The coach's remarks follow what was saved: beside the fields, on a narrow window below each field.
// Focus never moves; a change of the count is told politely.
const side = document.getElementById("coach-side");
const said = document.getElementById("coach-said");
const form = document.querySelector("form[data-autosave]");
const narrow = matchMedia("(max-width: 75rem)");
let asking = 0;

const body = () => side.querySelector("[data-coach-body]");
const list = () => body().querySelector(".coachlist");
const remarks = () => [...document.querySelectorAll("[data-coach-field]")];
const holderOf = (name) => form.querySelector(`[name="${CSS.escape(name)}"]`)?.closest(".field") ?? null;

/** Each remark below its field on a narrow window, else all in the column beside. */
function place() {
  for (const one of remarks()) {
    const holder = narrow.matches ? holderOf(one.dataset.coachField) : null;
    if (!holder) {
      list().append(one);
      continue;
    }
    let below = holder.querySelector(":scope > .coachlist");
    if (!below) below = holder.appendChild(Object.assign(document.createElement("ul"), { className: "coachlist" }));
    below.append(one);
  }
  for (const empty of form.querySelectorAll(".field > .coachlist:empty")) empty.remove();
}

/** Remarks on the field in hand stand first and are marked. */
function mark(name) {
  for (const one of remarks()) {
    const here = one.dataset.coachField === name;
    one.classList.toggle("here", here);
    if (here && !narrow.matches) list().prepend(one);
  }
}

async function refresh() {
  try {
    const response = await fetch(side.dataset.coach, { redirect: "manual" });
    if (!response.ok) return;
    const part = new DOMParser().parseFromString(await response.text(), "text/html");
    const before = body().querySelector("[data-coach-count]")?.textContent ?? "";
    for (const old of form.querySelectorAll(".field > .coachlist")) old.remove();
    body().replaceChildren(...part.body.childNodes);
    place();
    mark(document.activeElement?.name ?? "");
    const after = body().querySelector("[data-coach-count]")?.textContent ?? "";
    if (after !== before) said.textContent = after;
  } catch {
    // The remarks are only advice; the next save asks again.
  }
}

if (side && form) {
  document.addEventListener("nayu:saved", () => {
    clearTimeout(asking);
    asking = setTimeout(refresh, 400);
  });
  form.addEventListener("focusin", (event) => event.target.name && mark(event.target.name));
  narrow.addEventListener("change", place);
  place();
}
