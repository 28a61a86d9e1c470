/**
 * What all screens share: the page's link, the clock, the selection, the theme, and what is said to
 * a screen reader. The link is the state; everything here that is in the link is derived from it.
 */
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { DEFAULT_URL, formatUrl, type PageUrl, parseUrl, type ScreenName } from './url.ts';

const hasPage = typeof location !== 'undefined';
const first = hasPage
  ? parseUrl(location.pathname, location.search)
  : { url: DEFAULT_URL, notes: [] };

/** The link as parsed; change it by `setUrl` or `navigate`. */
export const pageUrl = signal<PageUrl>(first.url);
/** Parts of the link that were not understood, one sentence each. */
export const urlNotes = signal<readonly string[]>(first.notes);

export interface Route {
  readonly screen: ScreenName;
  /** Of an order or a claim. */
  readonly id: string | null;
  /** Keys that the shell does not know: the screen's own. */
  readonly query: Readonly<Record<string, string>>;
}
export const route: ReadonlySignal<Route> = computed(() => ({
  screen: pageUrl.value.screen,
  id: pageUrl.value.id,
  query: Object.fromEntries([
    ...pageUrl.value.other,
    ...(pageUrl.value.entry === null ? [] : [['entry', String(pageUrl.value.entry)]]),
  ]) as Record<string, string>,
}));

/** The instant shown, UTC ms. Moves a few times a second while the clock plays. */
export const clockMs = signal(0);
/** `live`: now; `simulated`: any other instant; `replay`: in the past of the log. */
export const clockState = signal<'live' | 'simulated' | 'replay'>('simulated');

export type Theme = 'dark' | 'light';
export const theme = signal<Theme>(firstTheme());
export const reducedMotion = signal(matches('(prefers-reduced-motion: reduce)'));

/** Read by the aria-live region of the frame. */
export const announcement = signal('');

/** Says one sentence to a screen reader. */
export function announce(text: string): void {
  announcement.value = text;
}

/** Changes part of the link. `push`: one step of Back; otherwise the entry is replaced. */
export function setUrl(patch: Partial<PageUrl>, mode: 'push' | 'replace' = 'push'): void {
  const next = { ...pageUrl.value, ...patch };
  const link = formatUrl(next);
  if (hasPage && link !== `${location.pathname}${location.search}`) {
    if (mode === 'push') history.pushState(null, '', link);
    else history.replaceState(null, '', link);
  }
  pageUrl.value = next;
}

/**
 * Goes to a screen: `navigate('/orders/7f3c')`, `navigate('/orders', { draft: '…' })`. The scenario,
 * the clock and the view stay; keys of the screen left behind go.
 */
export function navigate(path: string, query: Readonly<Record<string, string>> = {}): void {
  const search = new URLSearchParams(query).toString();
  const { url, notes } = parseUrl(path, search);
  const given = parseUrl('/', search).url;
  const own = Object.fromEntries(
    Object.entries(given).filter(
      ([key, value]) => value !== DEFAULT_URL[key as keyof PageUrl] && key !== 'screen',
    ),
  );
  urlNotes.value = notes;
  setUrl({ entry: null, ...own, screen: url.screen, id: url.id, other: url.other });
}

export function setTheme(next: Theme): void {
  theme.value = next;
  if (!hasPage) return;
  document.documentElement.dataset['theme'] = next;
  try {
    localStorage.setItem('theme', next);
  } catch {
    // Storage may be forbidden; the theme then lasts as long as the page.
  }
}

/** Starts to follow Back and Forward, and the system's wishes. Call once. */
export function followBrowser(): void {
  document.documentElement.dataset['theme'] = theme.value;
  addEventListener('popstate', () => {
    const { url, notes } = parseUrl(location.pathname, location.search);
    urlNotes.value = notes;
    pageUrl.value = url;
  });
  matchMedia('(prefers-reduced-motion: reduce)').addEventListener('change', event => {
    reducedMotion.value = event.matches;
  });
}

function firstTheme(): Theme {
  try {
    const kept = localStorage.getItem('theme');
    if (kept === 'dark' || kept === 'light') return kept;
  } catch {
    // No storage: by the system's wish.
  }
  return matches('(prefers-color-scheme: light)') ? 'light' : 'dark';
}

function matches(query: string): boolean {
  return typeof matchMedia === 'function' && matchMedia(query).matches;
}
