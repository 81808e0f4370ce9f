// Sliders tell their figure, the weights their sum, and the form what it would give, roughly and at once.
const figures = (input) => Number(input.value || 0).toLocaleString();

for (const input of document.querySelectorAll("input[data-slider]")) {
  const beside = document.createElement("output");
  beside.htmlFor = input.id;
  const around = document.createElement("div");
  around.className = "sliding";
  input.replaceWith(around);
  around.append(input, beside);
  const tell = () => {
    beside.textContent = `${figures(input)} %`;
  };
  input.addEventListener("input", tell);
  tell();
}

const weights = document.querySelector("[data-weights]");
const sum = document.querySelector("[data-weights-sum]");
function addUp() {
  const found = [...weights.querySelectorAll("input")].reduce((total, input) => total + Number(input.value || 0), 0);
  sum.textContent = `${found}`;
  sum.style.color = found === 100 ? "" : "var(--bad-ink, #a1260d)";
}
if (weights && sum) {
  weights.addEventListener("input", addUp);
  addUp();
}

const form = document.querySelector("form[data-estimate]");
if (form) {
  const place = document.getElementById("estimate");
  let waiting = 0;
  let newest = 0;
  const ask = async () => {
    const mine = ++newest;
    place.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.estimate, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" } });
      const text = await answer.text();
      if (mine === newest && answer.ok) place.innerHTML = text;
    } catch {
      // Without a network the last estimate stays; saving tells what failed.
    }
    place.removeAttribute("aria-busy");
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 400);
  });
}

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
