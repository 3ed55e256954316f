// A wall turns its pages by itself; a press on the button or the space bar stops it.

const controls = document.querySelector("[data-rotate]");
const button = controls.querySelector("[data-pause]");
const KEY = "hutong-wall-paused";
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
let paused = still || sessionStorage.getItem(KEY) === "1";
let timer = 0;

function turn() {
  if (!document.hidden) location.assign(controls.dataset.next);
}

function set(next) {
  paused = next;
  sessionStorage.setItem(KEY, paused ? "1" : "0");
  button.textContent = paused ? controls.dataset.wordsGo : controls.dataset.wordsPause;
  button.setAttribute("aria-pressed", String(paused));
  clearInterval(timer);
  if (!paused) timer = setInterval(turn, Number(controls.dataset.rotate) * 1000);
}

button.hidden = false;
button.addEventListener("click", () => set(!paused));
document.addEventListener("keydown", (event) => {
  if (event.key === " " && event.target === document.body) {
    event.preventDefault();
    set(!paused);
  }
  if (event.key === "ArrowRight") turn();
});
set(paused);
