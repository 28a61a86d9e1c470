import { useEffect, useState } from 'preact/hooks';
import type { RosterView } from '../../src/control/views/rosterView.ts';
import { actAs, actByFile, actByPasskey, actor, demoPeople, loadDemoPeople } from '../api/actor.ts';
import { demoAheadMs, letPass, logNowMs } from '../api/demoClock.ts';
import { enrolPasskey } from '../api/passkey.ts';

/** Who signs: in a demo anybody, else a key file or a passkey that the roster knows. */
export function ActAs({ roster }: { roster: RosterView | null }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [note, setNote] = useState<string | null>(null);
  useEffect(() => void loadDemoPeople(), []);
  const people = demoPeople.value ?? [];
  const current = actor.value;
  const withPasskeys = (roster?.persons ?? []).filter(({ keys }) =>
    keys.some(({ kind }) => kind === 'webauthn'),
  );
  const attempt = (work: () => Promise<void> | void): void => {
    setProblem(null);
    setNote(null);
    Promise.resolve()
      .then(work)
      .catch((error: Error) => setProblem(error.message));
  };
  return (
    <div class="act-as">
      {people.length > 0 ? (
        <label>
          <span>Whose key</span>
          <select
            value={current?.name ?? ''}
            onChange={event => {
              const name = event.currentTarget.value;
              attempt(() => actAs(name));
            }}
          >
            <option value="" disabled>
              choose a person
            </option>
            {people.map(name => (
              <option key={name} value={name}>
                {name} {seatsOf(roster, name)}
              </option>
            ))}
          </select>
        </label>
      ) : (
        <label>
          <span>Your key file (it stays in this page)</span>
          <input
            type="file"
            onChange={event => {
              const [file] = event.currentTarget.files ?? [];
              if (file) attempt(async () => actByFile(await file.text()));
            }}
          />
        </label>
      )}
      {withPasskeys.map(({ id, keys }) => (
        <button
          type="button"
          key={id}
          onClick={() =>
            attempt(() =>
              actByPasskey(
                id,
                roster?.relyingParty.id ?? location.hostname,
                keys.filter(({ kind }) => kind === 'webauthn').map(key => key.id),
              ),
            )
          }
        >
          Passkey of {id.replace('person:', '')}
        </button>
      ))}
      {current?.name.startsWith('person:') && current.by !== 'passkey' && (
        <button
          type="button"
          onClick={() =>
            attempt(async () => {
              await enrolPasskey(current, roster?.relyingParty.id ?? location.hostname);
              setNote(
                'Proposed: the passkey counts once those have agreed who agree to any change.',
              );
            })
          }
        >
          Add a passkey for {current.name.replace('person:', '')}
        </button>
      )}
      {note !== null && (
        <p class="good small" role="status">
          {note}
        </p>
      )}
      {current && people.length === 0 && (
        <p class="muted small">
          {current.name} signs with {current.by === 'passkey' ? 'a passkey' : 'a key file'}
        </p>
      )}
      {people.length > 0 && (
        <p class="muted small">
          A demo: its people, and what is on or off, are made up; this page holds their keys.
        </p>
      )}
      {demoAheadMs.value !== null && <DemoClock attempt={attempt} />}
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

/** Three days of cooling-off need not be waited for. */
function DemoClock({ attempt }: { attempt: (work: () => Promise<void>) => void }) {
  return (
    <div class="row demo-clock">
      <span>
        Demo clock{' '}
        <time class="mono">
          {new Date(logNowMs()).toISOString().slice(0, 16).replace('T', ' ')}
        </time>
      </span>
      {[
        [1, '1 h'],
        [24, '1 day'],
        [72, '3 days'],
      ].map(([hours, text]) => (
        <button
          type="button"
          key={hours}
          aria-label={`Let ${text} pass`}
          onClick={() => attempt(() => letPass(Number(hours)))}
        >
          +{text}
        </button>
      ))}
    </div>
  );
}

function seatsOf(roster: RosterView | null, name: string): string {
  const person = roster?.persons.find(({ id }) => id === name);
  if (!person) return '';
  const held = [...person.seats, ...person.alternateOf.map(seat => `alternate ${seat}`)];
  const rest = person.roles.filter(role => role === 'drafter' || role === 'executor');
  const words = [...held, ...rest];
  return words.length === 0 ? '' : `(${words.join(', ')})`;
}
