// The map page: draws layers, colours areas by a measure, and keeps the address and the panel in step.
import { Map, NavigationControl, Popup, ScaleControl } from "../vendor/maplibre-gl/maplibre-gl.mjs";
import { addImages, emptyStyle, styleLayers, token } from "./look.mjs";

const config = JSON.parse(document.getElementById("map-config").textContent);
const byId = (id) => document.getElementById(id);
const state = {
  month: config.asOf,
  measure: config.measure,
  feature: config.feature,
  shown: new Set([...document.querySelectorAll("#map-form input[name=layers]:checked")].map((each) => each.value)),
  loaded: new globalThis.Map(),
};
const layers = new globalThis.Map(config.layers.map((each) => [each.id, each]));
const calm = matchMedia("(prefers-reduced-motion: reduce)");

document.body.classList.add("map-enhanced"); // the map must have its room before it is made
const map = new Map({
  container: "map",
  style: emptyStyle(),
  bounds: config.bounds ?? [116.3, 39.85, 116.5, 40],
  fitBoundsOptions: { padding: 40 },
  localIdeographFontFamily: token("--font"),
  attributionControl: false,
  dragRotate: false,
  pitchWithRotate: false,
  maxZoom: 19,
  fadeDuration: calm.matches ? 0 : 200,
  locale: { "NavigationControl.ZoomIn": config.words.zoomIn, "NavigationControl.ZoomOut": config.words.zoomOut, "NavigationControl.ResetBearing": config.words.north, "Map.Title": config.words.map },
});
map.touchZoomRotate.disableRotation();
map.keyboard.disableRotation();
map.addControl(new NavigationControl({ showCompass: false }), "top-left");
map.addControl(new ScaleControl({ maxWidth: 7.5 * parseFloat(getComputedStyle(document.documentElement).fontSize) }), "bottom-right");
const tip = new Popup({ closeButton: false, closeOnClick: false, offset: 10, className: "map-tip" });

function say(words) {
  byId("map-note").textContent = words;
}

async function get(address, kind) {
  const answer = await fetch(address, { headers: { Accept: kind } });
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer;
}

function keepAddress() {
  const query = new URLSearchParams();
  query.set("layers", [...state.shown].join(","));
  if (state.measure) query.set("measure", state.measure);
  if (state.month) query.set("as_of", state.month);
  if (state.feature) query.set("feature", state.feature);
  if (document.documentElement.dataset.theme === "wall") query.set("wall", "1");
  history.replaceState(null, "", `/map?${query}`);
  for (const form of document.querySelectorAll(".tools input[name=next]")) form.value = `/map?${query}`;
}

// —— layers

function pointsOf(collection) {
  return {
    type: "FeatureCollection",
    features: collection.features.map((each) => ({ type: "Feature", properties: each.properties, geometry: { type: "Point", coordinates: [each.properties.x, each.properties.y] } })),
  };
}

// Layers that only show from close by are read for what is in view; the others once, as a whole.
function isByView(layer) {
  return layer.minZoom >= 14;
}

function view() {
  const bounds = map.getBounds();
  const [east, north] = [bounds.getEast() - bounds.getWest(), bounds.getNorth() - bounds.getSouth()];
  const grown = [bounds.getWest() - east / 4, bounds.getSouth() - north / 4, bounds.getEast() + east / 4, bounds.getNorth() + north / 4];
  return grown.map((each) => each.toFixed(5)).join(",");
}

async function load(layer) {
  const query = new URLSearchParams({ limit: isByView(layer) ? "4000" : "20000" });
  if (isByView(layer)) query.set("bbox", view());
  if (layer.timed && state.month) query.set("as_of", state.month);
  const collection = await (await get(`/map/layers/${layer.id}.geojson?${query}`, "application/geo+json")).json();
  state.loaded.set(layer.id, collection);
  if (!isByView(layer)) say("");
  const count = isByView(layer) ? null : document.querySelector(`[data-count="${layer.id}"]`);
  if (count) count.textContent = collection.numberReturned.toLocaleString("en") + (collection.truncated ? "+" : "");
  if (collection.truncated) say(config.words.more);
  return collection;
}

function put(layer, collection) {
  const existing = map.getSource(layer.id);
  if (existing) {
    existing.setData(collection);
    map.getSource(`${layer.id}-points`)?.setData(pointsOf(collection));
    return;
  }
  map.addSource(layer.id, { type: "geojson", data: collection, promoteId: "id", tolerance: 0.2 });
  if (layer.style === "fill") map.addSource(`${layer.id}-points`, { type: "geojson", data: pointsOf(collection), promoteId: "id" });
  redraw();
}

