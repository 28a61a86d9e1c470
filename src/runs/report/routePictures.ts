type LonLat = readonly [lonDeg: number, latDeg: number];

/** What the pictures of a route are drawn from: plain data, embedded in the report as JSON. Degrees, longitude first. */
export interface RoutePictures {
  readonly map: {
    readonly description: string;
    readonly rotate: readonly [number, number];
    /** What must be in the picture. */
    readonly mustSee: readonly LonLat[];
    readonly land: readonly GeoJSON.MultiPolygon[];
    readonly greatCircle: readonly LonLat[];
    readonly greatCircleText: string;
    readonly ends: readonly {
      readonly name: string;
      readonly at: LonLat;
      readonly isUpper: boolean;
      readonly anchor: 'start' | 'middle' | 'end';
    }[];
    /** The routes drawn strongly, the weaker first; `style` names a colour and a dash. */
    readonly routes: readonly RouteLine[];
    readonly others: readonly (readonly LonLat[])[];
  };
  readonly chart: {
    readonly description: string;
    /** UTC, ISO. */
    readonly at: readonly string[];
    /** Null while there is no route. */
    readonly rttMs: readonly (number | null)[];
    /** When the route changes; empty when there are too many to mark. */
    readonly changes: readonly string[];
    readonly fibreRttMs: number;
  };
}

export interface RouteLine {
  readonly style: 'first' | 'slowest';
  readonly links: readonly { readonly kind: string; readonly line: readonly [LonLat, LonLat] }[];
  readonly stops: readonly {
    readonly at: LonLat;
    readonly kind: string;
    readonly text: string;
    readonly title: string;
  }[];
}

/**
 * Draws map and chart in the reader's browser. Written into the page as text, so it may use nothing
 * from outside itself but its arguments.
 */
