import { ValidationError } from '../errors.ts';

/** How a CSV file's bytes become text. Nothing is guessed: what neither is UTF-8 nor says what it is, is refused. */

/** Enough of a file to see its byte order mark, or what else it is. */
const headBytes = 4;

/**
 * The text of UTF-8, or of UTF-16 that begins with its byte order mark, as it arrives; without the mark, and with `\n`
 * for every line end.
 * @throws ValidationError CSV_NOT_UTF8, CSV_COMPRESSED
 */
export async function* decodeCsv(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const unifyLineEnds = createLineEnds();
  let decode: ReturnType<typeof decoderFor> | undefined;
  let head: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    if (decode) {
      yield unifyLineEnds(decode(chunk), false);
      continue;
    }
    head = Uint8Array.from([...head, ...chunk.subarray(0, headBytes)]);
    if (head.length < headBytes) continue;
    decode = decoderFor(head);
    const missed = head.subarray(0, head.length - Math.min(chunk.length, headBytes));
    yield unifyLineEnds(decode(missed) + decode(chunk), false);
  }
  if (!decode) {
    decode = decoderFor(head);
    yield unifyLineEnds(decode(head), false);
  }
  yield unifyLineEnds(decode(), true);
}

/** All of a UTF-8 file with every character that it has, its byte order mark too. @throws ValidationError CSV_NOT_UTF8 */
export function utf8Text(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw notUtf8(cause);
  }
}

/** Turns bytes into text, bit by bit; without bytes, at the end. */
function decoderFor(head: Uint8Array): (chunk?: Uint8Array) => string {
  const [first, second, third] = head;
  refuseOtherFormats(head);
  const utf16 =
    (first === 0xff && second === 0xfe && 'utf-16le') || (first === 0xfe && second === 0xff && 'utf-16be');
  if (!utf16 && [first, second, third].includes(0))
    throw new ValidationError(
      'CSV_NOT_UTF8',
      'The file looks like UTF-16 without a byte order mark, and is not read on a guess. Save it as “CSV UTF-8” and upload it again.',
    );
  const decoder = new TextDecoder(utf16 || 'utf-8', { fatal: true });
  return (chunk) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch (cause) {
      throw utf16 ? damagedUtf16(cause) : notUtf8(cause);
    }
  };
}

function refuseOtherFormats([first, second]: Uint8Array): void {
  const format =
    (first === 0x1f && second === 0x8b && 'compressed with gzip') ||
    (first === 0x50 && second === 0x4b && 'an Excel workbook or a ZIP archive');
  if (format)
    throw new ValidationError(
      'CSV_COMPRESSED',
      `The file is ${format}, not CSV. Unpack it, or save it as “CSV UTF-8”, and upload that.`,
    );
}

const notUtf8 = (cause: unknown) =>
  new ValidationError(
    'CSV_NOT_UTF8',
    'The file is not UTF-8. It may be Windows-1252, as Excel saves plain “CSV”; since that would be a guess, it is not read. Save it as “CSV UTF-8” and upload it again.',
    { cause },
  );

const damagedUtf16 = (cause: unknown) =>
  new ValidationError(
    'CSV_NOT_UTF8',
    'The file claims to be UTF-16 but is not. Save it as “CSV UTF-8” and upload it again.',
    { cause },
  );

/** Old spreadsheets end lines with \r alone. A text may end between \r and \n: the \r waits for the next one. */
function createLineEnds(): (text: string, last: boolean) => string {
  let held = '';
  return (text, last) => {
    const whole = held + text;
    held = !last && whole.endsWith('\r') ? '\r' : '';
    return (held ? whole.slice(0, -1) : whole).replace(/\r\n?/g, '\n');
  };
}
