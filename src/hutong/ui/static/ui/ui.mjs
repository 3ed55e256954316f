// Small behaviours every page shares. Nothing here is needed to read a page or send a form.

function closeMenusOn(event) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    const narrow = getComputedStyle(menu.querySelector("summary")).display !== "none";
    if (!narrow) continue;
    const outside = event.type === "click" && !menu.contains(event.target);
    const escaped = event.type === "keydown" && event.key === "Escape";
    if (outside || escaped) {
      const focused = menu.contains(document.activeElement);
      menu.open = false;
      if (escaped && focused) menu.querySelector("summary").focus();
    }
  }
}

function foldNavigation() {
  const menu = document.querySelector(".menu-nav");
  if (!menu) return;
  const wide = matchMedia("(min-width: 62.01rem)");
  const fit = () => { menu.open = wide.matches; };
  menu.dataset.fitted = "";
  wide.addEventListener("change", fit);
  fit();
}

// On a phone conditions that nobody has chosen are folded away, so that the results are on the first screen.
function foldConditions() {
  if (matchMedia("(min-width: 40.01rem)").matches) return;
  for (const fold of document.querySelectorAll("details[data-fold]")) {
    fold.open = [...fold.querySelectorAll("select")].some((each) => each.selectedIndex > 0);
  }
}

async function copyCode(button) {
  const text = button.closest(".code").querySelector("code").textContent;
  await navigator.clipboard.writeText(text);
  const words = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = words; }, 1500);
}

// Tabs that do not fit scroll sideways; the present one is in sight.
function showPresentTab() {
  for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
    const row = tab.closest("ul");
    row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
  }
}

// On a phone a long table, of which every row is a card, shows its first cards; the rest on request.
function foldCards(root) {
  for (const table of root.querySelectorAll("table[data-first]")) {
    const rest = [...table.tBodies[0].rows].slice(Number(table.dataset.first));
    delete table.dataset.first;
    for (const row of rest) row.classList.add("folded");
    const more = table.parentElement.querySelector(".table-more");
    more.hidden = false;
    more.querySelector("[data-all]").addEventListener("click", () => {
      for (const row of rest) row.classList.remove("folded");
      more.hidden = true;
      rest[0].tabIndex = -1;
      rest[0].focus({ preventScroll: true });
    }, { once: true });
  }
}

function enable(root) {
  foldCards(root);
  for (const button of root.querySelectorAll("[data-copy]")) {
    if (navigator.clipboard) button.hidden = false;
  }
  const charts = root.querySelectorAll("[data-chart]:not([data-drawn])");
  if (charts.length) {
    import("./chart.mjs").then((module) => module.draw(charts)).catch((reason) => console.info("no charts:", reason.message));
  }
}

document.addEventListener("click", (event) => {
  closeMenusOn(event);
  const button = event.target.closest?.("[data-copy]");
  if (button) copyCode(button);
});
document.addEventListener("keydown", closeMenusOn);
document.addEventListener("htmx:after:swap", (event) => enable(event.target instanceof Element ? event.target : document));
foldNavigation();
foldConditions();
showPresentTab();
enable(document);
