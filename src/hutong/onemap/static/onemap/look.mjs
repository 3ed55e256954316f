// How layers look: paper, brick and ink from the page's own tokens; points differ by shape, not by hue.

export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function rem() {
  return parseFloat(getComputedStyle(document.documentElement).fontSize);
}

export function emptyStyle() {
  return {
    version: 8,
    sources: {},
    layers: [{ id: "paper", type: "background", paint: { "background-color": token("--sunk") } }],
  };
}

const SHAPES = {
  circle: (c, s) => c.arc(s / 2, s / 2, s * 0.3, 0, 2 * Math.PI),
  ring: (c, s) => c.arc(s / 2, s / 2, s * 0.26, 0, 2 * Math.PI),
  square: (c, s) => c.rect(s * 0.24, s * 0.24, s * 0.52, s * 0.52),
  triangle: (c, s) => { c.moveTo(s / 2, s * 0.16); c.lineTo(s * 0.84, s * 0.78); c.lineTo(s * 0.16, s * 0.78); c.closePath(); },
  diamond: (c, s) => { c.moveTo(s / 2, s * 0.12); c.lineTo(s * 0.86, s / 2); c.lineTo(s / 2, s * 0.88); c.lineTo(s * 0.14, s / 2); c.closePath(); },
};

function drawn(size, draw) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const context = canvas.getContext("2d");
  draw(context);
  return context.getImageData(0, 0, size, size);
}

function symbol(shape) {
  return drawn(48, (context) => {
    context.beginPath();
    SHAPES[shape](context, 48);
    context.lineWidth = 8;
    context.strokeStyle = token("--surface");
    context.stroke();
    context.lineWidth = 5;
    context.fillStyle = shape === "ring" ? token("--surface") : token("--brick-dark");
    context.strokeStyle = token("--brick-dark");
    context.fill();
    if (shape === "ring") context.stroke();
  });
}

function hatch() {
  return drawn(16, (context) => {
    context.fillStyle = token("--surface");
    context.fillRect(0, 0, 16, 16);
    context.strokeStyle = token("--line-strong");
    context.lineWidth = 1.5;
    for (const from of [-16, 0, 16]) {
      context.beginPath();
      context.moveTo(from, 16);
      context.lineTo(from + 16, 0);
      context.stroke();
    }
  });
}

export function addImages(map) {
  for (const shape of Object.keys(SHAPES)) {
    if (map.hasImage(shape)) map.removeImage(shape);
    map.addImage(shape, symbol(shape), { pixelRatio: 2 });
  }
  if (map.hasImage("hatch")) map.removeImage("hatch");
  map.addImage("hatch", hatch(), { pixelRatio: 2 });
}

const chosen = ["boolean", ["feature-state", "chosen"], false];

function classColour() {
  const cls = ["coalesce", ["feature-state", "class"], -1];
  return ["match", cls, 1, token("--class-1"), 2, token("--class-2"), 3, token("--class-3"), 4, token("--class-4"), 5, token("--class-5"), token("--surface")];
}

function label(layer, source, anchor, size) {
  return {
    id: `${layer.id}-label`,
    type: "symbol",
    source,
    minzoom: layer.minZoom,
    maxzoom: layer.maxZoom,
    layout: {
      "text-field": ["get", "short"],
      "text-font": [token("--font").split(",")[0].replaceAll('"', "")],
      "text-size": size * rem(),
      "text-anchor": anchor,
      "text-offset": anchor === "center" ? [0, 0] : [0, 0.9],
      "text-padding": 4,
      "text-optional": true,
      "text-max-width": 8,
    },
    paint: { "text-color": token("--ink"), "text-halo-color": token("--surface"), "text-halo-width": 1.6 },
  };
}

function areas(layer, order) {
  const common = { source: layer.id, minzoom: layer.minZoom, maxzoom: layer.maxZoom };
  const width = [1.6, 1, 0.6, 0.5][Math.min(order, 3)] * (rem() / 16);
  return [
    { id: layer.id, type: "fill", ...common, paint: { "fill-color": classColour(), "fill-opacity": order === 0 ? 1 : 0 } },
    { id: `${layer.id}-none`, type: "fill", ...common, filter: ["in", ["get", "id"], ["literal", []]], paint: { "fill-pattern": "hatch", "fill-opacity": 0.6 } },
    { id: `${layer.id}-edge`, type: "line", ...common, layout: { "line-join": "round" }, paint: { "line-color": token("--brick"), "line-width": width } },
    { id: `${layer.id}-chosen`, type: "line", ...common, layout: { "line-join": "round" }, paint: { "line-color": token("--ink"), "line-width": 3.5 * (rem() / 16), "line-opacity": ["case", chosen, 1, 0] } },
    label(layer, `${layer.id}-points`, "center", [0.95, 0.85, 0.75, 0.7][Math.min(order, 3)]),
  ];
}

function lines(layer) {
  return [
    { id: layer.id, type: "line", source: layer.id, minzoom: layer.minZoom, maxzoom: layer.maxZoom, layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-color": ["case", chosen, token("--accent"), token("--brick-dark")], "line-width": ["case", chosen, 4, 2] } },
  ];
}

function points(layer) {
  const scale = rem() / 16;
  return [
    { id: `${layer.id}-chosen`, type: "circle", source: layer.id, paint: { "circle-radius": 13 * scale, "circle-color": token("--accent"), "circle-opacity": ["case", chosen, 1, 0] } },
    { id: layer.id, type: "symbol", source: layer.id, minzoom: layer.minZoom, maxzoom: layer.maxZoom, layout: { "icon-image": layer.symbol, "icon-size": ["interpolate", ["linear"], ["zoom"], 10, 0.45 * scale, 14, 0.8 * scale, 17, 1.1 * scale], "icon-allow-overlap": true, "icon-ignore-placement": true } },
    { ...label(layer, layer.id, "top", 0.75), minzoom: Math.max(layer.minZoom, 13.5) },
  ];
}

// The style layers of one map layer; `order` counts the layers of areas from the outermost.
export function styleLayers(layer, order) {
  if (layer.style === "fill") return areas(layer, order);
  return layer.style === "line" ? lines(layer) : points(layer);
}
