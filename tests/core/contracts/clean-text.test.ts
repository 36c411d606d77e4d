import { cleanLine, cleanText } from '@savepoint/core/contracts/clean-text.ts';

test('what PostgreSQL cannot store is taken out', () => {
  expect(cleanText('Half\u0000-Life\u0007 2', 100)).toBe('Half-Life 2');
  expect(cleanText('broken \ud83c', 100)?.isWellFormed()).toBe(true);
});

test('a text cut within a character stays well formed', () => {
  const cut = cleanText('ab🎮', 3);
  expect(cut).toHaveLength(3);
  expect(cut?.isWellFormed()).toBe(true);
});

test('nothing left is null', () => {
  expect(cleanText(' \u0000 ', 100)).toBeNull();
  expect(cleanText('', 100)).toBeNull();
});

test('a summary keeps its lines, a name is one line', () => {
  expect(cleanText('One.\nTwo.', 100)).toBe('One.\nTwo.');
  expect(cleanLine('One\r\n\tTwo', 100)).toBe('One Two');
});

test('letters of every script are left alone', () => {
  expect(cleanLine('原神™ “Ёлка” 🎮', 100)).toBe('原神™ “Ёлка” 🎮');
});
