// A form that is saved by its button keeps what was typed in this browser until it is saved: a dead
// network, a closed tab or a session that ended loses nothing. Only fields that were touched are kept.
// ui/app.js forgets them on whatever page tells that they were saved.
const form = document.querySelector("form[data-keep-typed]");

function read() {
  try {
    return JSON.parse(localStorage.getItem(form.dataset.keepTyped) ?? "{}");
  } catch {
    return {};
  }
}

function keeping() {
  const key = form.dataset.keepTyped;
  const fields = [...form.elements].filter((field) => field.name && !["hidden", "submit", "button"].includes(field.type));
  const usual = Object.fromEntries(fields.map((field) => [field.name, field.value]));
  // A page that came back with a problem shows what was typed: it stays kept while it is mended.
  const before = read();

  function keep() {
    const touched = fields.filter((field) => field.name in before || field.value !== usual[field.name]);
    const typed = Object.fromEntries(touched.map((field) => [field.name, field.value]));
    // Another's change meanwhile is told by the server: it is asked with the revision that was read.
    if (form.elements.revision) typed.revision = form.elements.revision.value;
    try {
      if (touched.length) localStorage.setItem(key, JSON.stringify(typed));
      else localStorage.removeItem(key);
    } catch {
      // No room or no permission: the page itself still holds the text.
    }
  }

  function restore() {
    const missing = fields.filter((field) => field.name in before && before[field.name] !== field.value);
    if (!missing.length) return;
    for (const field of missing) {
      field.value = before[field.name];
      field.closest("details")?.setAttribute("open", "");
    }
    if (form.elements.revision && before.revision) form.elements.revision.value = before.revision;
    form.querySelector("[data-kept]").hidden = false;
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  if (!document.querySelector(".problems")) restore();
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("submit", () => sessionStorage.setItem("nayu:sent", key));
  form.querySelector("[data-forget]").addEventListener("click", () => {
    localStorage.removeItem(key);
    location.reload();
  });
}

if (form) keeping();
