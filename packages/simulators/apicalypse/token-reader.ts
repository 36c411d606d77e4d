import { QueryRefused } from './query.ts';
import { type Token, tokenise } from './tokens.ts';

/** Reads the tokens of a query in order. `take…` says whether it was there, `expect…` refuses the query if not. */
export class TokenReader {
  readonly #tokens: Token[];
  #position = 0;

  constructor(text: string) {
    this.#tokens = tokenise(text);
  }

  peek(): Token {
    return this.#tokens[this.#position] ?? { kind: 'end', text: 'the end' };
  }

  next(): Token {
    const token = this.peek();
    this.#position += 1;
    return token;
  }

  takeSymbol(text: string): boolean {
    return this.#take('symbol', text);
  }

  takeWord(text: string): boolean {
    return this.#take('word', text);
  }

  expect(kind: 'word' | 'number' | 'string'): string {
    if (this.peek().kind !== kind) {
      if (kind === 'string') {
        const cause = 'Expecting a STRING as input, surround your input with quotes';
        throw new QueryRefused('Syntax Error', cause);
      }
      this.fail(`a ${kind}`);
    }
    return this.next().text;
  }

  expectSymbol(text: string): void {
    if (!this.takeSymbol(text)) this.fail(`'${text}'`);
  }

  expectEnd(): void {
    if (this.peek().kind !== 'end') this.fail('the end');
  }

  fail(wanted: string): never {
    throw new QueryRefused('Syntax Error', `Expected ${wanted} but found '${this.peek().text}'`);
  }

  #take(kind: Token['kind'], text: string): boolean {
    const token = this.peek();
    if (token.kind !== kind || token.text !== text) return false;
    this.#position += 1;
    return true;
  }
}
