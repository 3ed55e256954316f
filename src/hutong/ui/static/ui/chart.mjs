// Charts drawn from the JSON beside them; the data table stays below for everyone who needs it.
import * as echarts from "../vendor/echarts/echarts.esm.min.mjs";

const DASHES = ["solid", "dashed", "dotted", [8, 3, 2, 3], [12, 4]];
const MARKS = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect", "emptyTriangle"];
const HATCHES = [
  null,
  { rotation: Math.PI / 4, dashArrayX: [1, 0], dashArrayY: [1, 5] },
  { rotation: -Math.PI / 4, dashArrayX: [1, 0], dashArrayY: [1, 5] },
  { symbol: "circle", symbolSize: 0.6, dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [6, 0] },
  { rotation: 0, dashArrayX: [1, 0], dashArrayY: [1, 4] },
  { rotation: Math.PI / 2, dashArrayX: [1, 0], dashArrayY: [1, 4] },
  { symbol: "rect", rotation: Math.PI / 4, dashArrayX: [[5, 5], [0, 5, 5, 0]], dashArrayY: [5, 0] },
];
const COLOURS = 5;

/** How the series of this number looks. Dash and mark (bars: hatching) tell it apart without any colour, so that a
 * sixth series is no second first one, and a print in grey still reads; all differ up to 35 series. */
export function lookOf(index) {
  const turn = Math.floor(index / COLOURS);
  const dash = (index + turn) % DASHES.length;
  return {
    dash: DASHES[dash],
    mark: MARKS[(dash + 5 * turn) % MARKS.length],
    hatch: HATCHES[index % HATCHES.length],
  };
}

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function palette(kind) {
  const lines = ["--accent", "--brick-dark", "--brick", "--class-3", "--line-strong"];
  const bars = ["--brick", "--accent", "--brick-light", "--brick-dark", "--class-3"];
  return (kind === "line" ? lines : bars).map(token);
}

function axisLook(size) {
  return {
    axisLine: { lineStyle: { color: token("--line-strong") } },
    axisTick: { show: false },
    axisLabel: { color: token("--ink-2"), fontSize: size, fontFamily: token("--font"), hideOverlap: true, margin: size * 0.65 },
    splitLine: { lineStyle: { color: token("--line") } },
  };
}

function barLook(look, several) {
  if (!several || !look.hatch) return {};
  return { itemStyle: { decal: { color: token("--surface"), ...look.hatch } } };
}

// Half of the widest label hangs over the end of the axis: a Chinese sign is an em wide, another about 0.6.
function overhang(labels, size) {
  const ems = labels.map((each) => Array.from(String(each)).reduce((sum, sign) => sum + (sign > "\u2e7f" ? 1 : 0.6), 0));
  return Math.max(size * 1.25, (Math.max(0, ...ems) * size) / 2);
}

function lineLook(look, several, labels, size) {
  return {
    symbol: several ? look.mark : "circle",
    symbolSize: size * (several ? 0.55 : 0.4),
    showSymbol: several || labels <= 24,
    lineStyle: { width: size * 0.16, type: look.dash },
  };
}

function seriesOf(data, size) {
  const several = data.series.length > 1;
  return data.series.map((each, index) => {
    const look = lookOf(index);
    const drawn = data.kind === "line" ? lineLook(look, several, data.labels.length, size) : barLook(look, several);
    return {
      name: each.name,
      type: data.kind === "line" ? "line" : "bar",
      data: each.values,
      stack: data.kind === "stack" ? "all" : undefined,
      barMaxWidth: size * 2.2,
      ...drawn,
    };
  });
}

function legendOf(data, size) {
  if (data.series.length < 2) return undefined;
  const ink = token("--ink-2");
  return {
    type: "scroll", left: 0, top: 0, itemWidth: data.kind === "line" ? 36 : 25, icon: data.kind === "line" ? undefined : "rect",
    pageIconColor: ink, pageTextStyle: { color: ink }, textStyle: { color: ink, fontSize: size },
  };
}

function optionsOf(data) {
  const size = Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.8);
  const categories = { type: "category", data: data.labels, ...axisLook(size), splitLine: { show: false } };
  const values = { type: "value", scale: data.kind === "line", ...axisLook(size), axisLine: { show: false } };
  const across = data.kind === "hbar";
  return {
    animation: false,
    color: palette(data.kind),
    textStyle: { fontFamily: token("--font"), fontSize: size },
    grid: {
      left: size * 0.6, right: across ? size * 1.25 : overhang(data.labels, size),
      top: size * (data.series.length > 1 ? 2.8 : 0.95), bottom: size * 0.6, containLabel: true,
    },
    legend: legendOf(data, size),
    tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: token("--surface"), borderColor: token("--line-strong"), textStyle: { color: token("--ink"), fontSize: size } },
    xAxis: across ? values : categories,
    yAxis: across ? { ...categories, inverse: true } : values,
    series: seriesOf(data, size),
  };
}

function drawOne(figure) {
  const canvas = figure.querySelector(".chart-canvas");
  const data = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  canvas.hidden = false;
  figure.querySelector(".chart-data").open = false;
  figure.dataset.drawn = "";
  const chart = echarts.init(canvas, null, { renderer: "canvas" });
  chart.setOption(optionsOf(data));
  new ResizeObserver(() => chart.resize()).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => chart.setOption(optionsOf(data)));
}

export function draw(figures) {
  for (const figure of figures) drawOne(figure);
}
