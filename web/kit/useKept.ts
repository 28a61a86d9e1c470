import { useRef, useState } from 'preact/hooks';

/**
 * What is being written, kept in this browser until it is sent: a reload, or a server that is gone, loses
 * nothing.
 *
 * @param start where nothing is kept, or what is kept cannot be read
 */
export function useKept<T extends object>(
  key: string,
  start: T,
): [value: T, set: (change: Partial<T>) => void, clear: () => void] {
  const [value, setValue] = useState<T>(() => {
    try {
      return { ...start, ...JSON.parse(localStorage.getItem(key) ?? '{}') };
    } catch {
      return start;
    }
  });
  // Two changes may come before the next picture, and a reload right after the last.
  const latest = useRef(value);
  const keep = (next: T, text: string | null): void => {
    latest.current = next;
    setValue(next);
    try {
      if (text === null) localStorage.removeItem(key);
      else localStorage.setItem(key, text);
    } catch {
      // Without storage it lasts as long as the page.
    }
  };
  return [
    value,
    change => {
      const next = { ...latest.current, ...change };
      keep(next, JSON.stringify(next));
    },
    () => keep(start, null),
  ];
}
