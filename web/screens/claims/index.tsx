import '../../kit/kit.css';
import './claims.css';
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { SealCarriers } from '../../../src/control/seals/sealBody.ts';
import {
  AFFILIATIONS,
  type Contact,
  type Source,
  STANCES,
  type Stance,
} from '../../../src/control/types.ts';
import type { ClaimView } from '../../../src/control/views/claimView.ts';
import type { ContactView } from '../../../src/control/views/contactView.ts';
import type { OrderView } from '../../../src/control/views/orderView.ts';
import type { RosterView } from '../../../src/control/views/rosterView.ts';
import type { TerritoryView } from '../../../src/control/views/territoryView.ts';
import { actor, signed } from '../../api/actor.ts';
import { followLog, post, useResource } from '../../api/api.ts';
import { logNowMs } from '../../api/demoClock.ts';
import { ActAs } from '../../kit/ActAs.tsx';
import { GoneBanner, Part, stateOf, Tag, type Tone, When } from '../../kit/parts.tsx';
import {
  type Levels,
  markedParts,
  type SealablePart,
  SealDraft,
  type SealedDraft,
} from '../../kit/SealDraft.tsx';
import { Said, SealedPart } from '../../kit/SealedPart.tsx';
import { useKept } from '../../kit/useKept.ts';
import { announce, navigate, route } from '../../shell/state.ts';
import { Timeline } from './Timeline.tsx';

/** Who said what, who denies it, who met whom: with sources, and a status that nobody types. */
export default function Claims() {
  useEffect(followLog, []);
  const claims = useResource<ClaimView[]>('/api/v1/claims');
  const contacts = useResource<ContactView[]>('/api/v1/contacts');
  const orders = useResource<OrderView[]>('/api/v1/orders');
  const territories = useResource<TerritoryView[]>('/api/v1/territories');
  const roster = useResource<RosterView>('/api/v1/roster');
  const { id } = route.value;
  const shown =
    claims.data?.find(one => one.id === id) ?? (id === null ? claims.data?.[0] : undefined);
  const silent = (territories.data ?? []).filter(t =>
    t.flags.some(({ flag }) => flag === 'undeclared'),
  );
  return (
    <div class="sheet">
      <GoneBanner />
      <h1>Claims and contacts</h1>
      <Part title="In time, a lane for each party">
        <Timeline
          claims={claims.data ?? []}
          contacts={contacts.data ?? []}
          orders={orders.data ?? []}
        />
        {silent.length > 0 && (
          <p class="warn">
            Off, and nobody has declared why:{' '}
            {silent.map(({ name, flags }) => `${name}, ${flags[0].days} days`).join('; ')}
          </p>
        )}
      </Part>
      <div class="columns">
        <div>
          <Part title="Claims">
            {stateOf(claims, 'claims', list => list.length === 0, 'No claim is recorded.') ?? (
              <ul class="list">
                {claims.data?.map(claim => (
                  <li key={claim.id}>
                    <a
                      class="item"
                      href={`/claims/${claim.id}`}
                      aria-current={claim.id === shown?.id ? 'true' : undefined}
                      onClick={event => {
                        event.preventDefault();
                        navigate(`/claims/${claim.id}`);
                      }}
                    >
                      <Tag tone={toneOf(claim.status)}>{claim.status}</Tag> “{claim.text}”
                      <br />
                      <span class="small muted">
                        {claim.originator}, {claim.firstAppearance.at.slice(0, 10)}
                      </span>
                    </a>
                  </li>
                ))}
              </ul>
            )}
          </Part>
          <Part title="Contacts">
            {stateOf(
              contacts,
              'contacts',
              list => list.length === 0,
              'No contact is disclosed.',
            ) ?? (
              <ul class="list">
                {contacts.data?.map(contact => (
                  <li key={contact.id} class="contact">
                    <strong>{contact.reporter.replace('person:', '')}</strong> and{' '}
                    {contact.counterparty.role}{' '}
                    <Tag tone={contact.isLate ? 'bad' : 'good'}>
                      {contact.isLate ? `late, ${contact.daysUntilDisclosed} days` : 'in time'}
                    </Tag>
                    <br />
                    <span class="small muted">
                      <Said text={contact.channel} />, <When at={contact.from} />
                      {contact.asked !== undefined && (
                        <>
                          {' — asked: '}
                          <Said text={contact.asked} />
                        </>
                      )}
                    </span>
                    {contact.seal && <SealedPart seal={contact.seal} entryIndex={contact.entry} />}
                  </li>
                ))}
              </ul>
            )}
          </Part>
        </div>
        <div>
          {shown ? (
            <ClaimSheet claim={shown} />
          ) : id !== null && claims.data ? (
            <Part title="No such claim">
              <p>There is no claim {id.slice(0, 60)} in this log.</p>
            </Part>
          ) : (
            <Part title="Nothing is claimed yet">
              <p>
                A claim is text that never changes; sources, denials and corrections are added to
                it. Its status follows from them by a rule: ten reports of one origin count as one.
              </p>
            </Part>
          )}
        </div>
        <div>
          <Part title="Sign as">
            <ActAs roster={roster.data} />
          </Part>
          <AddClaim />
          {shown && <AddSource key={`source ${shown.id}`} claim={shown} />}
          {shown && <AddStance key={`stance ${shown.id}`} claim={shown} />}
          <Disclose territories={territories.data ?? []} roster={roster.data} />
        </div>
      </div>
    </div>
  );
}

