import { ms } from '../../shell/figures.ts';

const WIDTH = 300;
const HEIGHT = 110;
const LEFT = 34;
const BOTTOM = 18;

/** Share of the time for which a round trip is no longer than so many ms, both policies. */
export function Distribution(props: {
  readonly a: readonly (number | null)[];
  readonly b: readonly (number | null)[];
}) {
  const sides = [props.b, props.a].map(values =>
    values.filter(value => value !== null).sort((x, y) => x - y),
  );
  const all = sides.flat();
  if (all.length === 0) return null;
  const least = Math.min(...all);
  const most = Math.max(...all, least + 1);
  const x = (value: number): number =>
    LEFT + ((value - least) / (most - least)) * (WIDTH - LEFT - 6);
  const y = (share: number): number => 6 + (1 - share) * (HEIGHT - BOTTOM - 6);
  const line = (values: readonly number[]): string =>
    values
      .map(
        (value, i) =>
          `${i === 0 ? `M${x(value)} ${y(0)}` : ''}L${x(value)} ${y((i + 1) / values.length)}`,
      )
      .join('');
  const median = (values: readonly number[]): number | null =>
    values[Math.floor(values.length / 2)] ?? null;
  return (
    <figure class="chart">
      <figcaption>
        <span class="chart-title">
          Distribution <span class="mono">share of the time, ms</span>
        </span>
      </figcaption>
      <svg
        class="distribution"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Half of the time A takes at most ${ms(median(sides[1]))}, B at most ${ms(median(sides[0]))}`}
      >
        {[0, 0.5, 1].map(share => (
          <g key={share}>
            <line x1={LEFT} x2={WIDTH - 6} y1={y(share)} y2={y(share)} class="grid" />
            <text x={LEFT - 5} y={y(share) + 3} text-anchor="end">
              {share * 100} %
            </text>
          </g>
        ))}
        {[least, (least + most) / 2, most].map((value, i) => (
          <text
            key={value}
            x={x(value)}
            y={HEIGHT - 4}
            text-anchor={i === 0 ? 'start' : i === 1 ? 'middle' : 'end'}
          >
            {value.toFixed(1)}
          </text>
        ))}
        <path d={line(sides[0])} class="b" />
        <path d={line(sides[1])} class="a" />
      </svg>
    </figure>
  );
}
