import type { Branded } from './branded.ts';
import { ValidationError } from './errors.ts';

/** Canonical SteamID64 of a person: 17 digits, always a string (it does not fit a JavaScript number). */
export type SteamId = Branded<'SteamId'>;

/** What a person typed, understood: an id, or a vanity name that only Steam can resolve. */
export type SteamIdentity = { kind: 'steam-id'; steamId: SteamId } | { kind: 'vanity'; vanityName: string };

// A SteamID64 is universe (8 bits) | type (4) | instance (20) | account (32). A person is universe 1 (public),
// type 1 (individual), instance 1 (desktop). Steam ignores the instance, so another one would be a second name
// for the same person; it is refused.
const personBase = 76561197960265728n;
const maxAccount = 0xffffffffn;
const publicUniverse = 1n;
const universeOf = (id: bigint): bigint => id >> 56n;
const steamId64Pattern = /^\d{17}$/;
const vanityPattern = /^[A-Za-z0-9_-]{2,32}$/;

const accountTypes = [
  'invalid',
  'person',
  'multiseat',
  'game server',
  'anonymous game server',
  'pending',
  'content server',
  'group',
  'chat',
  'console user',
  'anonymous user',
];
const expectedForms =
  'Give a SteamID64 (17 digits), a Steam2 or Steam3 id, a profile address or a custom profile name.';

const refuse = (message: string, code = 'STEAM_ID_UNREADABLE') => new ValidationError(code, message);

/** Whether `text` is the canonical SteamID64 of a person. */
export function isSteamId(text: string): text is SteamId {
  if (!steamId64Pattern.test(text)) return false;
  const account = BigInt(text) - personBase;
  return account >= 1n && account <= maxAccount;
}

/** @throws ValidationError STEAM_ID_NOT_A_PERSON, saying what the 17 digits are instead. */
function personFromId64(digits: string): SteamIdentity {
  if (isSteamId(digits)) return { kind: 'steam-id', steamId: digits };
  const id = BigInt(digits);
  const type = Number((id >> 52n) & 0xfn);
  const instance = Number((id >> 32n) & 0xfffffn);
  let found = 'no account';
  if (universeOf(id) !== publicUniverse) found = 'an id outside the public Steam universe';
  else if (type !== 1) found = `the id of a ${accountTypes[type] ?? 'thing that Steam does not name'}`;
  else if (instance !== 1) found = 'an id of another instance of an account';
  throw refuse(
    `${digits} is not a person's SteamID64 but ${found}. ${expectedForms}`,
    'STEAM_ID_NOT_A_PERSON',
  );
}

const notAPerson = (typed: string, reason: string) =>
  refuse(`${typed.slice(0, 100)} is not a person's Steam id: ${reason}.`, 'STEAM_ID_NOT_A_PERSON');

function personFromAccount(account: bigint, typed: string): SteamIdentity {
  if (account < 1n || account > maxAccount) throw notAPerson(typed, 'its account number is out of range');
  return { kind: 'steam-id', steamId: String(personBase + account) as SteamId };
}

/** Steam2 `STEAM_X:Y:Z` and Steam3 `[U:1:A]`, with or without brackets; undefined when `text` is neither. */
function fromSteam2Or3(text: string): SteamIdentity | undefined {
  const steam2 = /^STEAM_(\d+):(\d+):(\d+)$/i.exec(text);
  if (steam2) {
    const [, universe, half, account] = steam2;
    // Old games write 0 for the public universe.
    if (universe !== '0' && universe !== '1') throw notAPerson(text, 'it is of another Steam universe');
    if (half !== '0' && half !== '1') throw notAPerson(text, 'its second number must be 0 or 1');
    return personFromAccount(2n * BigInt(account!) + BigInt(half), text);
  }
  const steam3 = /^(\[?)([A-Za-z]):(\d+):(\d+)(?::(\d+))?(\]?)$/.exec(text);
  if (!steam3) return undefined;
  const [, open, type, universe, account, instance, close] = steam3;
  if (open!.length !== close!.length) throw refuse(`${text.slice(0, 100)} lacks a bracket. ${expectedForms}`);
  if (type !== 'U') throw notAPerson(text, "a person's Steam3 id begins with U");
  if (universe !== '1') throw notAPerson(text, 'it is of another Steam universe');
  if (instance !== undefined && instance !== '1')
    throw notAPerson(text, 'it is another instance of an account');
  return personFromAccount(BigInt(account!), text);
}

/** The two forms of a profile address; undefined when `text` is no address at all. */
function fromAddress(text: string): SteamIdentity | undefined {
  const address =
    /^(?:https?:\/\/)?(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::\d+)?(?:\/([^?#]*))?(?:[?#].*)?$/i.exec(
      text,
    );
  if (!address) return undefined;
  const [kind, name] = (address[2] ?? '').split('/');
  if (address[1]!.toLowerCase() !== 'steamcommunity.com' || !name || (kind !== 'profiles' && kind !== 'id'))
    throw refuse(
      `${text.slice(0, 100)} is not the address of a Steam profile. It looks like https://steamcommunity.com/id/<name> or https://steamcommunity.com/profiles/<SteamID64>.`,
    );
  if (kind === 'id') return { kind: 'vanity', vanityName: vanityName(decodeName(name)) };
  const id = decodeName(name);
  if (steamId64Pattern.test(id)) return personFromId64(id);
  const person = fromSteam2Or3(id);
  if (person) return person;
  throw refuse(`${id.slice(0, 100)} in this profile address is no SteamID64. ${expectedForms}`);
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    throw refuse('This profile address is damaged: it has a broken % code. Copy it again from the browser.');
  }
}

function vanityName(name: string): string {
  if (!vanityPattern.test(name))
    throw refuse(
      `“${name.slice(0, 100)}” cannot be a Steam name: those have 2 to 32 letters, digits, _ or -.`,
    );
  return name;
}

/**
 * Understands every way of naming a Steam profile: SteamID64, Steam2, Steam3, profile addresses, vanity names.
 * Asks nobody; a vanity name comes back as such.
 * @throws ValidationError STEAM_ID_NOT_A_PERSON or STEAM_ID_UNREADABLE, saying what is wrong with it.
 */
export function parseSteamIdentity(typed: string): SteamIdentity {
  const text = typed.trim();
  if (text === '') throw refuse(`The Steam id is empty. ${expectedForms}`);
  if (steamId64Pattern.test(text)) return personFromId64(text);
  // A group's id has 18 digits; telling what it is helps more than counting them.
  if (/^\d{18}$/.test(text) && universeOf(BigInt(text)) === publicUniverse) return personFromId64(text);
  if (/^\d{15,}$/.test(text))
    throw refuse(`${text.slice(0, 40)} has ${text.length} digits; a SteamID64 has 17.`);
  return fromSteam2Or3(text) ?? fromAddress(text) ?? { kind: 'vanity', vanityName: vanityName(text) };
}