export function toneOf(status: ClaimView['status']): Tone {
  if (status === 'corroborated') return 'good';
  if (status === 'denied' || status === 'retracted') return 'bad';
  return status === 'contested' ? 'warn' : 'plain';
}

function ClaimSheet({ claim }: { claim: ClaimView }) {
  const roots = claim.attributions.filter(({ parent }) => parent === undefined);
  return (
    <>
      <Part title={claim.id} aside={<Tag tone={toneOf(claim.status)}>{claim.status}</Tag>}>
        <h1>“{claim.text}”</h1>
        <dl class="facts">
          <dt>Said by</dt>
          <dd>{claim.originator}</dd>
          <dt>First appeared</dt>
          <dd>
            <When at={claim.firstAppearance.at} />, {claim.firstAppearance.where}
          </dd>
          <dt>About</dt>
          <dd>{claim.about.join(', ') || 'nobody named'}</dd>
          <dt>Status</dt>
          <dd>
            <strong>{claim.status}</strong>: {claim.rule}
          </dd>
        </dl>
      </Part>
      <Part title="Where it comes from">
        {roots.length === 0 && <p class="muted">No source is recorded.</p>}
        <Tree claim={claim} of={undefined} />
        {claim.attributions.length > 0 && (
          <p class="small muted">
            The letter rates the source (A to F), the number the item (1 to 6); they are never
            merged.
          </p>
        )}
      </Part>
      <Part title="What the parties say">
        {claim.stances.length === 0 && <p class="muted">Nobody has said anything about it.</p>}
        <ul class="list">
          {claim.stances.map((stance, i) => (
            <li key={i}>
              <Tag
                tone={
                  stance.stance.startsWith('deny')
                    ? 'bad'
                    : stance.stance === 'affirm'
                      ? 'good'
                      : 'plain'
                }
              >
                {stance.stance.replaceAll('_', ' ')}
              </Tag>{' '}
              {stance.party}, <When at={stance.at} />{' '}
              <a class="small" href={`/ledger?entry=${stance.entry}`}>
                entry {stance.entry}
              </a>
            </li>
          ))}
        </ul>
      </Part>
    </>
  );
}

/** Who draws on whom: what hangs under one root counts once. */
function Tree({ claim, of }: { claim: ClaimView; of: string | undefined }) {
  const level = claim.attributions.filter(({ parent }) => parent === of);
  if (level.length === 0) return null;
  return (
    <ul class="tree">
      {level.map(one => (
        <li key={one.id}>
          <strong>{one.role}</strong> <span class="muted">{one.mode.replaceAll('_', ' ')}</span>{' '}
          <Tag>{one.reliability}</Tag> <Tag>{String(one.credibility)}</Tag>
          <Tree claim={claim} of={one.id} />
        </li>
      ))}
    </ul>
  );
}

/** A form that files something, and says what came of it. */
function Form({
  title,
  label,
  isReady,
  file,
  children,
}: {
  title: string;
  label: string;
  isReady: boolean;
  file: () => Promise<void>;
  children: ComponentChildren;
}) {
  const [note, setNote] = useState<{ tone: 'good' | 'bad'; text: string } | null>(null);
  return (
    <details class="part">
      <summary>{title}</summary>
      <form
        onSubmit={event => {
          event.preventDefault();
          setNote(null);
          file().then(
            () => {
              setNote({ tone: 'good', text: 'In the log.' });
              announce(`${title}: in the log`);
            },
            (error: Error) => setNote({ tone: 'bad', text: error.message }),
          );
        }}
      >
        {children}
        <button type="submit" disabled={!isReady}>
          {label}
        </button>
        {note && (
          <p class={note.tone} role={note.tone === 'bad' ? 'alert' : 'status'}>
            {note.text}
          </p>
        )}
      </form>
    </details>
  );
}

