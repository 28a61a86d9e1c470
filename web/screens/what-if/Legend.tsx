import { signal } from '@preact/signals';
import { CHANGE_COLOURS, mapPalette } from '../../renderer/palette.ts';
import { pageUrl, theme } from '../../shell/state.ts';
import type { Colour } from '../../shell/url.ts';
import { CHANGE_BOUNDS_MS, SCALES } from '../../workers/display.ts';

const isOpen = signal(false);

const TITLES: Readonly<Record<Colour, string>> = {
  latency: 'Round trip, ms',
  change: 'Change of round trip, ms',
  state: 'Service state',
  utilisation: 'Load of the serving satellite, %',
};
const STATES = ['served', 'off', 'no satellite', 'no gateway', 'no beam free', 'GSO arc'];

/** What the colours mean, from the same arrays that the cells are drawn by. */
export function Legend() {
  const { color } = pageUrl.value;
  const palette = mapPalette(theme.value);
  const { min, max } = SCALES[color === 'utilisation' ? 'utilisation' : 'latency'];
  const percent = color === 'utilisation' ? 100 : 1;
  const [low, lower, upper, high] = CHANGE_BOUNDS_MS;
  return (
    <aside class={`legend${isOpen.value ? ' legend-open' : ''}`} aria-label="Legend" data-covers>
      <button
        type="button"
        class="legend-button"
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        Legend
      </button>
      <div class="legend-body">
        <h2>{TITLES[color]}</h2>
        {color === 'state' ? (
          <ul class="legend-states">
            {STATES.map((state, i) => (
              <li key={state}>
                <span
                  class={`swatch${i === 1 ? ' hatch' : ''}`}
                  style={{ backgroundColor: palette.states[i] }}
                />{' '}
                {state}
              </li>
            ))}
          </ul>
        ) : color === 'change' ? (
          <ul class="legend-change">
            {[
              `+${high} or more, or lost`,
              `+${upper} to +${high}`,
              'about the same',
              `−${-lower} to −${-low}`,
              `−${-low} or more, or gained`,
            ].map((text, i) => (
              <li key={text}>
                <span class="swatch" style={{ backgroundColor: CHANGE_COLOURS[i] }} /> {text}
              </li>
            ))}
          </ul>
        ) : (
          <>
            <div
              class="legend-ramp"
              style={{ background: `linear-gradient(to right, ${palette.ramp.join(', ')})` }}
            />
            <p class="legend-ends mono">
              <span>{min * percent}</span>
              <span>{((min + max) / 2) * percent}</span>
              <span>{max * percent}</span>
            </p>
          </>
        )}
        {color !== 'state' && (
          <p class="legend-rest">
            <span class="swatch hatch" style={{ backgroundColor: palette.states[1] }} /> off{' '}
            <span class="swatch dotted" style={{ backgroundColor: palette.states[2] }} /> no service
          </p>
        )}
      </div>
    </aside>
  );
}
