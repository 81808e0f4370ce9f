// A form that is saved by its button keeps what was typed in this browser until it is saved: a dead
// network, a closed tab or a session that ended loses nothing. Only fields that differ are kept.
const form = document.querySelector("form[data-keep-typed]");

const fieldsOf = () =>
  [...form.elements].filter((field) => field.name && !["hidden", "file", "submit"].includes(field.type) && field.type !== "button");
const valueOf = (field) => (field.type === "checkbox" ? String(field.checked) : field.value);
const usual = form ? Object.fromEntries(fieldsOf().map((field) => [field.name, valueOf(field)])) : {};

function kept() {
  try {
    return JSON.parse(localStorage.getItem(form.dataset.keepTyped) ?? "{}");
  } catch {
    return {};
  }
}

function keep() {
  const typed = Object.fromEntries(
    fieldsOf().filter((field) => valueOf(field) !== usual[field.name]).map((field) => [field.name, valueOf(field)]),
  );
  try {
    if (Object.keys(typed).length) localStorage.setItem(form.dataset.keepTyped, JSON.stringify(typed));
    else localStorage.removeItem(form.dataset.keepTyped);
  } catch {
    // No room or no permission: the page itself still holds the text.
  }
}

function restore() {
  const typed = kept();
  let back = 0;
  for (const field of fieldsOf()) {
    if (!(field.name in typed) || typed[field.name] === valueOf(field)) continue;
    if (field.type === "checkbox") field.checked = typed[field.name] === "true";
    else field.value = typed[field.name];
    field.closest("details")?.setAttribute("open", "");
    back += 1;
  }
  if (!back) return;
  form.querySelector("[data-kept]").hidden = false;
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

if (form) {
  // The page that comes after a save says so; one that came back with a problem holds the text itself.
  if (document.querySelector("[data-tags~=line-saved]")) localStorage.removeItem(form.dataset.keepTyped);
  else if (!document.querySelector(".problems")) restore();
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.querySelector("[data-forget]").addEventListener("click", () => {
    localStorage.removeItem(form.dataset.keepTyped);
    location.reload();
  });
}
