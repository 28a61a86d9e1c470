import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { drawReport } from './drawReport.ts';
import { escapeHtml, jsonForScript } from './html.ts';
import type { ReportData } from './reportData.ts';

/** A class of cells, in words; `hatch` when it is told apart by a pattern too. */
export interface LegendEntry {
  readonly key: string;
  readonly text: string;
  readonly isPatterned: boolean;
}

/** The parts of a report that differ from one question to another; `sections` is HTML. */
export interface ReportPage {
  readonly title: string;
  readonly headline: string;
  readonly lead: string;
  readonly figures: readonly { readonly value: string; readonly text: string }[];
  readonly legend: readonly LegendEntry[];
  readonly mapNote: string;
  readonly sections: readonly { readonly heading: string; readonly html: string }[];
  readonly footer: string;
  readonly data: ReportData;
}

/**
 * One HTML file with everything in it: it opens offline, in light or dark, on a telephone or on paper,
 * and its numbers stand in tables too.
 */
export function reportPage(page: ReportPage): Promise<string> {
  return reportDocument({
    title: page.title,
    body: `${PATTERNS}
<main>
<header>
<h1>${escapeHtml(page.headline)}</h1>
<p class="lead">${escapeHtml(page.lead)}</p>
</header>
${figureList(page.figures)}
<section>
<div class="maps panels-${page.data.map.panels.length}">
${page.data.map.panels
  .map(
    panel =>
      `<figure><figcaption>${escapeHtml(panel.title)}</figcaption><div id="${panel.id}" class="picture"></div></figure>`,
  )
  .join('\n')}
</div>
<ul class="legend">
${page.legend.map(legendItem).join('\n')}
</ul>
<p class="note">${escapeHtml(page.mapNote)}</p>
<noscript><p class="note">The pictures need JavaScript; every number stands in the tables below.</p></noscript>
</section>
${page.sections.map(s => `<section><h2>${escapeHtml(s.heading)}</h2>\n${s.html}\n</section>`).join('\n')}
<footer>${escapeHtml(page.footer)}</footer>
</main>`,
    data: page.data,
    draw: drawReport,
  });
}

/** The large numbers under the headline. */
export function figureList(figures: ReportPage['figures']): string {
  return `<dl class="figures">
${figures.map(f => `<div><dt>${escapeHtml(f.value)}</dt><dd>${escapeHtml(f.text)}</dd></div>`).join('\n')}
</dl>`;
}

/**
 * The frame of every report: head, style, `body` (HTML), and `draw` with its `data`. Drawn by
 * Observable Plot (ISC) and d3 (ISC), both inlined. `draw` is written into the page as text, so it may
 * use nothing from outside itself but its arguments.
 */
