/** Keys of every screen with a map (web.md §5). They act outside text fields, and can be turned off. */
import { signal } from '@preact/signals';
import { changeSpeed, playPause, returnToLive, SLOT_MS, stepBy } from './clock.ts';
import { toggleTerritory } from './scenario.ts';
import { announce, pageUrl, setUrl } from './state.ts';
import { COLOURS } from './url.ts';

export const isKeyListOpen = signal(false);
export const areKeysOn = signal(readChoice());

/** What only the map's own screen can do. */
export interface MapKeys {
  globeOrFlat(): void;
  zoom(factor: number): void;
  reset(): void;
  baseline(isShown: boolean): void;
}
let map: MapKeys | null = null;

/** Tells the keys about a map; the result takes it back. */
export function provideMapKeys(keys: MapKeys): () => void {
  map = keys;
  return () => {
    if (map === keys) map = null;
  };
}

export const KEY_LIST: readonly (readonly [string, string])[] = [
  ['/', 'search'],
  ['Space', 'play, pause'],
  [', .', '10 s back, on (with Shift: one slot)'],
  ['[ ]', 'slower, faster'],
  ['l', 'return to live'],
  ['g', 'globe or flat'],
  ['1 2 3 4', 'colour by latency, change, state, utilisation'],
  ['o', 'selected territory off or on, in the scenario'],
  ['b (hold)', 'show the baseline'],
  ['z, Shift+z', 'undo, redo'],
  ['arrows', 'pan while the map has focus'],
  ['+ − 0', 'nearer, farther, reset'],
  ['Esc', 'close, then clear the selection, then leave the map'],
  ['?', 'this list'],
];

export function setKeysOn(isOn: boolean): void {
  areKeysOn.value = isOn;
  try {
    localStorage.setItem('keys', isOn ? 'on' : 'off');
  } catch {
    // No storage: for this page only.
  }
}

/** Starts to listen; call it once. */
export function listenForKeys(): void {
  addEventListener('keydown', onKey);
  addEventListener('keyup', event => {
    if (event.key === 'b') map?.baseline(false);
  });
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const target = event.target instanceof HTMLElement ? event.target : null;
  const isText =
    target?.isContentEditable === true ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && !['checkbox', 'radio', 'range'].includes(target.type));
  if (event.key === 'Escape') {
    if (isKeyListOpen.value) isKeyListOpen.value = false;
    else if (!isText && pageUrl.value.sel.length > 0) {
      setUrl({ sel: [] });
      announce('Nothing selected');
    }
    return;
  }
  if (isText || !areKeysOn.value) return;
  if (document.querySelector('dialog[open]') && event.key !== '?') return;
  // Space presses a button that has focus.
  if (event.key === ' ' && target?.closest('button, a, summary, input, [role="option"]')) return;
  if (act(event)) event.preventDefault();
}

function act(event: KeyboardEvent): boolean {
  const { key } = event;
  if (key === '?') {
    isKeyListOpen.value = !isKeyListOpen.value;
    return true;
  }
  if (key === '/') {
    const search = document.getElementById('search');
    search?.focus();
    return search !== null;
  }
  if (map === null) return false;
  const colour = COLOURS[Number(key) - 1];
  if (colour !== undefined) {
    setUrl({ color: colour });
    announce(`Coloured by ${colour}`);
    return true;
  }
  switch (key) {
    case ' ':
      playPause();
      return true;
    case ',':
      stepBy(-10_000);
      return true;
    case '.':
      stepBy(10_000);
      return true;
    case '<':
      stepBy(-SLOT_MS);
      return true;
    case '>':
      stepBy(SLOT_MS);
      return true;
    case '[':
      changeSpeed(-1);
      return true;
    case ']':
      changeSpeed(1);
      return true;
    case 'l':
      returnToLive();
      return true;
    case 'g':
      map.globeOrFlat();
      return true;
    case '+':
    case '=':
      map.zoom(1.5);
      return true;
    case '-':
      map.zoom(1 / 1.5);
      return true;
    case '0':
      map.reset();
      return true;
    case 'b':
      map.baseline(true);
      return true;
    case 'z':
      history.back();
      return true;
    case 'Z':
      history.forward();
      return true;
    case 'o': {
      const chosen = pageUrl.value.sel.filter(item => item.startsWith('terr:'));
      for (const item of chosen) toggleTerritory(item.slice(5));
      if (chosen.length === 0) announce('Select a territory first');
      return true;
    }
    default:
      return false;
  }
}

function readChoice(): boolean {
  try {
    return localStorage.getItem('keys') !== 'off';
  } catch {
    return true;
  }
}