// Areas below lines below points; within areas the pack's order, outermost first.
function redraw() {
  const rank = { fill: 0, line: 1, point: 2 };
  const present = config.layers.filter((each) => map.getSource(each.id));
  const ordered = present.toSorted((a, b) => rank[a.style] - rank[b.style]);
  for (const each of map.getStyle().layers) if (each.id !== "paper") map.removeLayer(each.id);
  const drawn = ordered.flatMap((each) => styleLayers(each, ordered.filter((other) => other.style === "fill").indexOf(each)).map((style) => [each, style]));
  const labelsLast = [...drawn.filter(([, style]) => !style.id.endsWith("-label")), ...drawn.filter(([, style]) => style.id.endsWith("-label"))];
  for (const [each, style] of labelsLast) {
    style.layout = { ...style.layout, visibility: state.shown.has(each.id) ? "visible" : "none" };
    map.addLayer(style);
  }
  colour();
  mark();
}

function setVisible(layer) {
  for (const style of map.getStyle().layers) {
    const own = style.source === layer.id || style.source === `${layer.id}-points`;
    if (own) map.setLayoutProperty(style.id, "visibility", state.shown.has(layer.id) ? "visible" : "none");
  }
}

async function show(layer) {
  if (isByView(layer) && map.getZoom() < layer.minZoom) {
    if (state.shown.has(layer.id) && state.ready) say(`${layer.title}: ${config.words.closer}`);
    return;
  }
  try {
    if (state.shown.has(layer.id) && !state.loaded.has(layer.id)) put(layer, await load(layer));
    if (map.getSource(layer.id)) setVisible(layer);
  } catch (reason) {
    say(`${layer.title}: ${config.words.failed}`);
    console.info(reason.message);
  }
}

// —— measure

// From close by the colour steps back, so that what stands on it can be read.
const FADING = ["interpolate", ["linear"], ["zoom"], 13, 0.92, 15.5, 0.25];

function colouring() {
  const data = byId("map-colouring");
  return data ? JSON.parse(data.textContent) : null;
}

function colour() {
  const now = colouring();
  for (const layer of config.layers.filter((each) => each.style === "fill" && map.getLayer(each.id))) {
    const here = now?.layer === layer.id ? now : null;
    map.removeFeatureState({ source: layer.id });
    const none = [];
    for (const [key, cls] of Object.entries(here?.classes ?? {})) {
      if (cls) map.setFeatureState({ source: layer.id, id: key }, { class: cls });
      else none.push(key);
    }
    map.setFilter(`${layer.id}-none`, ["in", ["get", "id"], ["literal", none]]);
    const outermost = config.layers.find((each) => each.style === "fill" && map.getLayer(each.id)) === layer;
    map.setPaintProperty(layer.id, "fill-opacity", here ? FADING : outermost ? 1 : 0);
  }
  mark();
}

async function measure() {
  const part = byId("map-measure-part");
  if (!state.measure) {
    part.replaceChildren();
  } else {
    const query = new URLSearchParams({ as_of: state.month, measure: state.measure, layers: [...state.shown].join(",") });
    try {
      part.innerHTML = await (await get(`/map/measures/${state.measure}?${query}`, "text/html")).text();
    } catch (reason) {
      part.replaceChildren();
      say(config.words.failed);
      console.info(reason.message);
    }
  }
  const now = colouring();
  if (now && !state.shown.has(now.layer)) {
    state.shown.add(now.layer);
    byId(`layer-${now.layer}`).checked = true;
    await show(layers.get(now.layer));
  }
  colour();
}

// —— what was chosen

let marked = null;
function mark() {
  if (marked && map.getSource(marked.source)) map.setFeatureState(marked, { chosen: false });
  marked = null;
  const [source, ...rest] = state.feature.split("/");
  if (!state.feature || !map.getSource(source)) return;
  marked = { source, id: rest.join("/") };
  map.setFeatureState(marked, { chosen: true });
}

async function choose(feature, { focus = false, move = false } = {}) {
  state.feature = feature;
  keepAddress();
  mark();
  const panel = byId("map-panel");
  if (!feature) {
    panel.hidden = true;
    panel.replaceChildren();
    return;
  }
  const [layer, ...rest] = feature.split("/");
  if (!state.shown.has(layer) && layers.has(layer)) {
    state.shown.add(layer);
    byId(`layer-${layer}`).checked = true;
    await show(layers.get(layer));
    mark();
  }
  const query = state.month ? `?as_of=${state.month}` : "";
  try {
    const key = rest.map(encodeURIComponent).join("/");
    panel.innerHTML = await (await get(`/map/layers/${layer}/features/${key}${query}`, "text/html")).text();
  } catch (reason) {
    say(config.words.failed);
    console.info(reason.message);
    return;
  }
  panel.hidden = false;
  panel.scrollTop = 0;
  fold(true);
  if (focus) panel.querySelector("h2")?.focus();
  const place = panel.querySelector("[data-x]");
  if (move && place) goTo([Number(place.dataset.x), Number(place.dataset.y)], layers.get(layer)?.style === "point" ? 15.5 : 13.5);
}

// Keeps the place clear of the panel that tells about it: below it on a phone, beside it elsewhere.
function clearOfPanel() {
  const panel = byId("map-panel");
  if (panel.hidden) return [0, 0];
  const below = panel.clientWidth > 0.8 * map.getContainer().clientWidth;
  return below ? [0, -panel.clientHeight / 2] : [-panel.clientWidth / 2, 0];
}

