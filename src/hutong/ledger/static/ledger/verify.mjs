// Verifies, in the reader's browser, that bytes are in a log: RFC 6962 inclusion proof, signed note, Ed25519.
// Nothing is asked of the server. Used by the entry page and by the cockpit's drill-through.

import { sha256, sha512 } from "../vendor/noble-hashes/sha2.js";
import * as ed25519 from "../vendor/noble-ed25519/index.js";

ed25519.hashes.sha512 = sha512;

const ED25519 = 1;
const encoder = new TextEncoder();

export class BadProof extends Error {}

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export function base64(text) {
  let raw;
  try {
    raw = atob(text);
  } catch {
    throw new BadProof("malformed base64");
  }
  if (btoa(raw) !== text) throw new BadProof("malformed base64");
  return Uint8Array.from(raw, (character) => character.charCodeAt(0));
}

export function leafHash(payload) {
  return sha256(join([Uint8Array.of(0), payload]));
}

function nodeHash(left, right) {
  return sha256(join([Uint8Array.of(1), left, right]));
}

function join(parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

/** Every hash on the way up from `leaf` (RFC 9162 §2.1.3.2); throws when the proof's length cannot be right. */
export function inclusionSteps(index, size, leaf, hashes) {
  let at = BigInt(index);
  let last = BigInt(size) - 1n;
  if (at < 0n || at > last) throw new BadProof("index outside the tree");
  let node = leaf;
  const steps = [];
  for (const sibling of hashes) {
    if (sibling.length !== 32) throw new BadProof("a hash is not 32 bytes");
    if (last === 0n) throw new BadProof("proof too long");
    const fromLeft = (at & 1n) === 1n || at === last;
    node = fromLeft ? nodeHash(sibling, node) : nodeHash(node, sibling);
    steps.push({ fromLeft, sibling, node });
    while (fromLeft && at !== 0n && (at & 1n) === 0n) {
      at >>= 1n;
      last >>= 1n;
    }
    at >>= 1n;
    last >>= 1n;
  }
  if (last !== 0n) throw new BadProof("proof too short");
  return steps;
}

/** `name+hash+base64`; throws when the hash is not that of the name and key. */
export function parseVerifierKey(text) {
  const [name, id, ...rest] = text.split("+");
  const raw = base64(rest.join("+"));
  if (raw[0] !== ED25519 || raw.length !== 33) throw new BadProof("not an Ed25519 key");
  const keyId = sha256(join([encoder.encode(`${name}\n`), raw])).slice(0, 4);
  if (hex(keyId) !== id) throw new BadProof("key hash does not match");
  return { name, keyId, publicKey: raw.slice(1) };
}

/** Reads a signed checkpoint; `signed` says whether `key`'s signature is there and holds. */
export function openCheckpoint(text, key) {
  const cut = text.lastIndexOf("\n\n");
  if (cut < 0 || !text.endsWith("\n")) throw new BadProof("no signature block");
  const body = text.slice(0, cut + 1);
  const [origin, size, root] = body.split("\n");
  if (!origin || !/^(0|[1-9][0-9]*)$/.test(size ?? "")) throw new BadProof("malformed checkpoint");
  const signatures = text.slice(cut + 2, -1).split("\n").map((line) => {
    const found = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line);
    if (!found) throw new BadProof("malformed signature line");
    const raw = base64(found[2]);
    return { name: found[1], keyId: raw.slice(0, 4), value: raw.slice(4) };
  });
  const own = signatures.find((each) => each.name === key.name && same(each.keyId, key.keyId));
  const signed = own !== undefined && signatureHolds(own.value, encoder.encode(body), key.publicKey);
  return { origin, size: Number(size), root: base64(root ?? ""), signed };
}

function signatureHolds(signature, message, publicKey) {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false; // noble throws on encodings that are not points
  }
}

/**
 * The whole check. `payloadBytes` is the leaf; `hashes` are base64 or bytes, from the leaf up.
 * Returns `{ok, problem, leaf, steps, root, checkpoint}`; never throws on bad input.
 */
export function verifyInclusion({ payloadBytes, index, size, hashes, checkpointText, verifierKey }) {
  const result = { ok: false, problem: "", leaf: leafHash(payloadBytes), steps: [], root: null, checkpoint: null };
  try {
    const key = parseVerifierKey(verifierKey);
    result.checkpoint = openCheckpoint(checkpointText, key);
    const siblings = hashes.map((each) => (typeof each === "string" ? base64(each) : each));
    result.steps = inclusionSteps(index, size, result.leaf, siblings);
    result.root = result.steps.at(-1)?.node ?? result.leaf;
    if (result.checkpoint.origin !== key.name) throw new BadProof("origin differs from the key name");
    if (result.checkpoint.size !== Number(size)) throw new BadProof("size differs from the checkpoint");
    if (!result.checkpoint.signed) throw new BadProof("the signature does not hold");
    if (!same(result.root, result.checkpoint.root)) throw new BadProof("root differs");
    result.ok = true;
  } catch (error) {
    if (!(error instanceof BadProof)) throw error;
    result.problem = error.message;
  }
  return result;
}

/** The same for an evidence file as `hutong ledger prove` and `/api/ledger/entries/<id>/proof` give it. */
export function verifyEvidence(evidence) {
  return verifyInclusion({
    payloadBytes: encoder.encode(evidence.leaf),
    index: evidence.index,
    size: evidence.size,
    hashes: evidence.hashes,
    checkpointText: evidence.checkpoint,
    verifierKey: evidence.verifier,
  });
}
