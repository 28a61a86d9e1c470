/**
 * The story of `demo switch` by hand, in a real browser: the silence is seen, a contact is disclosed, an order
 * is drafted with who asked, computed, refused to those who may not vote, and voted. Then the ledger is
 * verified in the page, and a flipped byte is named.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Served, serveSwitch } from '../src/cli/serveSwitch.ts';
import type { Vote } from '../src/control/index.ts';
import { formatAgeIdentity, makeAgeIdentity } from '../src/store/ageKeys.ts';
import { logSource } from '../src/store/logSource.ts';
import { packageFile } from '../src/store/packageFiles.ts';
import { freePort, hasChromium, launchChromium, openPage } from './pageBrowser.ts';

const isBuilt = (() => {
  try {
    return readFileSync(packageFile('dist/web/index.html')).length > 0;
  } catch {
    return false;
  }
})();
/** Who decides about a change of the log's own terms. */
const DECIDING = [
  'service-director',
  'general-counsel',
  'regulator',
  'customers-delegate',
  'overseer-a',
];
const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

describe.skipIf(!hasChromium || !isBuilt)('the page (skipped without chromium)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'beamkeeper-page-'));
  const dataFolder = join(folder, 'switch');
  let browser: Browser;
  let served: Served;
  let origin: string;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    served = await serveSwitch({
      dataFolder,
      keysFolder: join(folder, 'keys'),
      host: '127.0.0.1',
      // Known beforehand: passkeys are bound to the origin that the roster names.
      port: await freePort(),
      isDemo: true,
      ratePerSecond: 10_000,
    });
    origin = new URL(served.url).origin;
    browser = await launchChromium();
    ({ page, faults } = await openPage(browser, origin));
    page.setDefaultTimeout(10_000);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await served?.app.close();
    await served?.store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const show = async (path: string): Promise<void> => {
    await page.goto(`${origin}${path}`);
  };
  const signAs = (name: string) => page.getByLabel('Whose key').selectOption(name);

  test('the silence about a territory is on top, for everybody', async () => {
    await show('/public');
    await page.getByText('is off or restricted, and nobody has declared why').waitFor();
    await show('/declarations');
    await page.getByText(/undeclared, \d+ days/).waitFor();
  });

  /** Votes yes as a demo's person on what is open. */
  const approve = async (person: string, typed: string): Promise<void> => {
    await signAs(person);
    await voteYes(person, typed);
  };
  const voteYes = async (person: string, typed: string): Promise<void> => {
    await page.getByLabel('Reason, which everybody reads').fill('within my mandate');
    await page.getByLabel(/^I have read/).check();
    await page.getByLabel(/^To approve, type/).fill(typed);
    await page.getByRole('button', { name: 'Approve' }).click();
    const seen = page.locator('li', { hasText: person.replace('person:', '') });
    await seen.filter({ hasText: 'yes' }).waitFor();
    await page.getByText('Approved: in the log.').waitFor();
  };

  test('a passkey is enrolled by the quorum', async () => {
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable');
    await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await page.getByRole('link', { name: 'Orders', exact: true }).click();
    await signAs('person:overseer-b');
    await page.getByRole('button', { name: 'Add a passkey for overseer-b' }).click();
    await page.getByText('Proposed: the passkey counts once').waitFor();
    await page.getByRole('link', { name: /keyEnrol/ }).click();
    await page.getByRole('heading', { name: 'enrol a passkey of person:overseer-b' }).waitFor();
    for (const name of DECIDING) await approve(`person:${name}`, 'keyEnrol');
    await signAs('person:executor');
    await page.getByRole('button', { name: 'Execute' }).click();
    await page
      .getByRole('alert')
      .filter({ hasText: /cooling/i })
      .waitFor();
    await page.getByRole('button', { name: 'Let 3 days pass' }).click();
    await page.getByRole('button', { name: 'Execute' }).click();
    await page.getByText(/Executed by person:executor/).waitFor();
    await page.getByRole('button', { name: 'Passkey of overseer-b' }).waitFor();
  });

  test('a request from outside is disclosed, drafted with its chain, and proposed', async () => {
    await show('/claims');
    await signAs('person:owner');
    await page.getByText('Disclose a contact as owner').click();
    await page.getByLabel('With whom, by role').fill('a head of government of a third state');
    await page
      .getByLabel('Date of the last contact (UTC)')
      .fill(new Date().toISOString().slice(0, 10));
    await page.getByLabel('Territory that it was about').selectOption('URY');
    await page.getByLabel('What was asked').fill('that it stay dark');
    await page.getByRole('button', { name: 'Sign and disclose' }).click();
    await page.getByText('In the log.').waitFor();
    const [contact] = [...served.store.state.contacts.keys()];

    // The draft goes on in the same page: who signs is kept, and no key is written anywhere.
    await page.getByRole('link', { name: 'Orders', exact: true }).click();
    await page.getByRole('button', { name: 'New order' }).first().click();
    await signAs('person:drafter');
    await page.getByLabel('Kind').selectOption('withhold');
    await page
      .locator('label', { hasText: /^Territory/ })
      .locator('select')
      .selectOption('URY');
    await page
      .locator('label', { hasText: /^Reason$/ })
      .locator('textarea')
      .fill('Asked for by a third party through the owner.');
    await page.getByRole('button', { name: 'Add a link' }).click();
    await page.getByLabel('Party, by role').fill('a head of government of a third state');
    await page.getByLabel('In what capacity').selectOption('foreign_government');
    await page.getByLabel('By which channel').fill('a call');
    await page.getByRole('button', { name: 'Sign and propose' }).click();
    await page.getByRole('alert').filter({ hasText: 'is not disclosed' }).waitFor();
    await page.getByLabel('Disclosed contact').selectOption(contact);
    // The channel is kept back: the drafter says why, a second person signs, the drafter proposes.
    await page.getByText('Seal parts of this draft').click();
    await page.getByLabel('channel “a call”').selectOption('secret');
    // Marked and not sealed yet: it must not slip out in clear.
    expect(await page.getByRole('button', { name: 'Sign and propose' }).isDisabled()).toBe(true);
    await page.getByLabel('On whose authority').selectOption('operator.legal');
    await page.getByLabel('Second person, who signs too').selectOption('person:general-counsel');
    await page.getByRole('button', { name: 'Seal 1 part' }).click();
    await signAs('person:general-counsel');
    await page.getByRole('button', { name: 'Sign the seal as general-counsel' }).click();
    await page.getByText('Sealed (person:general-counsel signed)').waitFor();
    // A change lifts the seal, and then it must not slip out either: it is sealed once more.
    const because = page.locator('label', { hasText: /^Reason$/ }).locator('textarea');
    await because.fill('Asked for by a third party, through the owner.');
    await page.getByText('Parts are marked to be kept back').waitFor();
    await signAs('person:drafter');
    await page.getByRole('button', { name: 'Seal 1 part' }).click();
    await signAs('person:general-counsel');
    await page.getByRole('button', { name: 'Sign the seal as general-counsel' }).click();
    await page.getByText('Sealed (person:general-counsel signed)').waitFor();
    expect(await page.getByRole('button', { name: 'Sign and propose' }).isDisabled()).toBe(true);
    await signAs('person:drafter');
    await page.getByRole('button', { name: 'Sign and propose' }).click();
    await page.getByText('No impact report is filed').waitFor();
    // What is withheld is off as it was: nothing in force changes, and the sheet says so.
    await page.getByText(/^\d+ cells stay off$/).waitFor();
    expect(served.store.state.ballots.size).toBe(2);
    const { entry } = served.store.entries.at(-1)!;
    expect(JSON.stringify(entry)).not.toContain('a call"');
    expect(JSON.stringify(entry)).toContain('"channel":"sealed:');
  });

  test('the sealed part is read by the one who is cleared, and by nobody else', async () => {
    await page.getByText('A part is sealed by operator.legal: sources').waitFor();
    await page.getByText('Read the sealed part').click();
    const identity = join(folder, 'mine.age');
    writeFileSync(identity, formatAgeIdentity(await makeAgeIdentity()));
    await signAs('person:overseer-b');
    await page.getByLabel(/Your age identity/).setInputFiles({
      name: 'x.age',
      mimeType: 'text/plain',
      buffer: Buffer.from('no identity'),
    });
    await page.getByRole('button', { name: 'Sign and read as overseer-b' }).click();
    await page.getByRole('alert').filter({ hasText: 'This is no age identity' }).waitFor();
    await page.getByLabel(/Your age identity/).setInputFiles(identity);
    await page.getByRole('button', { name: 'Sign and read as overseer-b' }).click();
    const nothing = 'there is nothing here that you may read';
    await page.getByRole('alert').filter({ hasText: nothing }).waitFor();
    await signAs('person:overseer-a');
    await page.getByRole('button', { name: 'Sign and read as overseer-a' }).click();
    const read = page.getByRole('status').filter({ hasText: 'says that you read' });
    await read.getByText('“a call”').waitFor();
    const entry = Number(/Entry (\d+) of the access log/.exec(await read.innerText())?.[1]);
    const access = logSource(join(dataFolder, 'ledger', 'access'));
    const size = Number(new TextDecoder().decode(await access.read('checkpoint')).split('\n')[1]);
    expect(entry).toBeLessThan(size);
    // What one reads goes with him.
    await signAs('person:overseer-b');
    expect(await page.getByText('“a call”').count()).toBe(0);
  });

  test('the twin computes what it would do, and files it', async () => {
    await page.getByRole('button', { name: 'Compute and file' }).click();
    await page.getByText('people inside whose service changes').waitFor({ timeout: 60_000 });
    await expect
      .poll(() => [...served.store.state.ballots.values()][1].impact, { timeout: 60_000 })
      .toBeDefined();
  }, 90_000);

  test('who may not vote is refused with the reason, and approving takes more than a click', async () => {
    await page.getByText('Still needed').waitFor();
    await signAs('person:owner');
    await page.getByLabel('Reason, which everybody reads').fill('within my mandate');
    const approve = page.getByRole('button', { name: 'Approve' });
    expect(await approve.isDisabled()).toBe(true);
    await page.getByLabel(/I have read the order/).check();
    await page.getByLabel(/type the name of the territory/).fill('Uruguay');
    await approve.click();
    await page
      .getByRole('alert')
      .filter({ hasText: /does not vote here|barred|contact/ })
      .waitFor();
  });

  test('those who may vote are counted, and who is missing is named', async () => {
    for (const person of ['person:customers-delegate', 'person:overseer-a']) {
      await approve(person, 'Uruguay');
    }
    await page.getByText(/Still needed: .*regulator/).waitFor();
    await signAs('person:regulator');
    await page.getByLabel('Reason, which everybody reads').fill('a call with the asking party');
    await page.getByRole('button', { name: 'Recuse myself' }).click();
    await page.getByText('Stands aside: in the log.').waitFor();
  });

  test('with an alternate, and one who signs by passkey, it is decided, waited for and carried out', async () => {
    for (const name of ['service-director', 'general-counsel', 'deputy-regulator']) {
      await approve(`person:${name}`, 'Uruguay');
    }
    await page.getByRole('button', { name: 'Passkey of overseer-b' }).click();
    await voteYes('person:overseer-b', 'Uruguay');
    const [, record] = [...served.store.state.ballots.values()];
    const byPasskey = served.store.entries.filter(
      ({ entry }) => entry.type === 'vote/v1' && (entry.body as Vote).proof.kind === 'webauthn',
    );
    expect(byPasskey).toHaveLength(1);
    expect(record.executed).toBeUndefined();
    await page.getByRole('button', { name: 'Let 3 days pass' }).click();
    await signAs('person:executor');
    await page.getByRole('button', { name: 'Execute' }).click();
    // What was known then has grown old; the same numbers leave the votes in force.
    await page.getByRole('alert').filter({ hasText: 'older than 72 h' }).waitFor();
    const old = record.impact?.seq;
    await page.getByRole('button', { name: 'Compute anew and file' }).click();
    const filed = () => served.store.state.ballots.get(record.hash)?.impact?.seq;
    await expect.poll(filed, { timeout: 60_000 }).not.toBe(old);
    await page.getByRole('button', { name: 'Execute' }).click();
    await page.getByText(/Executed by person:executor/).waitFor();
    await signAs('key:adapter');
    await page.getByRole('button', { name: 'Confirm that it is carried out' }).click();
    await page.getByText(/confirmed in entry/).waitFor();
  }, 90_000);

  test('the ledger verifies in the page, and a flipped byte is named', async () => {
    await show('/ledger');
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText(/All \d+ entries agree/).waitFor();
    const { size } = served.store.state;
    const bundle = join(dataFolder, 'ledger', 'orders', 'tile', 'entries', '000.p', String(size));
    const bytes = readFileSync(bundle);
    const at = bytes.lastIndexOf('"decision":"yes"') + 12;
    const kept = bytes[at];
    bytes[at] = kept ^ 1;
    writeFileSync(bundle, bytes);
    await page.getByRole('button', { name: 'Verify' }).click();
    const alert = page.getByRole('alert').filter({ hasText: 'Not verified' });
    await alert.waitFor();
    const broken = Number(await alert.getAttribute('data-broken'));
    expect(served.store.entries[broken].entry.type).toBe('vote/v1');
    bytes[at] = kept;
    writeFileSync(bundle, bytes);
  });

  test('what is being written outlives a reload, and goes to another signer as a file', async () => {
    await show('/declarations?territory=URY');
    await signAs('person:service-director');
    await page.getByLabel('Other explanations considered').fill('the licence has lapsed');
    await page.getByRole('button', { name: 'Sign as service-director' }).click();
    await page.getByText('Signed by person:service-director').waitFor();
    await page.reload();
    await page.getByText('Signed by person:service-director').waitFor();
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save for the other signer' }).click();
    const path = await (await saving).path();
    await page.getByRole('button', { name: 'Start again' }).click();
    const opening = page.getByLabel('Or go on with one that somebody else has signed');
    const file = (text: string) => ({
      name: 'half.json',
      mimeType: 'application/json',
      buffer: Buffer.from(text),
    });
    await opening.setInputFiles(file('no JSON'));
    await page.getByText('half.json: is no declaration (not JSON)').waitFor();
    await opening.setInputFiles(file('{"id":"x","scopes":[null]}'));
    await page.getByText('half.json: is no declaration', { exact: true }).waitFor();
    await opening.setInputFiles(file('null'));
    await page.getByText('half.json: is no declaration', { exact: true }).waitFor();
    const half = readFileSync(path, 'utf8');
    await opening.setInputFiles(file(half.replaceAll('"URY"', '"EST"')));
    await page.getByText('is about EST, not about this').waitFor();
    await opening.setInputFiles(file(half));
    await page.getByText('Signed by person:service-director').waitFor();
    await signAs('person:general-counsel');
    await page.getByRole('button', { name: 'Sign as general-counsel' }).click();
    await page.getByRole('button', { name: 'File', exact: true }).click();
    await page.getByText('Declared: in the log.').waitFor();
    const declared = served.store.state.declarations.at(-1)?.declaration;
    expect(declared?.alternatives).toEqual(['the licence has lapsed']);
    expect(declared?.attestations).toHaveLength(2);

    await show('/claims');
    await page.getByText('Record a claim').click();
    await page.getByLabel('What is claimed').fill('It was a favour.');
    await page.reload();
    await page.getByText('Record a claim').click();
    expect(await page.getByLabel('What is claimed').inputValue()).toBe('It was a favour.');
    await page.getByLabel('Who made it, by role').fill('a newspaper');
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await page.getByRole('heading', { name: 'It was a favour.' }).waitFor();
    await show('/claims');
    await page.getByText('Record a claim').click();
    expect(await page.getByLabel('What is claimed').inputValue()).toBe('');
  }, 30_000);

  test('what was asked in a contact is kept back, with a second signature', async () => {
    await show('/claims');
    await signAs('person:owner');
    await page.getByText('Disclose a contact as owner').click();
    await page.getByLabel('With whom, by role').fill('an envoy');
    await page.getByLabel('Date of the last contact (UTC)').fill('2026-11-02');
    await page.getByLabel('What was asked').fill('a favour');
    await page.getByText('Seal parts of this draft').click();
    await page.getByLabel('asked: “a favour”').selectOption('confidential');
    const file = page.getByRole('button', { name: 'Sign and disclose' });
    expect(await file.isDisabled()).toBe(true);
    await page.getByLabel('Why it is sealed').selectOption('negotiations');
    await page.getByLabel('On whose authority').selectOption('operator.legal');
    await page.getByLabel('Second person, who signs too').selectOption('person:general-counsel');
    await page.getByRole('button', { name: 'Seal 1 part' }).click();
    await signAs('person:general-counsel');
    await page.getByRole('button', { name: 'Sign the seal as general-counsel' }).click();
    await page.getByText('person:owner may disclose it').waitFor();
    expect(await file.isDisabled()).toBe(true);
    await signAs('person:owner');
    await file.click();
    await page.getByText('In the log.').waitFor();
    const { contact } = [...served.store.state.contacts.values()].at(-1)!;
    expect(contact.asked).toMatch(/^sealed:/);
    const row = page.locator('li.contact', { hasText: 'an envoy' });
    await row.getByText('A part is sealed by operator.legal: negotiations').waitFor();
    await row.getByText('Read the sealed part').click();
    await signAs('person:overseer-a');
    await row.getByLabel('My seat or role').fill('auditor');
    await row.getByRole('button', { name: 'Sign and read as overseer-a' }).click();
    await row.getByText('“a favour”').waitFor();
  }, 30_000);

  test('a territory that the log has not is taken in by vote; then an order names it', async () => {
    await show('/orders/new');
    await signAs('person:drafter');
    const territory = page.locator('label', { hasText: /^Territory/ }).locator('select');
    await territory.selectOption({ label: 'Brazil' });
    await page.getByText('Brazil: no outline in this log').waitFor();
    await page.getByRole('button', { name: 'Sign and propose to take in Brazil' }).click();
    await page.getByRole('heading', { name: 'take in Brazil, so that orders' }).waitFor();
    for (const name of DECIDING) await approve(`person:${name}`, 'territory');
    await signAs('person:executor');
    await page.getByRole('button', { name: 'Let 3 days pass' }).click();
    await page.getByRole('button', { name: 'Execute' }).click();
    await page.getByText(/Executed by person:executor/).waitFor();
    await page.getByRole('button', { name: 'New order' }).first().click();
    await signAs('person:drafter');
    await territory.selectOption({ label: 'Brazil (on)' });
    await page
      .locator('label', { hasText: /^Reason$/ })
      .locator('textarea')
      .fill('a drill of the eyes');
    await page.getByRole('button', { name: 'Sign and propose' }).click();
    // 32,119 cells by their centres, less those of the border band.
    await page.getByText(/^\d\d,\d{3} cells on → off$/).waitFor();
  }, 60_000);

  test('a link to an order, an entry or a claim that is not there says so', async () => {
    await show('/orders/nothing');
    await page.getByText('There is no order').waitFor();
    await show('/ledger?entry=99999');
    await page.getByText(/no entry 99999/).waitFor();
    await show('/claims/nothing');
    await page.getByText('There is no claim nothing').waitFor();
  });

  test.each(['dark', 'light'] as const)(
    'no screen has a serious finding of axe (%s)',
    async theme => {
      const other = await openPage(browser, origin, { theme });
      // Not a script of the page, whose policy would forbid it.
      await other.context.addInitScript({ content: axeSource });
      for (const path of [
        '/orders',
        '/orders/new',
        '/declarations',
        '/ledger?entry=1',
        '/claims',
        '/public',
      ]) {
        await other.page.goto(`${origin}${path}`);
        await other.page.locator('.part').first().waitFor();
        const found = await other.page.evaluate(async () => {
          const { axe } = globalThis as unknown as {
            axe: {
              run: (what: unknown) => Promise<{
                violations: { id: string; impact: string; nodes: { html: string }[] }[];
              }>;
            };
          };
          const { violations } = await axe.run(document);
          return violations
            .filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 120)}`);
        });
        expect({ path, found }).toEqual({ path, found: [] });
      }
      await other.context.close();
    },
    60_000,
  );

  test('nothing threw, and nothing was asked of another origin', () => {
    expect(faults).toEqual([]);
  });
});
