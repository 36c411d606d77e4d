import fc from 'fast-check';
import { isSteamId, parseSteamIdentity } from '@savepoint/core/steam-id.ts';
import { failureOf } from '../support/failure.ts';

const base = 76561197960265728n;
const gabe = { kind: 'steam-id', steamId: '76561197960287930' };
const vanity = (vanityName: string) => ({ kind: 'vanity', vanityName });

test.each([
  '76561197960287930',
  '  76561197960287930\n',
  'STEAM_0:0:11101',
  'STEAM_1:0:11101',
  'steam_0:0:11101',
  '[U:1:22202]',
  'U:1:22202',
  '[U:1:22202:1]',
  'https://steamcommunity.com/profiles/76561197960287930',
  'https://steamcommunity.com/profiles/76561197960287930/',
  'http://www.steamcommunity.com/profiles/76561197960287930/games/?tab=all',
  'steamcommunity.com/profiles/76561197960287930?l=english#top',
  'HTTPS://SteamCommunity.com/profiles/76561197960287930',
  'https://steamcommunity.com/profiles/[U:1:22202]',
  'https://steamcommunity.com/profiles/%5BU:1:22202%5D',
])('%j names the person of account 22202', (typed) => {
  expect(parseSteamIdentity(typed)).toEqual(gabe);
});

test.each([
  ['gabelogannewell', 'gabelogannewell'],
  ['https://steamcommunity.com/id/gabelogannewell', 'gabelogannewell'],
  ['steamcommunity.com/id/gabelogannewell/?xml=1', 'gabelogannewell'],
  ['www.steamcommunity.com/id/Some_Name-2/inventory', 'Some_Name-2'],
  ['12345', '12345'],
  ['a'.repeat(32), 'a'.repeat(32)],
])('%j is a name that Steam must resolve', (typed, name) => {
  expect(parseSteamIdentity(typed)).toEqual(vanity(name));
});

const anId = (rest: string) => expect.stringContaining(rest);

test.each([
  ['', 'STEAM_ID_UNREADABLE', anId('is empty')],
  ['   ', 'STEAM_ID_UNREADABLE', anId('is empty')],
  ['7656119796028793', 'STEAM_ID_UNREADABLE', anId('has 16 digits; a SteamID64 has 17')],
  ['765611979602879300', 'STEAM_ID_UNREADABLE', anId('has 18 digits; a SteamID64 has 17')],
  ['x', 'STEAM_ID_UNREADABLE', anId('cannot be a Steam name')],
  ['a'.repeat(33), 'STEAM_ID_UNREADABLE', anId('cannot be a Steam name')],
  ['a&key=stolen', 'STEAM_ID_UNREADABLE', anId('cannot be a Steam name')],
  ['имя', 'STEAM_ID_UNREADABLE', anId('cannot be a Steam name')],
  ['[U:1:22202', 'STEAM_ID_UNREADABLE', anId('lacks a bracket')],
  ['https://example.com/id/gabe', 'STEAM_ID_UNREADABLE', anId('is not the address of a Steam profile')],
  ['https://steamcommunity.com.evil.com/id/gabe', 'STEAM_ID_UNREADABLE', anId('is not the address')],
  ['https://steamcommunity.com/groups/valve', 'STEAM_ID_UNREADABLE', anId('is not the address')],
  ['https://steamcommunity.com/', 'STEAM_ID_UNREADABLE', anId('is not the address')],
  ['https://steamcommunity.com/profiles/gabe', 'STEAM_ID_UNREADABLE', anId('is no SteamID64')],
  ['https://steamcommunity.com/id/%E0%A4', 'STEAM_ID_UNREADABLE', anId('broken % code')],
  ['https://steamcommunity.com/id/a%26b', 'STEAM_ID_UNREADABLE', anId('cannot be a Steam name')],
  ['103582791429521412', 'STEAM_ID_NOT_A_PERSON', anId('the id of a group')],
  ['00000000000000001', 'STEAM_ID_NOT_A_PERSON', anId('outside the public Steam universe')],
  ['76561197960265728', 'STEAM_ID_NOT_A_PERSON', anId('no account')],
  ['76561202255233024', 'STEAM_ID_NOT_A_PERSON', anId('another instance')],
  ['85568392920039425', 'STEAM_ID_NOT_A_PERSON', anId('the id of a game server')],
  ['STEAM_0:0:0', 'STEAM_ID_NOT_A_PERSON', anId('account number is out of range')],
  ['STEAM_0:1:99999999999999999999', 'STEAM_ID_NOT_A_PERSON', anId('account number is out of range')],
  ['STEAM_2:0:11101', 'STEAM_ID_NOT_A_PERSON', anId('another Steam universe')],
  ['STEAM_0:2:11101', 'STEAM_ID_NOT_A_PERSON', anId('second number must be 0 or 1')],
  ['[U:1:0]', 'STEAM_ID_NOT_A_PERSON', anId('account number is out of range')],
  ['[U:1:4294967296]', 'STEAM_ID_NOT_A_PERSON', anId('account number is out of range')],
  ['[U:2:22202]', 'STEAM_ID_NOT_A_PERSON', anId('another Steam universe')],
  ['[U:1:22202:2]', 'STEAM_ID_NOT_A_PERSON', anId('another instance')],
  ['[g:1:4]', 'STEAM_ID_NOT_A_PERSON', anId("a person's Steam3 id begins with U")],
])('%j is refused: %s', async (typed, code, message) => {
  expect(await failureOf(() => parseSteamIdentity(typed))).toMatchObject({ code, message, retryable: false });
});

test('a group, in 17 digits or 18, is never taken for a person', () => {
  const group = (1n << 56n) | (7n << 52n) | 4n;
  expect(() => parseSteamIdentity(String(group))).toThrow();
  expect(isSteamId(String(group))).toBe(false);
});

test('a refusal never repeats more than a line of what was typed', async () => {
  for (const typed of [
    '9'.repeat(5000),
    `[U:1:${'9'.repeat(5000)}]`,
    `https://x.y/${'z'.repeat(5000)}`,
    '🎮'.repeat(900),
  ])
    expect((await failureOf(() => parseSteamIdentity(typed))).message.length).toBeLessThan(400);
});

test('account, SteamID64, Steam2 and Steam3 are one person for every account number', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 0xffffffffn }), (account) => {
      const person = { kind: 'steam-id', steamId: String(base + account) };
      expect(isSteamId(person.steamId)).toBe(true);
      for (const typed of [
        person.steamId,
        `STEAM_0:${account % 2n}:${account / 2n}`,
        `STEAM_1:${account % 2n}:${account / 2n}`,
        `[U:1:${account}]`,
        `https://steamcommunity.com/profiles/${person.steamId}/`,
      ])
        expect(parseSteamIdentity(typed)).toEqual(person);
    }),
  );
});

test('only the ids of persons among all of 17 digits are SteamIDs', () => {
  expect(isSteamId('76561197960265729')).toBe(true);
  expect(isSteamId('76561202255233023')).toBe(true);
  expect(isSteamId('76561202255233024')).toBe(false);
  expect(isSteamId('٧٦٥٦١١٩٧٩٦٠٢٨٧٩٣٠')).toBe(false);
  expect(isSteamId('76561197960287930\n')).toBe(false);
});
