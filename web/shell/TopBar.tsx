import { signal } from '@preact/signals';
import { exactMs } from './clock.ts';
import { isKeyListOpen } from './keys.ts';
import { isUpdateReady, takeUpdate } from './offline.ts';
import { Search } from './Search.tsx';
import { shareLink } from './scenario.ts';
import { screens } from './screens.ts';
import { isOffline, newestSlot, world } from './simulation.ts';
import { announce, navigate, pageUrl, setTheme, theme } from './state.ts';

const shared = signal<string | null>(null);

/** Name, views, run and seed, search, theme, share. */
export function TopBar() {
  const { screen: active, seed, run } = pageUrl.value;
  const slot = newestSlot.value;
  const file = world.value;
  return (
    <header class="topbar">
      <a class="brand" href="/what-if" onClick={event => go(event, '/what-if')}>
        Beamkeeper
      </a>
      <nav aria-label="Screens">
        {[...screens].map(([name, { title }]) => (
          <a
            key={name}
            href={`/${name}`}
            aria-current={name === active ? 'page' : undefined}
            onClick={event => go(event, `/${name}`)}
          >
            {title}
          </a>
        ))}
      </nav>
      {slot && (
        <span
          class="badge mono run"
          title={`Result ${slot.inputHash}: the same inputs give the same name`}
        >
          run {slot.inputHash.slice(0, 4)}… · seed {seed}
        </span>
      )}
      {run !== null && slot && run !== slot.inputHash && (
        <span
          class="badge badge-warn"
          title={`The link names ${run}, this page computed ${slot.inputHash}`}
        >
          differs from the shared result
        </span>
      )}
      {isOffline.value && (
        <span class="badge badge-warn" role="status">
          offline{file ? `, data of ${file.at.slice(0, 16).replace('T', ' ')} UTC` : ''}
        </span>
      )}
      {isUpdateReady.value && (
        <button type="button" onClick={takeUpdate}>
          Update ready
        </button>
      )}
      <div class="topbar-end">
        <Search />
        <button
          type="button"
          class="keys-button"
          aria-label="Keys"
          title="Keys (?)"
          onClick={() => {
            isKeyListOpen.value = true;
          }}
        >
          ?
        </button>
        <button
          type="button"
          aria-label={theme.value === 'dark' ? 'Light theme' : 'Dark theme'}
          onClick={() => setTheme(theme.value === 'dark' ? 'light' : 'dark')}
        >
          Theme
        </button>
        <button type="button" class="share" onClick={() => void share()}>
          {shared.value === null ? 'Share link' : 'Copied'}
        </button>
      </div>
    </header>
  );
}

async function share(): Promise<void> {
  const link = shareLink(exactMs());
  try {
    await navigator.clipboard.writeText(link);
    shared.value = link;
    announce('Link copied. It freezes the instant and names the result.');
  } catch {
    // No clipboard here: the address bar shows the same link.
    history.replaceState(null, '', link);
    shared.value = link;
    announce('The link is in the address bar.');
  }
  setTimeout(() => {
    shared.value = null;
  }, 2000);
}

function go(event: MouseEvent, path: string): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  navigate(path);
}
