/** The page that checks a record's QR code on the phone itself: pasted, photographed, or behind the # of its address. */

import { read } from "./credential-qr.js";

const tool = document.querySelector("[data-offline]");
const keys = JSON.parse(tool.getAttribute("data-keys"));
const field = tool.querySelector("textarea");
const photo = tool.querySelector("[data-offline-photo]");
const part = (name) => tool.querySelector(`[data-offline-${name}]`);
const CHINA_MS = 8 * 3600 * 1000;

const dayOf = (moment) => new Date(Date.parse(moment) + CHINA_MS).toISOString().slice(0, 10);

function words(facts) {
  return {
    n: facts.n,
    t: facts.t,
    e: facts.e,
    o: facts.o,
    k: facts.k,
    h: (facts.h / 100).toFixed(2),
    m: String(facts.m),
    s: facts.s || "—",
    p: facts.p || "—",
    d: dayOf(facts.d),
    x: facts.x ? dayOf(facts.x) : "—",
    c: facts.c,
  };
}

function showFacts(facts) {
  const told = words(facts);
  tool.querySelectorAll("[data-fact]").forEach((place) => {
    place.textContent = told[place.getAttribute("data-fact")];
  });
  part("online").href = `${tool.getAttribute("data-base")}/v/${encodeURIComponent(facts.c)}`;
  part("expired").hidden = !(facts.x && Date.parse(facts.x) < Date.now());
}

function show(found) {
  part("good").hidden = !found.facts;
  part("bad").hidden = Boolean(found.facts);
  if (found.facts) showFacts(found.facts);
  else part("fault").textContent = part("bad").getAttribute(`data-say-${found.fault}`);
  part("answer").focus();
}

const check = (text) => show(read(text, keys, window.nacl));

tool.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  check(field.value);
});

async function readPhoto() {
  try {
    const picture = await createImageBitmap(photo.files[0]);
    const found = await new window.BarcodeDetector({ formats: ["qr_code"] }).detect(picture);
    check(found.length ? found[0].rawValue : "");
  } catch (unreadable) {
    show({ fault: "shape" });
  }
}

if (photo && "BarcodeDetector" in window) {
  part("camera").hidden = false;
  photo.addEventListener("change", readPhoto);
}

/** The text comes behind the #, which a browser never sends: the server does not learn what is checked. */
function fromAddress() {
  if (window.location.hash.length > 1) check(window.location.hash);
}

window.addEventListener("hashchange", fromAddress);
fromAddress();
