/** Colours of the map, by theme: what `tokens.css` says, and the scales of web.md §15. */

export type Rgb = readonly [number, number, number];

const CIVIDIS = ['#00224e', '#123570', '#4d566d', '#7d7c78', '#bcae6c', '#fee838'];
/** Much worse … much better. */
export const CHANGE_COLOURS = ['#e66101', '#fdb863', '#f7f7f7', '#b2abd2', '#5e3c99'];
/** By `CELL_STATES`: served, withheld, no satellite, no gateway, no beam, GSO arc (Okabe–Ito; red is off alone). */
const STATE_COLOURS = {
  dark: ['#0072b2', '#e0455a', '#6b7885', '#e69f00', '#cc79a7', '#56b4e9'],
  light: ['#0072b2', '#b3263a', '#8a949e', '#e69f00', '#cc79a7', '#56b4e9'],
};

export interface MapPalette {
  readonly isDark: boolean;
  readonly bg: Rgb;
  readonly sea: Rgb;
  readonly land: Rgb;
  readonly border: Rgb;
  readonly off: Rgb;
  readonly accent: Rgb;
  readonly good: Rgb;
  readonly warn: Rgb;
  readonly text: Rgb;
  readonly satellite: Rgb;
  /** Six stops from low to high. */
  readonly ramp: readonly string[];
  readonly states: readonly string[];
}

export function mapPalette(theme: 'dark' | 'light'): MapPalette {
  const isDark = theme === 'dark';
  const pick = (dark: string, light: string): Rgb => rgbOf(isDark ? dark : light);
  return {
    isDark,
    bg: pick('#080c12', '#eef2f6'),
    sea: pick('#0e1824', '#dde7f0'),
    land: pick('#1a2735', '#f7f9fb'),
    border: pick('#4d647a', '#93a4b5'),
    off: pick('#e0455a', '#b3263a'),
    accent: pick('#62b5ff', '#0b62c4'),
    good: pick('#4fd1b5', '#0f766e'),
    warn: pick('#f2b14a', '#8a5300'),
    text: pick('#e6edf5', '#14212e'),
    satellite: pick('#dfe9f5', '#2b4259'),
    // High stays strong: on light land the scale is turned round.
    ramp: isDark ? CIVIDIS : [...CIVIDIS].reverse(),
    states: STATE_COLOURS[theme],
  };
}

export function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}
