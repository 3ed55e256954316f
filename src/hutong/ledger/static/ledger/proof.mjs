// The entry page: recompute every hash that is drawn, and mark it.

import { hex, verifyEvidence } from "./verify.mjs";

const proof = document.querySelector("[data-proof]");
const button = proof.querySelector("[data-verify]");
const outcome = proof.querySelector("[data-outcome]");
const words = proof.dataset;
const reasons = JSON.parse(document.getElementById("reasons").textContent);

function mark(row, good) {
  row.dataset.state = good ? "good" : "bad";
  row.querySelector("[data-mark]").textContent = good ? `✓ ${words.wordsMatches}` : `✗ ${words.wordsDiffers}`;
}

function check() {
  outcome.textContent = words.wordsRunning;
  const evidence = JSON.parse(document.getElementById("evidence").textContent);
  const found = verifyEvidence(evidence);
  const computed = [found.leaf, ...found.steps.map((step) => step.node)].map(hex);
  proof.querySelectorAll("[data-step]").forEach((row, at) => {
    const shown = row.querySelector("[data-node]");
    mark(row, computed[at] === shown.textContent);
    if (computed[at]) shown.textContent = computed[at];
  });
  const signedRoot = found.checkpoint && hex(found.checkpoint.root);
  mark(proof.querySelector("[data-root]"), found.root !== null && hex(found.root) === signedRoot);
  mark(proof.querySelector("[data-signature]"), Boolean(found.checkpoint?.signed));
  outcome.dataset.state = found.ok ? "good" : "bad";
  outcome.textContent = found.ok ? `✓ ${words.wordsGood}` : `✗ ${words.wordsBad} ${reasons[found.problem] ?? found.problem}`;
}

button.hidden = false;
button.addEventListener("click", check);
