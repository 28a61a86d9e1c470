import type { ComponentChildren } from 'preact';
import { isServerGone, type Resource } from '../api/api.ts';

/** Tone of a word about a state: colour never says it alone, the word does. */
export type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'off';

export function Tag({ tone = 'plain', children }: { tone?: Tone; children: ComponentChildren }) {
  return <span class={`tag tag-${tone}`}>{children}</span>;
}

/** The first letters of a hash; all of it on hover, and to copy. */
export function Hash({ value, letters = 8 }: { value: string; letters?: number }) {
  return (
    <code class="mono hash" title={value}>
      {value.slice(0, letters)}
    </code>
  );
}

/** An instant, to the minute, UTC. */
export function When({ at }: { at: string }) {
  return (
    <time class="mono when" dateTime={at} title={at}>
      {at.slice(0, 16).replace('T', ' ')}
    </time>
  );
}

export function Whole({ value }: { value: number }) {
  return <span class="mono">{value.toLocaleString('en-US')}</span>;
}

/** A titled part of a sheet. */
export function Part({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <section class="part">
      <header>
        <h2>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

/** Loading, failed or empty, in words; null when there is something to show. */
export function stateOf<T>(
  { data, error, isLoading }: Resource<T>,
  what: string,
  isEmpty: (data: T) => boolean = () => false,
  empty: ComponentChildren = `No ${what} yet.`,
): ComponentChildren | null {
  if (data !== null) return isEmpty(data) ? <p class="muted">{empty}</p> : null;
  if (isLoading) return <p class="muted">Loading {what} …</p>;
  return (
    <p class="bad" role="alert">
      {error?.message ?? `No ${what}.`}
    </p>
  );
}

/** Said on top of a sheet while the server does not answer. */
export function GoneBanner() {
  if (!isServerGone.value) return null;
  return (
    <p class="banner" role="status">
      The server does not answer. What is shown is the last that it said; drafts are kept in this
      browser, and nothing is signed until it is back.
    </p>
  );
}
