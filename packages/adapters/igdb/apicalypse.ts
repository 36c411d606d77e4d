/** IGDB's query language. */

/** A text between quotes. Line breaks and other control characters cannot be part of a name. */
export const quote = (text: string): string =>
  `"${text
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .toWellFormed()
    .replace(/[\\"]/g, '\\$&')}"`;

export const anyOf = (values: readonly (string | number)[]): string =>
  `(${values.map((value) => (typeof value === 'number' ? value : quote(value))).join(',')})`;

/** Whole names, whatever letters are capital. */
export const equalIgnoringCase = (name: string): string => `name ~ ${quote(name)}`;

/** The most rows IGDB gives in one answer. */
export const pageLimit = 500;

export const page = (query: { fields: string; where: string; offset: number }): string =>
  `fields ${query.fields}; where ${query.where}; sort id asc; limit ${pageLimit}; offset ${query.offset};`;

/** IGDB orders the results itself and takes no `sort`. */
export const search = (title: string, { fields, limit }: { fields: string; limit: number }): string =>
  `search ${quote(title)}; fields ${fields}; limit ${limit};`;

/** Questions in one request, each named by its index. */
export const bundle = (questions: readonly { endpoint: string; query: string }[]): string =>
  questions.map(({ endpoint, query }, index) => `query ${endpoint} "${index}" { ${query} };`).join('\n');
