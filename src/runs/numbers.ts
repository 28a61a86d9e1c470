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

/** A number or a dash where there is none. */
export function decimal(value: number | null, digits = 1): string {
  return value === null || !Number.isFinite(value)
    ? '–'
    : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
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
