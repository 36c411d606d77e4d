import { findLibraryKey, parseLibraryKey, printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { rejectsKey } from '@savepoint/core/contracts/object-key.ts';
import { isSteamId, parseSteamIdentity } from '@savepoint/core/steam-id.ts';
import { expectRefusal, type InputClass, nastyText } from './input-class.ts';

const id = '76561197960287930';

export const steamIds: InputClass<string> = {
  name: 'Steam ids',
  named: [
    ['nothing', ''],
    ['blanks', ' \t\n '],
    ['a zero byte', `${id}\0`],
    ['digits of another script', '７６５６１１９７９６０２８７９３０'],
    ['18 digits', `${id}0`],
    ['a million digits', '7'.repeat(1_000_000)],
    ['a negative number', `-${id}`],
    ['an exponent', '7.6561197960287930e16'],
    ['a group', '103582791429521412'],
    ['a Steam2 id of no universe', 'STEAM_9:1:99999999999999'],
    ['a Steam3 id that overflows', '[U:1:99999999999999999999]'],
    ['an address of another site', `https://steamcommunity.com.example.org/profiles/${id}`],
    ['an address with a login', `https://steamcommunity.com@example.org/profiles/${id}`],
    ['an address that leaves its folder', 'https://steamcommunity.com/id/../../admin'],
    ['a further parameter', 'name&key=stolen'],
    ['SQL', "'; drop table imports; --"],
    ['an escape sequence', '\u001b[2Jname'],
    ['half a character', 'name\ud800'],
  ],
  generated: nastyText([
    id,
    'STEAM_0:1:',
    '[U:1:',
    ']',
    'https://steamcommunity.com/',
    'id/',
    'profiles/',
    's.team/p/',
    'gabelogannewell',
  ]),
  check(text) {
    try {
      const identity = parseSteamIdentity(text);
      if (
        identity.kind === 'steam-id'
          ? !isSteamId(identity.steamId)
          : !/^[\w-]{2,32}$/.test(identity.vanityName)
      )
        throw new Error(`${JSON.stringify(text)} was taken for ${JSON.stringify(identity)}`);
    } catch (error) {
      expectRefusal(error);
    }
  },
};

const key = (text: string) => `raw/steam-library-${text}.csv`;

export const objectKeys: InputClass<string> = {
  name: 'S3 keys',
  named: [
    ['nothing', ''],
    ['a folder', 'raw/'],
    ['a holiday', 'raw/holiday.csv'],
    ['another prefix', `secrets/steam-library-${id}-2026.csv`],
    ['a way up', key(`../../${id}-2026`)],
    ['an encoded way up', key(`%2e%2e%2f${id}-2026`)],
    ['no time', key(id)],
    ['an endless time', key(`${id}-${'1'.repeat(2000)}`)],
    ['a time with a slash', key(`${id}-2026/01/01`)],
    ['a zero byte', key(`${id}-2026\0`)],
    ['line ends', key(`${id}-2026\r\nX-Amz-Acl: public-read`)],
    ['a person who is none', key('12345678901234567-2026')],
    ['the name of a prototype', key('__proto__-2026')],
    ['a file of both kinds', `raw/enriched/steam-library-${id}-2026-enriched.csv`],
  ],
  generated: nastyText([
    'raw/',
    'enriched/',
    'steam-library-',
    `${id}-`,
    '20261123T043000123Z',
    '-enriched',
    '.csv',
    ':',
  ]),
  check(text) {
    const found = findLibraryKey(text);
    if (found) {
      if (printLibraryKey(found) !== text) throw new Error(`${text} was read as ${printLibraryKey(found)}`);
      if (!/^rejects\/[\w.:-]+$/.test(rejectsKey(found)))
        throw new Error(`its rejects are ${rejectsKey(found)}`);
      return;
    }
    try {
      parseLibraryKey(text);
    } catch (error) {
      expectRefusal(error);
      return;
    }
    throw new Error(`${text} was taken and not found`);
  },
};
