import { signal } from '@preact/signals';
import { camera } from '../../renderer/mapEngine.ts';
import { exactMs } from '../../shell/clock.ts';
import { people, whole } from '../../shell/figures.ts';
import { Segment } from '../../shell/Segment.tsx';
import {
  changes,
  clearScenario,
  draftOf,
  nameOf,
  toggleGateways,
  toggleLasers,
  toggleOut,
  toggleTerritory,
} from '../../shell/scenario.ts';
import {
  fleet,
  memberships,
  ownElements,
  placeOf,
  refusedFile,
  territories,
  world,
} from '../../shell/simulation.ts';
import { navigate, pageUrl, setUrl } from '../../shell/state.ts';
import { COLOURS, type Colour } from '../../shell/url.ts';
import { isBaselineShown } from './baseline.ts';
import { layers } from './layers.ts';
import { OwnElements } from './OwnElements.tsx';
import { pickTerritory } from './pickTerritory.ts';

const COLOUR_NAMES: Readonly<Record<Colour, string>> = {
  latency: 'Round-trip latency',
  change: 'Change from baseline',
  state: 'Service state',
  utilisation: 'Utilisation',
};
const EDGE_NAMES = {
  centre: 'centre of the cell inside',
  strict: 'whole cell inside',
  covering: 'any overlap',
} as const;
const EXAMPLES = ['IND', 'TWN', 'UKR'];
const NEAR_COUNT = 24;
const isMoreOpen = signal(false);
const isFileOpen = signal(false);

