import { type Comparison, type Condition, type Literal, QueryRefused } from './apicalypse/query.ts';
import { type Entity, schemas, textFields } from './igdb-schema.ts';
import { follow, type Row, type Tables } from './igdb-tables.ts';

type Scalar = string | number | boolean;
type Predicate = (row: Row) => boolean;

const nothing: readonly Scalar[] = [];

/** @throws QueryRefused for a field that the entity lacks, or a number where IGDB wants text. */
export function compileCondition(tables: Tables, entity: Entity, condition: Condition): Predicate {
  if (condition.kind === 'comparison') return compileComparison(tables, entity, condition);
  const parts = condition.conditions.map((part) => compileCondition(tables, entity, part));
  if (condition.kind === '&') return (row) => parts.every((matches) => matches(row));
  return (row) => parts.some((matches) => matches(row));
}

function compileComparison(tables: Tables, entity: Entity, comparison: Comparison): Predicate {
  const { path, operator, value } = comparison;
  const { isDeprecated, field } = checkPath(entity, path);
  if (textFields.includes(field) && [value].flat().some((literal) => typeof literal === 'number')) {
    throw new QueryRefused('Syntax Error', 'Expecting a STRING as input, surround your input with quotes');
  }
  if (isDeprecated) return () => false;
  const valuesOf = (row: Row): readonly Scalar[] => valuesAt(tables, entity, row, path);
  if (value === null) {
    const wantsNone = operator === '=';
    return (row) => (valuesOf(row).length === 0) === wantsNone;
  }
  const matches = matcher(comparison);
  // Of a list of values any may match, so that two conditions on a list need not hold on the same element.
  if (operator.startsWith('!')) return (row) => !valuesOf(row).some(matches);
  return (row) => valuesOf(row).some(matches);
}

/** Follows the path through the schema. @throws QueryRefused for an unknown field. */
export function checkPath(entity: Entity, path: readonly string[]): { isDeprecated: boolean; field: string } {
  const [field = '', ...rest] = path;
  const { fields, references, deprecated } = schemas[entity];
  if (deprecated.includes(field)) return { isDeprecated: true, field };
  if (field !== '*' && !fields.includes(field)) {
    throw new QueryRefused('Invalid Field', `${entity} has no field '${path.join('.')}'`);
  }
  const target = references[field];
  return rest.length > 0 && target ? checkPath(target, rest) : { isDeprecated: false, field };
}

function valuesAt(tables: Tables, entity: Entity, row: Row, path: readonly string[]): readonly Scalar[] {
  const [field = '', ...rest] = path;
  const target = schemas[entity].references[field];
  if (rest.length === 0 || !target) {
    const value = row[field];
    if (value === undefined) return nothing;
    return Array.isArray(value) ? value : [value as Scalar];
  }
  return follow(tables, entity, row, field).flatMap((next) => valuesAt(tables, target, next, rest));
}

function matcher({ operator, value, openStart, openEnd }: Comparison): (actual: Scalar) => boolean {
  if (Array.isArray(value)) {
    const wanted = new Set<Literal>(value);
    return (actual) => wanted.has(actual);
  }
  if (typeof value === 'string') return textMatcher(value, operator.endsWith('~'), openStart, openEnd);
  switch (operator) {
    case '>':
      return (actual) => Number(actual) > Number(value);
    case '>=':
      return (actual) => Number(actual) >= Number(value);
    case '<':
      return (actual) => Number(actual) < Number(value);
    case '<=':
      return (actual) => Number(actual) <= Number(value);
    default:
      return (actual) => actual === value;
  }
}

/** Whole texts are compared unless an asterisk leaves an end open; `~` ignores case. */
function textMatcher(text: string, ignoresCase: boolean, openStart: boolean, openEnd: boolean) {
  const fold = (value: Scalar): string => (ignoresCase ? String(value).toLowerCase() : String(value));
  const wanted = fold(text);
  return (actual: Scalar): boolean => {
    const folded = fold(actual);
    if (openStart && openEnd) return folded.includes(wanted);
    if (openStart) return folded.endsWith(wanted);
    return openEnd ? folded.startsWith(wanted) : folded === wanted;
  };
}
