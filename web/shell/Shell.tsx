import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { KeyList } from './KeyList.tsx';
import { screens } from './screens.ts';
import { announcement, pageUrl, urlNotes } from './state.ts';
import { TopBar } from './TopBar.tsx';
import type { ScreenName } from './url.ts';

/** The frame of every screen: top bar, the screen, and the voice of the screen reader. */
export function Shell() {
  const { screen } = pageUrl.value;
  return (
    <>
      <a class="skip" href="#screen">
        Skip to the screen
      </a>
      <TopBar />
      {urlNotes.value.length > 0 && (
        <div class="url-notes" role="status">
          {urlNotes.value.join('; ')}{' '}
          <button
            type="button"
            class="quiet"
            onClick={() => {
              urlNotes.value = [];
            }}
          >
            Dismiss
          </button>
        </div>
      )}
      <main id="screen" class={`screen screen-${screen}`}>
        <LoadedScreen key={screen} name={screen} />
      </main>
      <KeyList />
      <div class="visually-hidden" aria-live="polite" role="status">
        {announcement.value}
      </div>
    </>
  );
}

function LoadedScreen({ name }: { name: ScreenName }) {
  const [Loaded, setLoaded] = useState<ComponentType | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const screen = screens.get(name);
  useEffect(() => {
    let isGone = false;
    screen?.load().then(
      module => {
        if (!isGone) setLoaded(() => module.default);
      },
      (error: unknown) => {
        if (!isGone) setFailure(error instanceof Error ? error.message : String(error));
      },
    );
    return () => {
      isGone = true;
    };
  }, [screen]);
  useEffect(() => {
    document.title = `${screen?.title ?? 'Not here'} · Beamkeeper`;
  }, [screen]);
  if (screen === undefined) return <p class="notice">This page has no screen of that name.</p>;
  if (failure !== null) {
    return (
      <p class="notice" role="alert">
        {screen.title} could not be loaded: the server does not answer ({failure}).{' '}
        <button type="button" onClick={() => location.reload()}>
          Load again
        </button>
      </p>
    );
  }
  return Loaded === null ? <p class="notice">Loading {screen.title} …</p> : <Loaded />;
}