/** Left: what is changed, and what the map shows. */
export function ScenarioPanel() {
  const url = pageUrl.value;
  const list = changes.value;
  const chosen = url.sel.filter(item => item.startsWith('terr:')).map(item => item.slice(5));
  const title =
    list.length === 0 ? 'As it is' : list.length === 1 ? list[0].text : `${list.length} changes`;
  return (
    <aside class="panel panel-left" id="panel-scenario" aria-label="Scenario">
      <section>
        <h2>Scenario</h2>
        <h2 class="title">{title}</h2>
        {list.length === 0 ? (
          <>
            <p class="muted">
              Choose a territory to see what changes if service stops there. Nothing is sent to the
              network.
            </p>
            <p class="examples">
              For example{' '}
              {EXAMPLES.map((id, i) => (
                <span key={id}>
                  {i > 0 && ', '}
                  <button type="button" class="link" onClick={() => pickTerritory(id)}>
                    {nameOf(id)}
                  </button>
                </span>
              ))}
            </p>
          </>
        ) : (
          <p class="muted">
            {list.length} {list.length === 1 ? 'change' : 'changes'} against the baseline. Scenario.
            Nothing is sent to the network.
          </p>
        )}
        {list.length > 0 && (
          <ul class="changes">
            {list.map(change => (
              <li key={change.key}>
                <span>{change.text}</span>
                <button type="button" class="quiet" onClick={() => change.undo()}>
                  Undo<span class="visually-hidden"> {change.text}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
        {list.length > 0 && (
          <p class="actions">
            <button
              type="button"
              class="primary"
              onClick={() => navigate('/orders', draftOf(exactMs()))}
            >
              Draft order
            </button>
            <button type="button" onClick={() => history.back()}>
              Undo <kbd>Z</kbd>
            </button>
            {list.length > 1 && (
              <button type="button" class="quiet" onClick={clearScenario}>
                All back
              </button>
            )}
          </p>
        )}
      </section>
      {chosen.map(id => (
        <TerritoryCard key={id} id={id} />
      ))}
      {url.sel
        .filter(item => item.startsWith('sat:'))
        .map(item => (
          <SatelliteCard key={item} item={item} />
        ))}
      {url.sel
        .filter(item => item.startsWith('gw:'))
        .map(item => (
          <GatewayCard key={item} name={item.slice(3)} />
        ))}
      <section>
        <h2>Colour cells by</h2>
        <div role="radiogroup" aria-label="Colour cells by" class="choices">
          {COLOURS.map((colour, i) => (
            <label key={colour} class={url.color === colour ? 'choice chosen' : 'choice'}>
              <input
                type="radio"
                name="colour"
                checked={url.color === colour}
                onChange={() => setUrl({ color: colour })}
              />
              <span>{COLOUR_NAMES[colour]}</span>
              <kbd>{i + 1}</kbd>
            </label>
          ))}
        </div>
        {list.length > 0 && (
          <label class="row">
            <span>
              Show the baseline <kbd>b</kbd>
            </span>
            <input
              type="checkbox"
              checked={isBaselineShown.value}
              onChange={event => {
                isBaselineShown.value = event.currentTarget.checked;
              }}
            />
          </label>
        )}
      </section>
      <Layers />
      <details
        open={isMoreOpen.value || url.out.length > 0 || !url.hasLasers}
        onToggle={event => {
          isMoreOpen.value = event.currentTarget.open;
        }}
      >
        <summary>Lasers and suppliers</summary>
        <div class="row">
          <span>Laser links between satellites</span>
          <Segment label="Laser links" isOff={!url.hasLasers} onChange={toggleLasers} />
        </div>
        {Object.entries(world.value?.satellites.generations ?? {}).map(([name, count]) => (
          <div class="row" key={name}>
            <span>
              {name} <span class="mono muted">{whole(count)}</span>
            </span>
            <Segment
              label={`${name} satellites`}
              isOff={url.out.includes(`fleet:${name}`)}
              onChange={isOff => toggleOut(`fleet:${name}`, isOff)}
            />
          </div>
        ))}
      </details>
      <details
        open={isFileOpen.value || ownElements.value !== null || refusedFile.value !== null}
        onToggle={event => {
          isFileOpen.value = event.currentTarget.open;
        }}
      >
        <summary>Element sets of your own</summary>
        <OwnElements />
      </details>
      <NearList />
    </aside>
  );
}

function TerritoryCard({ id }: { id: string }) {
  const { edge, off, gateways } = pageUrl.value;
  const place = placeOf(id);
  if (territories.value === null) return null;
  if (place === undefined) {
    return (
      <section class="card" role="alert">
        <p>
          There is no territory <span class="mono">{id}</span>; search for another with <kbd>/</kbd>
          .
        </p>
      </section>
    );
  }
  const numbers = memberships.value.get(id);
  const isOff = off.includes(id);
  return (
    <section class="card" aria-label={place.name}>
      <div class="row">
        <strong>
          {place.name} <span class="mono muted">{id}</span>
        </strong>
        <Segment
          label={`Service in ${place.name}`}
          isOff={isOff}
          onChange={next => toggleTerritory(id, next)}
        />
      </div>
      <dl>
        <div>
          <dt>Cells in territory</dt>
          <dd class="mono">{numbers ? whole(numbers.cells[edge]) : '…'}</dd>
        </div>
        <div>
          <dt>People</dt>
          <dd class="mono">{numbers ? people(numbers.people) : '…'}</dd>
        </div>
        <div>
          <dt>Gateways in territory</dt>
          <dd class="mono">
            {numbers
              ? `${numbers.gateways.length} of ${world.value?.gateways.filter(one => one.isOperational).length ?? 0}`
              : '…'}
          </dd>
        </div>
        <div>
          <dt>Border guard band</dt>
          <dd class="mono">{numbers ? `${numbers.guardBandKm.toFixed(0)} km` : '…'}</dd>
        </div>
      </dl>
      <label class="stacked">
        <span>Which cells belong to it</span>
        <select
          value={edge}
          onChange={event => setUrl({ edge: event.currentTarget.value as keyof typeof EDGE_NAMES })}
        >
          {Object.entries(EDGE_NAMES).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
              {numbers ? ` (${whole(numbers.cells[value as keyof typeof EDGE_NAMES])})` : ''}
            </option>
          ))}
        </select>
      </label>
      {place.kind === 'territory' && (numbers?.gateways.length ?? 0) > 0 && (
        <div class="row">
          <span>Its gateways, for everybody</span>
          <Segment
            label={`Gateways in ${place.name}`}
            isOff={gateways.includes(id)}
            onChange={next => toggleGateways(id, next)}
          />
        </div>
      )}
      {place.kind === 'disputed-area' && 'note' in place && (
        <p class="muted">Disputed; the borders drawn are those of who administers.</p>
      )}
    </section>
  );
}

function SatelliteCard({ item }: { item: string }) {
  const now = fleet.value;
  const id = Number(item.slice(4));
  const index = now ? now.catalogIds.indexOf(id) : -1;
  if (now === null) return null;
  if (index < 0) {
    return (
      <section class="card" role="alert">
        <p>
          No satellite <span class="mono">{item.slice(4)}</span> flies here; search for another with{' '}
          <kbd>/</kbd>.
        </p>
      </section>
    );
  }
  return (
    <section class="card" aria-label={now.names[index]}>
      <div class="row">
        <strong>{now.names[index]}</strong>
        <Segment
          label={`Satellite ${id}`}
          isOff={pageUrl.value.out.includes(item)}
          onChange={isOff => toggleOut(item, isOff)}
        />
      </div>
      <dl>
        <div>
          <dt>Catalogue id</dt>
          <dd class="mono">{id}</dd>
        </div>
        <div>
          <dt>Generation</dt>
          <dd class="mono">{now.generations[index]}</dd>
        </div>
      </dl>
    </section>
  );
}

function GatewayCard({ name }: { name: string }) {
  const gateway = world.value?.gateways.find(one => one.name.replace(/,/g, '') === name);
  if (world.value === null) return null;
  if (gateway === undefined) {
    return (
      <section class="card" role="alert">
        <p>
          There is no gateway <span class="mono">{name}</span>; search for another with <kbd>/</kbd>
          .
        </p>
      </section>
    );
  }
  const { country } = gateway;
  return (
    <section class="card" aria-label={gateway.name}>
      <strong>{gateway.name}</strong>
      <dl>
        <div>
          <dt>Country</dt>
          <dd>{nameOf(country)}</dd>
        </div>
        <div>
          <dt>Status</dt>
          <dd>{gateway.status}</dd>
        </div>
      </dl>
      <div class="row">
        <span>Gateways in {nameOf(country)}</span>
        <Segment
          label={`Gateways in ${nameOf(country)}`}
          isOff={pageUrl.value.gateways.includes(country)}
          onChange={isOff => toggleGateways(country, isOff)}
        />
      </div>
    </section>
  );
}

function Layers() {
  const shown = layers.value;
  const isFlat = camera.value.morph > 0.5;
  const switches: readonly (readonly [keyof typeof shown, string, string])[] = [
    ['satellites', 'Satellites', fleet.value ? whole(fleet.value.count) : ''],
    [
      'gateways',
      'Gateways',
      String(world.value?.gateways.filter(one => one.isOperational).length ?? ''),
    ],
    ['path', 'Selected path', ''],
    ['names', 'Names', ''],
    ['links', 'All laser links', ''],
    ['footprints', 'Footprint of the selected satellite', ''],
  ];
  return (
    <section>
      <h2>Layers</h2>
      {switches.map(([key, name, count]) => (
        <label class="row" key={key}>
          <span>
            {name} <span class="mono muted">{count}</span>
          </span>
          <input
            type="checkbox"
            checked={shown[key] ?? !isFlat}
            disabled={key === 'links' && isFlat}
            onChange={event => {
              layers.value = { ...shown, [key]: event.currentTarget.checked };
            }}
          />
        </label>
      ))}
    </section>
  );
}

/** What is on the map, as a list: territories by their distance from the middle of the view. */
function NearList() {
  const index = territories.value;
  if (index === null) return null;
  const { latRad, lonRad } = camera.value;
  const { off, sel } = pageUrl.value;
  const near = index.territories
    .filter(territory => territory.parts.length > 0)
    .map(territory => {
      const lat = (territory.centreDeg.latDeg * Math.PI) / 180;
      const lon = (territory.centreDeg.lonDeg * Math.PI) / 180;
      const cosine =
        Math.sin(lat) * Math.sin(latRad) +
        Math.cos(lat) * Math.cos(latRad) * Math.cos(lon - lonRad);
      return { territory, km: Math.acos(Math.max(-1, Math.min(1, cosine))) * 6371 };
    })
    .sort((a, b) => a.km - b.km)
    .slice(0, NEAR_COUNT);
  return (
    <details>
      <summary>Territories near the middle of the map</summary>
      <ul class="near">
        {near.map(({ territory, km }) => (
          <li key={territory.id}>
            <button
              type="button"
              aria-pressed={sel.includes(`terr:${territory.id}`)}
              onClick={() => pickTerritory(territory.id)}
            >
              <span>
                {territory.name}
                {off.includes(territory.id) ? ' · off' : ''}
              </span>
              <span class="mono muted">{whole(km)} km</span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
