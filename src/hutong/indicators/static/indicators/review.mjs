// The review page: choosing a finding marks its place in the text; arrow keys and letters work inside the list.

const root = document.querySelector("[data-review]");
const items = [...root.querySelectorAll("[data-item]")];
const lines = root.querySelector(".review-lines");
let chosen = null;

function unmark() {
  for (const mark of root.querySelectorAll("mark")) {
    const line = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    line.normalize();
  }
}

/** Mark `length` characters (code points, as the server counts) from `column` of a line. */
function mark(line, column, length) {
  const points = [...line.textContent];
  const before = points.slice(0, column).join("");
  const inside = points.slice(column, column + Math.max(length, 1)).join("");
  const after = points.slice(column + Math.max(length, 1)).join("");
  const place = document.createElement("mark");
  place.textContent = inside;
  line.replaceChildren(before, place, after);
  return place;
}

function show(item) {
  unmark();
  chosen?.removeAttribute("data-chosen");
  chosen = item;
  item.setAttribute("data-chosen", "");
  const line = document.getElementById(`L${item.dataset.line}`);
  if (!line) return;
  const place = mark(line, Number(item.dataset.column), Number(item.dataset.length));
  const top = place.getBoundingClientRect().top - lines.getBoundingClientRect().top;
  lines.scrollTop += top - lines.clientHeight / 3;
}

function step(item, by) {
  const next = items[items.indexOf(item) + by];
  next?.querySelector("[data-show]").focus();
}

for (const item of items) {
  const link = item.querySelector("[data-show]");
  link.addEventListener("click", (event) => {
    event.preventDefault();
    show(item);
  });
  item.addEventListener("focusin", () => show(item));
  item.addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "arrowdown" || key === "arrowup") {
      event.preventDefault();
      step(item, key === "arrowdown" ? 1 : -1);
    } else if (key === "m") {
      const details = item.querySelector("details");
      if (!details) return;
      event.preventDefault();
      details.open = true;
      details.querySelector("input:not([type=hidden])").focus();
    } else if (key === "a" || key === "d") {
      item.querySelector(`button[data-key="${key}"]`)?.click();
    }
  });
}

// After a decision go on with the next finding. The fragment is taken away first: a browser that follows it
// drops the focus.
const wanted = location.hash.startsWith("#item-") && document.querySelector(location.hash);
if (wanted) {
  history.replaceState(null, "", location.pathname);
  const next = items[items.indexOf(wanted) + 1] ?? wanted;
  const go = () => next.querySelector("[data-show]").focus();
  if (document.readyState === "complete") go();
  else addEventListener("load", () => setTimeout(go));
}
