// The preview's map: the first rows that have a place, each with its values on a press.
import { LngLatBounds, Map, NavigationControl, Popup } from "../vendor/maplibre-gl/maplibre-gl.mjs";

const config = JSON.parse(document.getElementById("open-map-data").textContent);
const note = document.getElementById("open-map-note");
const style = getComputedStyle(document.documentElement);
const token = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
const accent = token("--accent", "#9b2d1f");
const frame = document.getElementById("open-map");
frame.replaceChildren();

const map = new Map({
  container: frame,
  style: { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": token("--sunk", "#eee") } }] },
  center: [116.41, 39.92],
  zoom: 11,
  attributionControl: false,
  dragRotate: false,
  cooperativeGestures: false,
  locale: { "NavigationControl.ZoomIn": config.words.zoomIn, "NavigationControl.ZoomOut": config.words.zoomOut, "Map.Title": config.words.map },
});
map.touchZoomRotate.disableRotation();
map.addControl(new NavigationControl({ showCompass: false }), "top-left");

function reach(bounds, place) {
  if (typeof place[0] === "number") bounds.extend(place);
  else for (const each of place) reach(bounds, each);
}

function told(properties) {
  const list = document.createElement("dl");
  for (const [name, title] of Object.entries(config.label).slice(0, 8)) {
    if (properties[name] === undefined || properties[name] === null) continue;
    const term = document.createElement("dt");
    const text = document.createElement("dd");
    term.textContent = title;
    text.textContent = String(properties[name]).slice(0, 120);
    list.append(term, text);
  }
  return list;
}

async function draw() {
  const answer = await fetch(config.address, { headers: { Accept: "application/geo+json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const found = await answer.json();
  found.features = found.features.filter((each) => each.geometry);
  if (!found.features.length) {
    note.textContent = config.words.none;
    return;
  }
  const bounds = new LngLatBounds();
  for (const each of found.features) reach(bounds, each.geometry.coordinates);
  map.addSource("rows", { type: "geojson", data: found });
  map.addLayer({ id: "areas", type: "fill", source: "rows", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": accent, "fill-opacity": 0.15 } });
  map.addLayer({ id: "lines", type: "line", source: "rows", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": accent, "line-width": 1 } });
  map.addLayer({ id: "points", type: "circle", source: "rows", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": accent, "circle-radius": 4, "circle-stroke-color": token("--surface", "#fff"), "circle-stroke-width": 1 } });
  map.fitBounds(bounds, { padding: 30, maxZoom: 15, duration: 0 });
  for (const layer of ["points", "areas"]) {
    map.on("click", layer, (event) => {
      new Popup().setLngLat(event.lngLat).setDOMContent(told(event.features[0].properties)).addTo(map);
    });
  }
}

map.once("load", () => {
  draw()
    .catch((error) => {
      note.textContent = String(error);
    })
    .finally(() => {
      document.documentElement.dataset.openMap = "ready";
    });
});