function TextField({
  label,
  value,
  set,
  isLong = false,
}: {
  label: string;
  value: string;
  set: (value: string) => void;
  isLong?: boolean;
}) {
  const onInput = (event: { currentTarget: { value: string } }): void =>
    set(event.currentTarget.value);
  if (isLong) {
    return (
      <label>
        <span>{label}</span>
        <textarea value={value} onInput={onInput} />
      </label>
    );
  }
  return (
    <label>
      <span>{label}</span>
      <input value={value} onInput={onInput} />
    </label>
  );
}

function Choice<T extends string>({
  label,
  value,
  of,
  set,
}: {
  label: string;
  value: T;
  of: readonly T[];
  set: (value: T) => void;
}) {
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={event => set(event.currentTarget.value as T)}>
        {of.map(one => (
          <option key={one} value={one}>
            {one.replaceAll('_', ' ')}
          </option>
        ))}
      </select>
    </label>
  );
}

const nameOf = (prefix: string): string => `${prefix}-${logNowMs().toString(36)}`;

const NO_CLAIM = { text: '', by: '', about: '', where: '' };

function AddClaim() {
  const [form, set, clear] = useKept('beamkeeper-claim', NO_CLAIM);
  const { text, by, about, where } = form;
  return (
    <Form
      title="Record a claim"
      label="Record"
      isReady={text !== '' && by !== ''}
      file={async () => {
        const id = nameOf('claim');
        await post('/api/v1/claims', {
          id,
          text,
          originator: by,
          about: about
            .split(',')
            .map(one => one.trim())
            .filter(one => one !== ''),
          firstAppearance: { at: new Date(logNowMs()).toISOString(), where: where || 'not said' },
        });
        clear();
        navigate(`/claims/${id}`);
      }}
    >
      <TextField label="What is claimed" value={text} set={text => set({ text })} isLong />
      <TextField label="Who made it, by role" value={by} set={by => set({ by })} />
      <TextField
        label="Whom it is about (they may deny it), with commas"
        value={about}
        set={about => set({ about })}
      />
      <TextField label="Where it appeared" value={where} set={where => set({ where })} />
    </Form>
  );
}

function AddSource({ claim }: { claim: ClaimView }) {
  const [role, setRole] = useState('');
  const [reliability, setReliability] = useState<Source['reliability']>('B');
  const [credibility, setCredibility] = useState('2');
  const [parent, setParent] = useState('');
  return (
    <Form
      title="Add a source"
      label="Add"
      isReady={role !== ''}
      file={async () => {
        const source = nameOf('source');
        await post('/api/v1/sources', { id: source, role, reliability });
        await post('/api/v1/attributions', {
          id: nameOf('attribution'),
          claim: claim.id,
          source,
          mode: parent === '' ? 'primary' : 'quoted',
          credibility: Number(credibility),
          ...(parent !== '' && { parent }),
        });
        setRole('');
      }}
    >
      <TextField label="Who it is, by role" value={role} set={setRole} />
      <Choice
        label="Reliability of the source"
        value={reliability}
        of={['A', 'B', 'C', 'D', 'E', 'F']}
        set={setReliability}
      />
      <Choice
        label="Credibility of the item"
        value={credibility}
        of={['1', '2', '3', '4', '5', '6']}
        set={setCredibility}
      />
      <label>
        <span>It draws on</span>
        <select value={parent} onChange={event => setParent(event.currentTarget.value)}>
          <option value="">nobody: it is a source of its own</option>
          {claim.attributions.map(one => (
            <option key={one.id} value={one.id}>
              {one.role}
            </option>
          ))}
        </select>
      </label>
    </Form>
  );
}

