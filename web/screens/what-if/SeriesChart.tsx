import { signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { clockMs, theme } from '../../shell/state.ts';

/** Two lines over time, baseline dashed, with the clock's cursor; the same numbers as a table on request. */
export function SeriesChart(props: {
  readonly title: string;
  readonly unit: string;
  readonly timeMs: readonly number[];
  readonly before: readonly (number | null)[];
  readonly after: readonly (number | null)[];
  readonly names?: readonly [string, string];
  readonly digits?: number;
  readonly height?: number;
  /** Token of the dashed line. */
  readonly beforeColour?: '--muted' | '--warn';
}) {
  const {
    title,
    unit,
    timeMs,
    before,
    after,
    digits = 1,
    height = 110,
    beforeColour = '--muted',
  } = props;
  const [nameBefore, nameAfter] = props.names ?? ['before', 'after'];
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const isTable = useMemo(() => signal(false), []);
  const shownTheme = theme.value;
  useEffect(() => {
    const element = place.current;
    if (element === null || isTable.value) return;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--muted'),
      font: '10px "IBM Plex Mono", monospace',
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    };
    const made = new uPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        cursor: { y: false, points: { show: false } },
        padding: [6, 6, 0, 0],
        scales: {
          x: { time: true },
          y: {
            range: (_, low, high) => {
              if (low === null || high === null) return [0, 1];
              const room = Math.max((high - low) * 0.15, Math.abs(high) * 0.01, 1e-6);
              return [low - room, high + room];
            },
          },
        },
        axes: [
          {
            ...axis,
            size: 20,
            gap: 2,
            space: 64,
            values: (_, ticks) => ticks.map(at => new Date(at * 1000).toISOString().slice(11, 16)),
          },
          { ...axis, size: 40, gap: 2, space: 26 },
        ],
        series: [
          {},
          { stroke: colour(beforeColour), width: 1.5, dash: [4, 4], points: { show: false } },
          { stroke: colour('--accent'), width: 1.8, points: { show: false } },
        ],
        hooks: {
          draw: [
            chart => {
              const x = chart.valToPos(clockMs.peek() / 1000, 'x', true);
              const { left, top, width, height: tall } = chart.bbox;
              if (x < left || x > left + width) return;
              chart.ctx.fillStyle = colour('--accent');
              chart.ctx.globalAlpha = 0.7;
              chart.ctx.fillRect(Math.round(x), top, 1.5, tall);
              chart.ctx.globalAlpha = 1;
            },
          ],
        },
      },
      [[], [], []],
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) made.setSize({ width: element.clientWidth, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shownTheme, isTable.value, height]);
  useEffect(() => {
    plot.current?.setData([timeMs.map(at => at / 1000), [...before], [...after]]);
  }, [timeMs, before, after, shownTheme, isTable.value]);
  const clock = Math.round(clockMs.value / 1000);
  useEffect(() => {
    plot.current?.redraw(false);
  }, [clock]);
  const last = timeMs.length - 1;
  const write = (value: number | null | undefined): string =>
    value === null || value === undefined ? '–' : value.toFixed(digits);
  return (
    <figure class="chart">
      <figcaption>
        <span class="chart-title">
          {title} <span class="mono">{unit}</span>
        </span>
        <button
          type="button"
          class="quiet"
          aria-pressed={isTable.value}
          onClick={() => {
            isTable.value = !isTable.value;
          }}
        >
          Table
        </button>
      </figcaption>
      {isTable.value ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keys
        <section class="chart-table" tabIndex={0} aria-label={`${title} as a table`}>
          <table>
            <thead>
              <tr>
                <th scope="col">UTC</th>
                <th scope="col">{nameBefore}</th>
                <th scope="col">{nameAfter}</th>
              </tr>
            </thead>
            <tbody>
              {timeMs.map((at, i) => (
                <tr key={at}>
                  <td class="mono">{new Date(at).toISOString().slice(11, 19)}</td>
                  <td class="mono">{write(before[i])}</td>
                  <td class="mono">{write(after[i])}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : (
        <div
          ref={place}
          class="chart-place"
          role="img"
          aria-label={`${title}, ${unit}: ${nameBefore} ${write(before[last])}, ${nameAfter} ${write(after[last])} at the end of ${timeMs.length} slots`}
          style={{ height: `${height}px` }}
        />
      )}
      <p class="chart-legend" aria-hidden="true">
        <span class="line-dashed" style={{ borderColor: `var(${beforeColour})` }} /> {nameBefore}{' '}
        <span class="line-solid" /> {nameAfter}
      </p>
    </figure>
  );
}
