/** `23,412,067`: whole, with thousands separators. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** With a sign, and 0 without one. */
export function signed(value: number): string {
  const rounded = Math.round(value);
  if (rounded === 0) return '0';
  return (rounded > 0 ? '+' : '−') + Math.abs(rounded).toLocaleString('en');
}

/** The same with decimals; a dash where one of the two is missing. */
export function signedDecimal(value: number | null, digits = 1): string {
  const text = decimal(value === null ? null : Math.abs(value), digits);
  if (value === null || !/[1-9]/.test(text)) return value === null ? text : '0';
  return (value > 0 ? '+' : '−') + text;
}

/** `99.6 %`; never 100 % for less than all. */
export function percentOf(part: number, all: number): string {
  if (all <= 0) return 'none';
  const percent = (100 * part) / all;
  return part < all - 0.5 && percent > 99.9 ? 'over 99.9 %' : `${decimal(percent)} %`;
}

/** A number or a dash where there is none. */
export function decimal(value: number | null, digits = 1): string {
  return value === null || !Number.isFinite(value)
    ? '–'
    : value
        .toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
        .replace(/^-(?=[0.]*$)/, '');
}

/** `1 hour`, `10 minutes`, `90 seconds`, `2 days`. */
export function durationInWords(seconds: number): string {
  for (const [unit, size] of [
    ['day', 86400],
    ['hour', 3600],
    ['minute', 60],
  ] as const) {
    if (seconds >= size && seconds % size === 0) return plural(seconds / size, unit);
  }
  return plural(seconds, 'second');
}

/** `1 cell`, `2 cells`. */
export function plural(count: number, word: string, many = `${word}s`): string {
  return `${whole(count)} ${Math.round(count) === 1 ? word : many}`;
}
