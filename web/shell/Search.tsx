import { computed, signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { flyTo } from '../renderer/flight.ts';
import { pickTerritory } from '../screens/what-if/pickTerritory.ts';
import { fleet, territories, world } from './simulation.ts';
import { navigate, pageUrl, setUrl } from './state.ts';

const MOST = 9;
const query = signal('');
const isOpen = signal(false);
const at = signal(0);

interface Hit {
  readonly key: string;
  readonly name: string;
  readonly kind: string;
  readonly score: number;
  go(): void;
}

/** Everything that has a name: territories by any of theirs, gateways, satellites, orders. */
const hits = computed<readonly Hit[]>(() => {
  const wanted = fold(query.value);
  if (wanted === '') return [];
  const found: Hit[] = [];
  const index = territories.value;
  for (const place of index ? [...index.territories, ...index.disputedAreas] : []) {
    const keys = [place.name, place.id, place.iso2, ...place.aliases].map(fold);
    const score = Math.max(...keys.map(key => scoreOf(key, wanted)));
    if (score === 0 || place.parts.length === 0) continue;
    const isArea = place.kind === 'disputed-area';
    found.push({
      key: `terr ${place.id}`,
      name: place.name,
      kind: isArea ? 'disputed area' : 'territory',
      score: score + (isArea ? 0 : 0.5),
      go: () => pickTerritory(place.id),
    });
  }
  for (const gateway of world.value?.gateways ?? []) {
    const score = scoreOf(fold(gateway.name), wanted);
    if (score === 0) continue;
    found.push({
      key: `gw ${gateway.name}`,
      name: gateway.name,
      kind: 'gateway',
      score: score - 0.3,
      go: () => {
        setUrl({ sel: [`gw:${gateway.name.replace(/,/g, '')}`] });
        flyTo(gateway.latDeg, gateway.lonDeg, 1.6);
      },
    });
  }
  const now = fleet.value;
  if (now && wanted.length > 2) {
    for (let i = 0; i < now.count && found.length < 400; i++) {
      const score = Math.max(
        scoreOf(String(now.catalogIds[i]), wanted),
        scoreOf(fold(now.names[i]), wanted),
      );
      if (score === 0) continue;
      const id = now.catalogIds[i];
      found.push({
        key: `sat ${id}`,
        name: now.names[i],
        kind: `satellite ${id}`,
        score: score - 0.6,
        go: () => setUrl({ sel: [`sat:${id}`] }),
      });
    }
  }
  found.sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1));
  return found.slice(0, MOST);
});

function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** 3 the whole name, 2 its beginning, 1.5 the beginning of a word, 1 anywhere, 0 not at all. */
function scoreOf(key: string, wanted: string): number {
  if (key === '') return 0;
  if (key === wanted) return 3;
  if (key.startsWith(wanted)) return 2;
  if (key.includes(` ${wanted}`)) return 1.5;
  return wanted.length > 2 && key.includes(wanted) ? 1 : 0;
}

/** The search of the top bar; `/` goes there. */
export function Search() {
  const input = useRef<HTMLInputElement>(null);
  const list = hits.value;
  const isShown = isOpen.value && query.value.trim() !== '';
  const choose = (hit: Hit | undefined): void => {
    if (hit === undefined) return;
    if (pageUrl.value.screen !== 'what-if') navigate('/what-if');
    hit.go();
    query.value = '';
    isOpen.value = false;
    input.current?.blur();
  };
  return (
    <search class="search">
      <input
        ref={input}
        id="search"
        type="text"
        role="combobox"
        aria-label="Territory, satellite, gateway"
        aria-expanded={isShown}
        aria-controls="search-hits"
        aria-autocomplete="list"
        aria-activedescendant={isShown && list.length > 0 ? `hit-${at.value}` : undefined}
        placeholder="Territory, satellite, gateway"
        autocomplete="off"
        spellcheck={false}
        value={query.value}
        onInput={event => {
          query.value = event.currentTarget.value;
          at.value = 0;
          isOpen.value = true;
        }}
        onFocus={() => {
          isOpen.value = true;
        }}
        onBlur={() => {
          isOpen.value = false;
        }}
        onKeyDown={event => {
          if (event.key === 'ArrowDown') at.value = Math.min(list.length - 1, at.value + 1);
          else if (event.key === 'ArrowUp') at.value = Math.max(0, at.value - 1);
          else if (event.key === 'Enter') choose(list[at.value]);
          else if (event.key === 'Escape') {
            query.value = '';
            event.currentTarget.blur();
          } else return;
          event.preventDefault();
        }}
      />
      <kbd>/</kbd>
      <div
        id="search-hits"
        role="listbox"
        aria-label="Found"
        class="search-hits"
        hidden={!isShown}
        tabIndex={-1}
      >
        {list.map((hit, i) => (
          <div
            key={hit.key}
            id={`hit-${i}`}
            role="option"
            aria-selected={i === at.value}
            tabIndex={-1}
            onPointerDown={event => {
              event.preventDefault();
              choose(hit);
            }}
          >
            <span>{hit.name}</span>
            <span class="muted">{hit.kind}</span>
          </div>
        ))}
        {list.length === 0 && <p class="muted">Nothing of that name here.</p>}
      </div>
    </search>
  );
}
