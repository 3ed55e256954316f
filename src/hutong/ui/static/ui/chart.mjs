// Charts drawn from the JSON beside them; the data table stays below for everyone who needs it.
import * as echarts from "../vendor/echarts/echarts.esm.min.mjs";

const DASHES = ["solid", "dashed", "dotted", [8, 3, 2, 3], [12, 4]];

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function palette(kind) {
  const lines = ["--accent", "--brick-dark", "--brick", "--class-3", "--brick-light"];
  const bars = ["--brick", "--accent", "--brick-light", "--brick-dark", "--class-3"];
  return (kind === "line" ? lines : bars).map(token);
}

function axisLook(size) {
  return {
    axisLine: { lineStyle: { color: token("--line-strong") } },
    axisTick: { show: false },
    axisLabel: { color: token("--ink-2"), fontSize: size, fontFamily: token("--font"), hideOverlap: true },
    splitLine: { lineStyle: { color: token("--line") } },
  };
}

function seriesOf(data) {
  const bars = data.kind !== "line";
  return data.series.map((each, index) => ({
    name: each.name,
    type: bars ? "bar" : "line",
    data: each.values,
    stack: data.kind === "stack" ? "all" : undefined,
    barMaxWidth: 28,
    symbol: "circle",
    symbolSize: 5,
    showSymbol: data.labels.length <= 24,
    lineStyle: { width: 2, type: DASHES[index % DASHES.length] },
  }));
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
    grid: { left: 8, right: 16, top: data.series.length > 1 ? size * 2.8 : 12, bottom: 8, containLabel: true },
    legend: data.series.length > 1 ? { type: "scroll", left: 0, top: 0, pageIconColor: token("--ink-2"), pageTextStyle: { color: token("--ink-2") }, textStyle: { color: token("--ink-2"), fontSize: size }, icon: data.kind === "line" ? undefined : "rect" } : undefined,
    tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: token("--surface"), borderColor: token("--line-strong"), textStyle: { color: token("--ink"), fontSize: size } },
    xAxis: across ? values : categories,
    yAxis: across ? { ...categories, inverse: true } : values,
    series: seriesOf(data),
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
