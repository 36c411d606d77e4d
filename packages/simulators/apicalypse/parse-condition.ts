import type { Comparison, Condition, Literal, Operator } from './query.ts';
import type { TokenReader } from './token-reader.ts';

const operators: readonly string[] = ['=', '!=', '~', '!~', '>', '>=', '<', '<='] satisfies Operator[];

const isOperator = (text: string): text is Operator => operators.includes(text);

/** `a = 1 & (b = null | c ~ "x"*)`; `&` binds closer than `|`. */
export function parseCondition(reader: TokenReader): Condition {
  return readChain(reader, '|', () => readChain(reader, '&', () => readOperand(reader)));
}

function readChain(reader: TokenReader, kind: '&' | '|', readOne: () => Condition): Condition {
  const conditions = [readOne()];
  while (reader.takeSymbol(kind)) conditions.push(readOne());
  return conditions.length === 1 ? conditions[0]! : { kind, conditions };
}

function readOperand(reader: TokenReader): Condition {
  if (!reader.takeSymbol('(')) return readComparison(reader);
  const condition = parseCondition(reader);
  reader.expectSymbol(')');
  return condition;
}

function readComparison(reader: TokenReader): Comparison {
  const path = reader.expect('word').split('.');
  const operator = reader.peek();
  if (operator.kind !== 'symbol' || !isOperator(operator.text)) return reader.fail('an operator');
  reader.next();
  const isEquality = operator.text === '=' || operator.text === '!=';
  if (isEquality && reader.takeSymbol('(')) {
    const value = readList(reader);
    return { kind: 'comparison', path, operator: operator.text, value, openStart: false, openEnd: false };
  }
  const openStart = reader.takeSymbol('*');
  const value = openStart ? reader.expect('string') : readLiteral(reader);
  const openEnd = typeof value === 'string' && reader.takeSymbol('*');
  return { kind: 'comparison', path, operator: operator.text, value, openStart, openEnd };
}

function readList(reader: TokenReader): Literal[] {
  const values: Literal[] = [];
  do values.push(readLiteral(reader));
  while (reader.takeSymbol(','));
  reader.expectSymbol(')');
  return values;
}

const words = new Map<string, Literal>([
  ['null', null],
  ['true', true],
  ['false', false],
]);

function readLiteral(reader: TokenReader): Literal {
  const token = reader.peek();
  const word = token.kind === 'word' ? words.get(token.text) : undefined;
  if (word === undefined && token.kind !== 'number' && token.kind !== 'string') return reader.fail('a value');
  reader.next();
  if (word !== undefined) return word;
  return token.kind === 'number' ? Number(token.text) : token.text;
}