export async function reportDocument<Data>(report: {
  readonly title: string;
  readonly body: string;
  readonly data: Data;
  readonly draw: (data: Data, Plot: typeof import('@observablehq/plot')) => void;
}): Promise<string> {
  const require = createRequire(import.meta.url);
  const plotPath = require.resolve('@observablehq/plot');
  const plotUmd = new URL('../dist/plot.umd.min.js', `file://${plotPath}`);
  const d3Path = createRequire(plotPath).resolve('d3');
  const d3Umd = new URL('../dist/d3.min.js', `file://${d3Path}`);
  const [d3, plot] = await Promise.all([readFile(d3Umd, 'utf8'), readFile(plotUmd, 'utf8')]);
  const inline = (code: string): string => code.replaceAll('</script', '<\\/script');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Beamkeeper">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<title>${escapeHtml(report.title)}</title>
<style>${STYLE}</style>
</head>
<body>
${report.body}
<script>${inline(d3)}</script>
<script>${inline(plot)}</script>
<script type="application/json" id="report-data">${jsonForScript(report.data)}</script>
<script>(${inline(report.draw.toString())})(JSON.parse(document.getElementById('report-data').textContent), Plot);</script>
</body>
</html>
`;
}

function legendItem({ key, text, isPatterned }: LegendEntry): string {
  if (key === 'gateway') {
    return `<li><svg width="22" height="16" aria-hidden="true"><path d="M11 2 L17 14 L5 14 Z" fill="var(--ink)"/></svg>${escapeHtml(text)}</li>`;
  }
  if (key === 'outline') {
    return `<li><svg width="22" height="16" aria-hidden="true"><path d="M1 8 H21" stroke="var(--ink)" stroke-width="2.5"/></svg>${escapeHtml(text)}</li>`;
  }
  const box = (fill: string): string =>
    `<rect x="0.5" y="0.5" width="21" height="15" fill="${fill}" stroke="var(--rule)"/>`;
  return `<li><svg width="22" height="16" aria-hidden="true">${box(`var(--${key})`)}${isPatterned ? box(`url(#pattern-${key})`) : ''}</svg>${escapeHtml(text)}</li>`;
}

/** Not colour alone: every class that means a change has a texture of its own. */
const PATTERNS = `<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>
<pattern id="pattern-withheld" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="6" stroke="var(--hatch)" stroke-width="2.2"/></pattern>
<pattern id="pattern-edge" width="6" height="6" patternUnits="userSpaceOnUse"><path d="M0 0 L6 6 M6 0 L0 6" stroke="var(--hatch)" stroke-width="1.3"/></pattern>
<pattern id="pattern-lost" width="5" height="5" patternUnits="userSpaceOnUse"><circle cx="2.5" cy="2.5" r="1.3" fill="var(--hatch)"/></pattern>
<pattern id="pattern-gained" width="8" height="8" patternUnits="userSpaceOnUse"><circle cx="4" cy="4" r="1.4" fill="var(--hatch)"/></pattern>
<pattern id="pattern-none" width="6" height="6" patternUnits="userSpaceOnUse"><line x1="0" y1="3" x2="6" y2="3" stroke="var(--hatch)" stroke-width="1.5"/></pattern>
<pattern id="pattern-never" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="6" stroke="var(--hatch)" stroke-width="2.2"/></pattern>
<pattern id="pattern-area" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="8" height="8" fill="var(--withheld)" fill-opacity="0.12"/><line x1="0" y1="0" x2="0" y2="8" stroke="var(--withheld)" stroke-opacity="0.45" stroke-width="1.6"/></pattern>
</defs></svg>`;

const STYLE = `
:root { color-scheme: light dark;
  --paper: #ffffff; --ink: #17202b; --quiet: #56616e; --rule: #cfd6de;
  --sea: #eaf1f6; --land: #f7f5f0; --shore: #8b949e; --hatch: #ffffff;
  --served: #2f78b7; --kept: #0f8a6d; --withheld: #c8431b; --withheld-text: #a83310;
  --edge: #8a3ea8; --lost: #c99700; --gained: #0f8a6d; --none: #8b949e;
  --always: #2f78b7; --mostly: #0f8a6d; --sometimes: #c99700; --never: #c8431b; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #12171d; --ink: #eef2f6; --quiet: #a7b2bd; --rule: #3a444f;
  --sea: #16202a; --land: #29313a; --shore: #79848f; --hatch: #12171d;
  --served: #5aa9e6; --kept: #3fc7a3; --withheld: #ff7a50; --withheld-text: #ff9472;
  --edge: #d08cf0; --lost: #f2c230; --gained: #3fc7a3; --none: #79848f;
  --always: #5aa9e6; --mostly: #3fc7a3; --sometimes: #f2c230; --never: #ff7a50; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 17px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 2.2rem 1.25rem 3rem; }
h1 { font-size: clamp(1.5rem, 3.4vw, 2.35rem); line-height: 1.2; margin: 0 0 .8rem; max-width: 30em; text-wrap: balance; letter-spacing: -.01em; }
h2 { font-size: 1.3rem; margin: 2.6rem 0 .6rem; }
.lead { font-size: 1.08rem; color: var(--quiet); max-width: 46em; margin: 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 1rem 2rem; margin: 1.8rem 0 2rem; padding: 1.1rem 0; border-block: 1px solid var(--rule); }
.figures div { display: flex; flex-direction: column; }
.figures dt { font-size: 1.9rem; font-weight: 650; line-height: 1.2; font-variant-numeric: tabular-nums; }
.figures dd { margin: 0; color: var(--quiet); font-size: .95rem; }
.maps { display: grid; gap: 1.2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 330px), 1fr)); }
.maps.panels-1 { grid-template-columns: minmax(0, 720px); }
figure { margin: 0; }
figcaption { font-weight: 600; margin-bottom: .4rem; }
.picture svg { display: block; width: 100%; height: auto; }
.chart svg { display: block; max-width: 100%; height: auto; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .35rem 1.5rem; padding: 0; margin: 1rem 0 .4rem; font-size: .95rem; }
.legend li { display: flex; align-items: center; gap: .5rem; } .legend svg { flex: none; }
.note, footer { color: var(--quiet); font-size: .92rem; max-width: 56em; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .96rem; }
caption { text-align: left; color: var(--quiet); font-size: .92rem; padding-bottom: .4rem; }
th, td { text-align: left; padding: .38rem .7rem .38rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
thead th { color: var(--quiet); font-weight: 600; vertical-align: bottom; } tbody th { min-width: 8em; } tbody th { font-weight: 500; }
th.number, td.number { text-align: right; } td.number { white-space: nowrap; }
ul.plain { padding-left: 1.2rem; max-width: 56em; } ul.plain li { margin: .25rem 0; }
details { margin-top: .8rem; } summary { cursor: pointer; color: var(--quiet); }
@media (max-width: 600px) { .scroll { font-size: .9rem; } }
@media print { body { font-size: 11pt; } main { max-width: none; padding: 0; } section, figure, table { break-inside: avoid; } details { display: block; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; } .maps { grid-template-columns: 1fr 1fr; } }
`;
