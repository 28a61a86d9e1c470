import type { ReportChart, ReportData } from './reportData.ts';

/**
 * Draws the report's pictures in the reader's browser. The function is written into the page as text
 * (`drawReport.toString()`), so it may use nothing from outside itself but its arguments.
 */
export function drawReport(data: ReportData, Plot: typeof import('@observablehq/plot')): void {
  const { map } = data;
  const place = (id: string, picture: Element, description: string): void => {
    picture.setAttribute('role', 'img');
    picture.setAttribute('aria-label', description);
    document.getElementById(id)?.replaceChildren(picture);
  };
  const patterned = ['withheld', 'edge', 'lost', 'gained', 'none', 'never'];

  const polygonOf = (corners: readonly number[]): GeoJSON.Polygon => {
    const ring: [number, number][] = [];
    for (let i = 0; i < corners.length; i += 2) {
      ring.push([corners[i] / 1000, corners[i + 1] / 1000]);
    }
    ring.push(ring[0]);
    return { type: 'Polygon', coordinates: [ring] };
  };
  const shapes = map.cells.map(cell => ({
    type: 'Feature' as const,
    geometry: polygonOf(cell.corners),
    properties: null,
    cell,
  }));
  const classes = [...new Set(map.cells.flatMap(cell => cell.classes))];

  /** Room for a picture: it is drawn at its size, so that its text stays readable on a telephone. */
  const widthOf = (id: string, least: number, most: number): number =>
    Math.max(least, Math.min(most, document.getElementById(id)?.clientWidth ?? most));

  const drawMap = (panel: number): Element => {
    const size = widthOf(map.panels[panel].id, 320, 720);
    const ofClass = (key: string) => shapes.filter(shape => shape.cell.classes[panel] === key);
    return Plot.plot({
      width: size,
      height: size,
      margin: 0,
      style: { fontSize: '12px', background: 'var(--sea)', overflow: 'hidden' },
      projection: {
        type: 'azimuthal-equal-area',
        rotate: [...map.rotate],
        domain: map.domain,
        inset: 2,
      },
      opacity: { type: 'identity' },
      marks: [
        Plot.geo(map.land, {
          fill: 'var(--land)',
          stroke: 'var(--shore)',
          strokeWidth: 0.8,
          clip: 'frame',
        }),
        ...classes.flatMap(key => [
          Plot.geo(ofClass(key), {
            fill: `var(--${key})`,
            fillOpacity: (shape: (typeof shapes)[number]) => shape.cell.weight,
            stroke: 'var(--land)',
            strokeWidth: 0.4,
            clip: 'frame',
          }),
          ...(patterned.includes(key)
            ? [Plot.geo(ofClass(key), { fill: `url(#pattern-${key})`, clip: 'frame' })]
            : []),
        ]),
        // Borders again, over the cells.
        Plot.geo(map.land, {
          stroke: 'var(--shore)',
          strokeWidth: 0.6,
          strokeOpacity: 0.7,
          clip: 'frame',
        }),
        Plot.geo(
          { type: 'MultiLineString', coordinates: map.outline as [number, number][][] },
          { stroke: 'var(--ink)', strokeWidth: 1.8, clip: 'frame' },
        ),
        ...[false, true].map(isLost =>
          Plot.dot(
            map.gateways.filter(gateway => (gateway.isLost && panel > 0) === isLost),
            {
              x: 'lon',
              y: 'lat',
              symbol: 'triangle',
              r: 4,
              fill: isLost ? 'var(--paper)' : 'var(--ink)',
              stroke: 'var(--ink)',
              strokeWidth: 1.2,
            },
          ),
        ),
        ...(['start', 'middle', 'end'] as const).map(side =>
          Plot.text(
            map.gateways.filter(
              gateway => size > 400 && gateway.isLabelled && gateway.side === side,
            ),
            {
              x: 'lon',
              y: 'lat',
              text: 'name',
              textAnchor: side,
              dy: 12,
              fontSize: 10.5,
              fill: 'var(--ink)',
              stroke: 'var(--paper)',
              strokeWidth: 3,
              strokeOpacity: 0.85,
            },
          ),
        ),
        ...(['start', 'middle', 'end'] as const).flatMap(side =>
          [false, true].map(isPlace =>
            Plot.text(
              map.labels.filter(
                label =>
                  label.isPlace === isPlace &&
                  label.side === side &&
                  (size > 400 || !label.text.startsWith('▲')),
              ),
              {
                x: 'lon',
                y: 'lat',
                text: 'text',
                textAnchor: side,
                fontSize: isPlace ? 16 : 13,
                fontWeight: isPlace ? 700 : 500,
                fill: 'var(--ink)',
                stroke: 'var(--paper)',
                strokeWidth: 4,
                strokeOpacity: 0.85,
                lineWidth: 24,
              },
            ),
          ),
        ),
        Plot.geo(
          { type: 'LineString', coordinates: map.scaleBar as unknown as [number, number][] },
          { stroke: 'var(--ink)', strokeWidth: 2 },
        ),
        Plot.text([map.scaleBar[0]], {
          x: (point: readonly number[]) => point[0],
          y: (point: readonly number[]) => point[1],
          text: () => `${map.scaleBarKm.toLocaleString('en')} km`,
          textAnchor: 'start',
          dy: -9,
          fill: 'var(--ink)',
          stroke: 'var(--sea)',
          strokeWidth: 3,
        }),
        Plot.tip(
          shapes,
          Plot.pointer(
            Plot.geoCentroid({
              title: (shape: (typeof shapes)[number]) => shape.cell.title.split('|')[panel] ?? '',
              fill: 'var(--paper)',
              maxRadius: 12,
            }),
          ),
        ),
        Plot.frame({ stroke: 'var(--rule)' }),
      ],
    });
  };

  const inMillions = (people: number): string =>
    people >= 1e6 ? `${(people / 1e6).toLocaleString('en')} million` : people.toLocaleString('en');
  const drawTime = (chart: Extract<ReportChart, { kind: 'time' }>): Element => {
    const { before } = chart;
    const rows = chart.at.map((at, i) => ({
      at: new Date(at),
      before: before?.[i],
      after: chart.after[i],
    }));
    const values = [...chart.after, ...(before ?? [])];
    const most = Math.max(...values, 1);
    const least = Math.min(...values);
    // A small change in a large number would be a flat line; the axis then says where it starts.
    const from = least > 0.6 * most ? least - 0.35 * (most - least) - 0.002 * most : 0;
    const first = rows[0];
    const spanS = (rows[rows.length - 1].at.getTime() - first.at.getTime()) / 1000;
    const clock = spanS > 36 * 3600 ? '%-d %b %H:%M' : spanS > 15 * 60 ? '%H:%M' : '%H:%M:%S';
    const wanted = rows[Math.floor(rows.length / 2)] ?? first;
    const gap = before ? Math.abs((wanted.before ?? 0) - wanted.after) / (most * 1.02 - from) : 1;
    return Plot.plot({
      width: widthOf(chart.id, 340, 1080),
      height: 300,
      marginLeft: 95,
      marginRight: 20,
      marginTop: 30,
      marginBottom: 44,
      style: { fontSize: '13px' },
      x: {
        type: 'utc',
        label: 'time, UTC',
        labelOffset: 38,
        tickFormat: clock,
        ticks: widthOf(chart.id, 340, 1080) / 130,
      },
      y: {
        domain: [from, most + 0.08 * (most - from)],
        grid: true,
        label: chart.yLabel,
        tickFormat: inMillions,
      },
      marks: [
        ...(before
          ? [
              Plot.areaY(rows, {
                x: 'at',
                y1: 'after',
                y2: 'before',
                fill: 'url(#pattern-area)',
                curve: 'step-after',
              }),
              Plot.lineY(rows, {
                x: 'at',
                y: 'before',
                stroke: 'var(--ink)',
                strokeDasharray: '6,5',
                strokeWidth: 1.8,
                curve: 'step-after',
              }),
            ]
          : []),
        Plot.lineY(rows, {
          x: 'at',
          y: 'after',
          stroke: before ? 'var(--withheld)' : 'var(--served)',
          strokeWidth: 2.6,
          curve: 'step-after',
        }),
        ...(before
          ? [
              Plot.text([wanted], {
                x: 'at',
                y: 'before',
                text: () => chart.beforeLabel,
                dy: -12,
                fill: 'var(--ink)',
                stroke: 'var(--paper)',
                strokeWidth: 4,
              }),
            ]
          : []),
        Plot.text([wanted], {
          x: 'at',
          y: 'after',
          text: () => chart.afterLabel,
          dy: gap < 0.12 || !before ? 16 : -12,
          fill: before ? 'var(--withheld-text)' : 'var(--ink)',
          fontWeight: 600,
          stroke: 'var(--paper)',
          strokeWidth: 4,
        }),
        Plot.tip(
          rows,
          Plot.pointerX({
            x: 'at',
            y: 'after',
            fill: 'var(--paper)',
            title: (row: (typeof rows)[number]) =>
              [
                `${row.at.toISOString().slice(11, 19)} UTC`,
                ...(row.before === undefined
                  ? []
                  : [`${chart.beforeLabel}: ${Math.round(row.before).toLocaleString('en')}`]),
                `${chart.afterLabel}: ${Math.round(row.after).toLocaleString('en')}`,
              ].join('\n'),
          }),
        ),
        ...(from === 0 ? [Plot.ruleY([0], { stroke: 'var(--ink)' })] : []),
      ],
    });
  };

  const drawBars = (chart: Extract<ReportChart, { kind: 'bars' }>): Element => {
    const names = [...new Set(chart.rows.map(row => row.name))];
    const series = [...new Set(chart.rows.map(row => row.series))];
    return Plot.plot({
      width: widthOf(chart.id, 340, 1080),
      height: 50 + 34 * names.length,
      marginLeft: 130,
      marginRight: 90,
      marginTop: 34,
      style: { fontSize: '13px' },
      x: { label: chart.xLabel, grid: true, axis: 'top', tickFormat: 's' },
      y: { domain: names, label: null },
      marks: [
        ...series.map(key =>
          Plot.barX(
            chart.rows.filter(row => row.series === key),
            { x: 'value', y: 'name', fill: `var(--${key})`, insetTop: 3, insetBottom: 3 },
          ),
        ),
        Plot.text(chart.rows, {
          x: 'value',
          y: 'name',
          text: (row: (typeof chart.rows)[number]) =>
            row.value.toLocaleString('en', { maximumFractionDigits: row.value < 20 ? 1 : 0 }),
          textAnchor: 'start',
          dx: 5,
          fill: 'var(--ink)',
        }),
        Plot.ruleX([0], { stroke: 'var(--ink)' }),
      ],
    });
  };

  let drawnWidth = 0;
  const drawAll = (): void => {
    if (window.innerWidth === drawnWidth) return;
    drawnWidth = window.innerWidth;
    map.panels.forEach((panel, i) => {
      place(panel.id, drawMap(i), panel.description);
    });
    for (const chart of data.charts) {
      if (chart.kind === 'time') place(chart.id, drawTime(chart), chart.yLabel);
      else place(chart.id, drawBars(chart), chart.xLabel);
    }
  };
  drawAll();
  let waiting = 0;
  window.addEventListener('resize', () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(drawAll, 200);
  });
}