function goTo(center, zoom) {
  map.easeTo({ center, zoom: Math.max(map.getZoom(), zoom), offset: clearOfPanel(), duration: calm.matches ? 0 : 600 });
}

function clickable() {
  const rank = { point: 0, line: 1, fill: 2 };
  return config.layers.filter((each) => state.shown.has(each.id) && map.getLayer(each.id)).toSorted((a, b) => rank[a.style] - rank[b.style]);
}

function under(point) {
  const order = clickable();
  const around = [[point.x - 6, point.y - 6], [point.x + 6, point.y + 6]];
  const hits = map.queryRenderedFeatures(around, { layers: order.filter((each) => each.style !== "fill").map((each) => each.id) });
  const areas = map.queryRenderedFeatures(point, { layers: order.filter((each) => each.style === "fill").map((each) => each.id) });
  const coloured = colouring()?.layer;
  areas.sort((a, b) => (b.source === coloured) - (a.source === coloured) || order.findIndex((e) => e.id === b.source) - order.findIndex((e) => e.id === a.source));
  return hits[0] ?? areas[0];
}

function hover(event) {
  const hit = under(event.point);
  map.getCanvas().style.cursor = hit ? "pointer" : "";
  if (!hit) return tip.remove();
  const now = colouring();
  const value = now?.layer === hit.source ? now.values[hit.properties.id] : null;
  tip.setLngLat(event.lngLat).setText(value ? `${hit.properties.label} · ${value} ${now.unit}` : hit.properties.label).addTo(map);
}

// —— the side

function fold(closed) {
  byId("map-side").classList.toggle("map-open", !closed);
  byId("map-grip").setAttribute("aria-expanded", String(!closed));
}

async function setMonth(index) {
  state.month = config.months[Math.min(Math.max(index, 0), config.months.length - 1)];
  byId("map-month").value = state.month;
  byId("map-slider").value = String(config.months.indexOf(state.month));
  byId("map-slider").setAttribute("aria-valuetext", state.month);
  keepAddress();
  await Promise.all(config.layers.filter((each) => each.timed && state.loaded.has(each.id)).map(async (each) => {
    state.loaded.delete(each.id);
    if (state.shown.has(each.id)) put(each, await load(each));
  }));
  await measure();
  if (state.feature) await choose(state.feature);
}

function later(act, wait = 150) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), wait);
  };
}

function listen() {
  byId("map-form").addEventListener("change", (event) => {
    const input = event.target;
    if (input.name === "layers") {
      state.shown[input.checked ? "add" : "delete"](input.value);
      show(layers.get(input.value));
    } else if (input.name === "measure") {
      state.measure = input.value;
      measure();
    } else if (input.id === "map-month") {
      setMonth(config.months.indexOf(input.value));
    }
    keepAddress();
  });
  byId("map-form").addEventListener("submit", (event) => event.preventDefault());
  byId("map-search").addEventListener("submit", async (event) => {
    event.preventDefault();
    const query = new URLSearchParams({ q: byId("map-q").value });
    byId("map-found").innerHTML = await (await get(`/map/search?${query}`, "text/html")).text();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-close]")) {
      event.preventDefault();
      choose("");
      map.getCanvas().focus();
      return;
    }
    const link = event.target.closest?.('.map-page a[href*="feature="]');
    const feature = link && new URL(link.href).searchParams.get("feature");
    if (feature) {
      event.preventDefault();
      choose(feature, { focus: true, move: true });
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && state.feature) choose("");
  });
  byId("map-grip").addEventListener("click", () => fold(byId("map-side").classList.contains("map-open")));
  if (!config.months.length) return;
  byId("map-time").hidden = false;
  const slider = byId("map-slider");
  slider.value = String(config.months.indexOf(state.month));
  slider.addEventListener("input", later(() => setMonth(Number(slider.value))));
  byId("map-earlier").addEventListener("click", () => setMonth(Number(slider.value) - 1));
  byId("map-later").addEventListener("click", () => setMonth(Number(slider.value) + 1));
}

map.on("load", async () => {
  addImages(map);
  await Promise.all(config.layers.map(show));
  colour();
  if (state.feature) choose(state.feature, { move: true });
  state.ready = true;
  document.documentElement.dataset.map = "ready";
});
map.on("click", (event) => {
  const hit = under(event.point);
  choose(hit ? `${hit.source}/${hit.properties.id}` : "");
});
map.on("moveend", later(() => {
  for (const layer of config.layers.filter((each) => isByView(each) && state.shown.has(each.id))) {
    state.loaded.delete(layer.id);
    show(layer);
  }
}, 250));
map.on("mousemove", hover);
map.on("mouseout", () => tip.remove());
map.on("error", (event) => console.info(event.error?.message ?? "map"));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  addImages(map);
  map.setPaintProperty("paper", "background-color", token("--sunk"));
  redraw();
});
say("");
byId("map-grip").hidden = false;
listen();
export { map };
