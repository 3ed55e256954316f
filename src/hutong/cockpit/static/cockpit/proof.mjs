// Every figure's proof, recomputed here: its own entry and those of the snapshots it read.
// For the figure itself the values are fetched and hashed too, so that the proof is about these very values.

import { hex, verifyEvidence } from "../ledger/verify.mjs";
import { sha256 } from "../vendor/noble-hashes/sha2.js";

const list = document.querySelector("[data-proofs]");
const words = list.dataset;
const TRIES = 8;

async function evidenceOf(entry) {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const answer = await fetch(`/api/ledger/entries/${entry}/proof`, { headers: { Accept: "application/json" } });
    if (answer.ok) return answer.json();
    if (answer.status < 400 || answer.status >= 500) break;
    await new Promise((go) => setTimeout(go, 500 * (attempt + 1)));
  }
  return null;
}

function mark(item, state, text) {
  const outcome = item.querySelector("[data-outcome]");
  item.dataset.state = state;
  outcome.textContent = state === "good" ? `✓ ${text}` : state === "bad" ? `✗ ${text}` : text;
}

async function valuesHash(address) {
  const answer = await fetch(address);
  if (!answer.ok) return "";
  return hex(sha256(new Uint8Array(await answer.arrayBuffer())));
}

async function check(item) {
  mark(item, "running", words.wordsRunning);
  const evidence = await evidenceOf(item.dataset.entry);
  if (!evidence) return mark(item, "none", words.wordsWaiting);
  const found = verifyEvidence(evidence);
  if (!found.ok) return mark(item, "bad", `${words.wordsBad}: ${found.problem}`);
  const leaf = JSON.parse(evidence.leaf);
  if (leaf.subject !== item.dataset.urn) return mark(item, "bad", `${words.wordsBad}: ${leaf.subject}`);
  if (item.dataset.result) {
    // whoever is not shown small counts cannot fetch all values: then the page's hash is held against the ledger's
    const computed = item.dataset.values ? await valuesHash(item.dataset.values) : item.dataset.result;
    const same = computed === item.dataset.result && leaf.payload.result === computed;
    item.querySelector("[data-detail]").textContent = computed;
    if (!same) return mark(item, "bad", `${words.wordsBad}: ${leaf.payload.result}`);
  } else {
    item.querySelector("[data-detail]").textContent = hex(found.root);
  }
  return mark(item, "good", words.wordsGood);
}

await Promise.all([...list.querySelectorAll("[data-entry]")].map(check));
list.dataset.done = "";
