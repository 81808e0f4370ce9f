// A file above the limit is told at once, and not sent; the server says the same without scripts.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches?.("input[type=file][data-most]")) return;
  const tooLarge = [...field.files].some((file) => file.size > Number(field.dataset.most));
  field.setCustomValidity(tooLarge ? field.dataset.tooLarge : "");
  field.reportValidity();
});

// The running sum of weights in an action plan. Without scripts it is told after saving.
const digits = (text) => text.replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - 0x0e50)).replace(/[,\s%]/g, "");

function sumWeights() {
  const shown = document.querySelector("[data-weight-sum]");
  if (!shown) return;
  let sum = 0;
  for (const field of document.querySelectorAll("[data-weight]")) {
    const text = digits(field.value);
    if (/^\d{1,4}$/.test(text)) sum += Number(text);
  }
  shown.textContent = String(sum);
}
sumWeights();
document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-weight]")) sumWeights();
});