export function drawRoutePictures(
  { map, chart }: RoutePictures,
  Plot: typeof import('@observablehq/plot'),
): void {
  const place = (id: string, picture: Element, description: string): void => {
    picture.setAttribute('role', 'img');
    picture.setAttribute('aria-label', description);
    document.getElementById(id)?.replaceChildren(picture);
  };
  const widthOf = (id: string): number =>
    Math.max(320, Math.min(1080, document.getElementById(id)?.clientWidth ?? 1080));
  const lineOf = (points: readonly LonLat[]): GeoJSON.LineString => ({
    type: 'LineString',
    coordinates: points as unknown as [number, number][],
  });
  const colour = { first: 'var(--served)', slowest: 'var(--withheld)' };
  const dashes: Record<string, string> = { radio: '7,5', laser: '', fibre: '1.5,4' };

  const drawMap = (): Element => {
    const width = widthOf('route-map');
    const longitude = (point: { at: LonLat }): number => point.at[0];
    const latitude = (point: { at: LonLat }): number => point.at[1];
    const halo = { stroke: 'var(--paper)', strokeWidth: 4, strokeOpacity: 0.85 };
    const middle = map.greatCircle[Math.floor(map.greatCircle.length / 2)];
    return Plot.plot({
      width,
      height: Math.round(Math.max(360, Math.min(640, width * 0.8))),
      margin: 0,
      style: { fontSize: '13px', background: 'var(--sea)', overflow: 'hidden' },
      projection: {
        type: 'azimuthal-equal-area',
        rotate: [...map.rotate],
        domain: {
          type: 'MultiPoint',
          coordinates: map.mustSee as unknown as [number, number][],
        },
        inset: width > 600 ? 56 : 38,
      },
      marks: [
        Plot.geo([...map.land], {
          fill: 'var(--land)',
          stroke: 'var(--shore)',
          strokeWidth: 0.8,
          clip: 'frame',
        }),
        Plot.graticule({ stroke: 'var(--rule)', strokeOpacity: 0.6, clip: 'frame' }),
        Plot.geo(lineOf(map.greatCircle), {
          stroke: 'var(--ink)',
          strokeWidth: 1.2,
          strokeDasharray: '2,4',
          clip: 'frame',
        }),
        Plot.geo(map.others.map(lineOf), {
          stroke: 'var(--quiet)',
          strokeWidth: 1.1,
          strokeOpacity: map.others.length > 30 ? 0.25 : 0.5,
          clip: 'frame',
        }),
        ...map.routes.flatMap(route => [
          ...['laser', 'radio', 'fibre'].map(kind =>
            Plot.geo(
              route.links.filter(link => link.kind === kind).map(link => lineOf(link.line)),
              {
                stroke: colour[route.style],
                strokeWidth: route.style === 'first' ? 3.2 : 2.4,
                strokeDasharray: dashes[kind],
                clip: 'frame',
              },
            ),
          ),
          Plot.dot(
            route.stops.filter(stop => stop.kind === 'satellite'),
            {
              x: longitude,
              y: latitude,
              r: route.style === 'first' ? 8 : 3.5,
              fill: route.style === 'first' ? 'var(--paper)' : colour[route.style],
              stroke: colour[route.style],
              strokeWidth: 2,
            },
          ),
          Plot.dot(
            route.stops.filter(stop => stop.kind === 'gateway'),
            { x: longitude, y: latitude, symbol: 'triangle', r: 5, fill: 'var(--ink)' },
          ),
          ...(route.style === 'first'
            ? [
                Plot.text(
                  route.stops.filter(stop => stop.kind === 'satellite'),
                  {
                    x: longitude,
                    y: latitude,
                    text: 'text',
                    fontSize: 10.5,
                    fontWeight: 700,
                    fill: 'var(--ink)',
                  },
                ),
              ]
            : []),
        ]),
        Plot.text([{ at: middle }], {
          x: longitude,
          y: latitude,
          text: () => map.greatCircleText,
          dy: 14,
          fill: 'var(--quiet)',
          ...halo,
        }),
        Plot.dot(map.ends, {
          x: longitude,
          y: latitude,
          r: 5.5,
          fill: 'var(--ink)',
          stroke: 'var(--paper)',
          strokeWidth: 1.5,
        }),
        ...map.ends.map(end =>
          Plot.text([end], {
            x: longitude,
            y: latitude,
            text: 'name',
            textAnchor: end.anchor,
            dx: end.anchor === 'start' ? -8 : end.anchor === 'end' ? 8 : 0,
            dy: end.isUpper ? -14 : 14,
            fontSize: 15,
            fontWeight: 700,
            lineWidth: 16,
            lineAnchor: end.isUpper ? 'bottom' : 'top',
            fill: 'var(--ink)',
            ...halo,
          }),
        ),
        Plot.tip(
          map.routes.flatMap(route => [...route.stops]),
          Plot.pointer({ x: longitude, y: latitude, title: 'title', fill: 'var(--paper)' }),
        ),
        Plot.frame({ stroke: 'var(--rule)' }),
      ],
    });
  };

  const drawChart = (): Element => {
    const width = widthOf('route-chart');
    const rows = chart.at.map((at, i) => ({
      at: new Date(at),
      rttMs: chart.rttMs[i] ?? Number.NaN,
    }));
    const values = rows.map(row => row.rttMs).filter(value => !Number.isNaN(value));
    const least = Math.min(...values, chart.fibreRttMs);
    const most = Math.max(...values, chart.fibreRttMs);
    const room = Math.max(0.08 * (most - least), 0.02 * most);
    const from = least > 0.35 * most ? least - room : 0;
    const gapAt = (i: number): number => {
      const gap = Math.abs((rows[i]?.rttMs ?? 0) - chart.fibreRttMs);
      return Number.isNaN(gap) ? Number.POSITIVE_INFINITY : gap;
    };
    const isFreeAtEnd = gapAt(rows.length - 1) > gapAt(0);
    const spanS = (rows[rows.length - 1].at.getTime() - rows[0].at.getTime()) / 1000;
    const clock = spanS > 36 * 3600 ? '%-d %b %H:%M' : spanS > 15 * 60 ? '%H:%M' : '%H:%M:%S';
    return Plot.plot({
      width,
      height: 320,
      marginLeft: 52,
      marginRight: 20,
      marginTop: 30,
      marginBottom: 44,
      style: { fontSize: '13px' },
      x: {
        type: 'utc',
        label: 'time, UTC',
        labelOffset: 38,
        tickFormat: clock,
        ticks: width / 130,
      },
      y: { domain: [from, most + 1.5 * room], grid: true, label: 'round trip, ms' },
      marks: [
        Plot.ruleX(
          chart.changes.map(at => new Date(at)),
          { stroke: 'var(--quiet)', strokeOpacity: 0.45, strokeDasharray: '3,3' },
        ),
        Plot.ruleY([chart.fibreRttMs], { stroke: 'var(--ink)', strokeDasharray: '2,4' }),
        Plot.text([isFreeAtEnd ? rows[rows.length - 1] : rows[0]], {
          x: 'at',
          y: () => chart.fibreRttMs,
          text: () => `glass along the great circle: ${chart.fibreRttMs.toFixed(1)} ms`,
          textAnchor: isFreeAtEnd ? 'end' : 'start',
          dx: isFreeAtEnd ? -4 : 4,
          dy: -9,
          fill: 'var(--quiet)',
          stroke: 'var(--paper)',
          strokeWidth: 4,
        }),
        Plot.lineY(rows, {
          x: 'at',
          y: 'rttMs',
          stroke: 'var(--served)',
          strokeWidth: 2.4,
        }),
        ...(rows.length === 1
          ? [Plot.dot(rows, { x: 'at', y: 'rttMs', fill: 'var(--served)', r: 4 })]
          : []),
        Plot.dot(
          chart.changes.map(at => new Date(at)),
          {
            x: (at: Date) => at,
            frameAnchor: 'top',
            symbol: 'triangle2',
            r: 3,
            fill: 'var(--quiet)',
          },
        ),
        Plot.tip(
          rows,
          Plot.pointerX({
            x: 'at',
            y: 'rttMs',
            fill: 'var(--paper)',
            title: (row: (typeof rows)[number]) =>
              `${row.at.toISOString().slice(11, 21)} UTC\n${Number.isNaN(row.rttMs) ? 'no route' : `${row.rttMs.toFixed(2)} ms`}`,
          }),
        ),
        ...(from === 0 ? [Plot.ruleY([0], { stroke: 'var(--ink)' })] : []),
      ],
    });
  };

  let drawnWidth = 0;
  const drawAll = (): void => {
    if (window.innerWidth === drawnWidth) return;
    drawnWidth = window.innerWidth;
    place('route-map', drawMap(), map.description);
    place('route-chart', drawChart(), chart.description);
  };
  drawAll();
  let waiting = 0;
  window.addEventListener('resize', () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(drawAll, 200);
  });
}
