/** Numbers as people read them. */

/** 1.43 bn, 12.3 M, 45.1 k, 812. */
export function people(count: number): string {
  const size = Math.abs(count);
  if (size >= 1e9) return `${(count / 1e9).toFixed(2)} bn`;
  if (size >= 1e6) return `${(count / 1e6).toFixed(size >= 1e8 ? 0 : 1)} M`;
  if (size >= 1e3) return `${(count / 1e3).toFixed(size >= 1e5 ? 0 : 1)} k`;
  return String(Math.round(count));
}

export function whole(count: number): string {
  return Math.round(count).toLocaleString('en-US').replace(/,/g, ' ');
}

export function ms(value: number | null): string {
  return value === null ? '–' : `${value.toFixed(value < 100 ? 1 : 0)} ms`;
}

export function rate(mbps: number): string {
  const size = Math.abs(mbps);
  if (size >= 1e6) return `${(mbps / 1e6).toFixed(2)} Tb/s`;
  if (size >= 1e3) return `${(mbps / 1e3).toFixed(size >= 1e5 ? 0 : 1)} Gb/s`;
  return `${mbps.toFixed(0)} Mb/s`;
}

/** With its sign, and a true minus: +3.2, −612, 0. */
export function signed(value: number, write: (size: number) => string): string {
  const text = write(Math.abs(value));
  if (!/[1-9]/.test(text)) return '0';
  return `${value < 0 ? '−' : '+'}${text}`;
}

/** `2026-08-22 14:07:20 UTC`. */
export function utc(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