function AddStance({ claim }: { claim: ClaimView }) {
  const [party, setParty] = useState(claim.about[0] ?? claim.originator);
  const [stance, setStance] = useState<Stance['stance']>('deny_flat');
  return (
    <Form
      title="Record what a party says of it"
      label="Record"
      isReady={party !== ''}
      file={async () => {
        await post(`/api/v1/claims/${encodeURIComponent(claim.id)}/stances`, {
          claim: claim.id,
          party,
          stance,
          at: new Date(logNowMs()).toISOString(),
          evidence: [],
        });
      }}
    >
      <TextField label="Party" value={party} set={setParty} />
      <Choice label="Stance" value={stance} of={STANCES} set={setStance} />
    </Form>
  );
}

const NO_CONTACT = {
  role: '',
  affiliation: 'government' as Contact['counterparty']['affiliation'],
  channel: 'call',
  date: '',
  territory: '',
  asked: '',
};

type ContactDraft = SealCarriers['contact/v1'];

function contactOf(
  { role, affiliation, channel, date, territory, asked }: typeof NO_CONTACT,
  reporter: string,
): ContactDraft {
  const at = new Date(`${date}T00:00:00.000Z`).toISOString();
  return {
    id: nameOf('contact'),
    reporter,
    counterparty: { role, affiliation },
    channel,
    initiatedBy: 'counterparty',
    from: at,
    to: at,
    present: [],
    official: false,
    topics: territory === '' ? [] : [{ kind: 'territory', about: territory }],
    ...(asked !== '' && { asked }),
    links: territory === '' ? [] : [territory],
  };
}

/** What may be kept back of it: not who it was by role, nor when, nor about which territory. */
function contactParts({ channel, asked }: ContactDraft): SealablePart[] {
  return [
    ['channel', `channel “${channel}”`],
    ...(asked === undefined ? [] : [['asked', `asked: “${asked}”`] as const]),
  ];
}

function Disclose({
  territories,
  roster,
}: {
  territories: readonly TerritoryView[];
  roster: RosterView | null;
}) {
  const [form, set, clear] = useKept('beamkeeper-contact', NO_CONTACT);
  const { role, affiliation, channel, date, territory, asked } = form;
  const [sealed, setSealed] = useState<SealedDraft<'contact/v1'> | null>(null);
  // What was sealed is of the draft as it was then.
  useEffect(() => setSealed(null), [form]);
  const [levels, setLevels] = useState<Levels>({});
  const by = actor.value;
  const plain = by && role !== '' && date !== '' ? contactOf(form, by.name) : null;
  const isHalfSealed =
    sealed === null && plain !== null && markedParts(contactParts(plain), levels).length > 0;
  const isItsReporter = sealed === null || sealed.reporter === by?.name;
  return (
    <Form
      title={
        by
          ? `Disclose a contact as ${(sealed?.reporter ?? by.name).replace('person:', '')}`
          : 'Disclose a contact (choose who signs)'
      }
      label="Sign and disclose"
      isReady={plain !== null && !isHalfSealed && isItsReporter}
      file={async () => {
        const body = sealed ?? plain;
        if (!by || !body) return;
        await post('/api/v1/contacts', await signed(by, 'contact/v1', body));
        clear();
        setLevels({});
      }}
    >
      <TextField label="With whom, by role" value={role} set={role => set({ role })} />
      <Choice
        label="Affiliation"
        value={affiliation}
        of={AFFILIATIONS}
        set={affiliation => set({ affiliation })}
      />
      <TextField label="Channel" value={channel} set={channel => set({ channel })} />
      <label>
        <span>Date of the last contact (UTC)</span>
        <input
          type="date"
          value={date}
          onInput={event => set({ date: event.currentTarget.value })}
        />
      </label>
      <label>
        <span>Territory that it was about</span>
        <select value={territory} onChange={event => set({ territory: event.currentTarget.value })}>
          <option value="">none</option>
          {territories.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <TextField label="What was asked" value={asked} set={asked => set({ asked })} isLong />
      {plain && (
        <SealDraft
          type="contact/v1"
          body={plain}
          author={plain.reporter}
          parts={contactParts(plain)}
          roster={roster}
          edition={form}
          isSealed={sealed !== null}
          levels={levels}
          setLevels={setLevels}
          onSealed={setSealed}
        />
      )}
      {isHalfSealed && <p class="warn">Parts are marked to be kept back: seal them first.</p>}
      {sealed !== null && (
        <p class="good" role="status">
          Sealed ({sealed.seal?.second.person} signed); {sealed.reporter} may disclose it. A change
          lifts the seal.
        </p>
      )}
    </Form>
  );
}
