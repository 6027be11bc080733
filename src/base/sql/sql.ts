import { type DataType, MillraceError } from '../kernel/index.ts'

/** A JavaScript value that can be bound to a statement. A `Date` is an instant; whole numbers are integers. */
export type SqlValue = null | boolean | number | bigint | string | Uint8Array | Date

/**
 * A piece of a statement: text that stays as it is, a name to be quoted, or a value. A value with a `type` is cast
 * to it; an `inline` one is written into the text instead of being bound (where a statement takes no parameters).
 */
export type SqlPart =
  | { readonly text: string }
  | { readonly id: readonly string[] }
  | { readonly value: SqlValue; readonly type?: DataType; readonly inline?: true }

/**
 * A piece of SQL as an immutable tree, without a dialect until it is rendered. Only what this room's functions made
 * counts: an object of the same shape that came from outside (a request, a file) is refused, never spliced.
 */
export interface Sql {
  readonly kind: 'sql'
  readonly parts: readonly SqlPart[]
}

const made = new WeakSet<object>()

/** What may stand in `${…}` of the `sql` tag. */
export type SqlInput = Sql | SqlValue

/** A statement from its parts, as another process of our own sent them. Parts from anywhere else may hold an injection. */
export function sqlOf(parts: readonly SqlPart[]): Sql {
  const query: Sql = Object.freeze({ kind: 'sql', parts: Object.freeze([...parts]) })
  made.add(query)
  return query
}

/** Whether `thing` was made by this room, and so may be spliced. */
export function isSql(thing: unknown): thing is Sql {
  return typeof thing === 'object' && thing !== null && made.has(thing)
}

/**
 * Builds SQL: what stands in `${…}` is spliced when it is a piece of SQL (`sql`, `id`, `list`, `join`, `trusted`) and
 * bound as a value otherwise, so that no value can become code.
 * @throws MillraceError SQL_VALUE_UNSUPPORTED for `undefined`, functions, and objects other than `Date` and bytes
 */
export function sql(strings: TemplateStringsArray, ...inserted: readonly SqlInput[]): Sql {
  const parts: SqlPart[] = []
  strings.forEach((text, index) => {
    if (text !== '') parts.push({ text })
    if (index >= inserted.length) return
    const piece = inserted[index]
    if (isSql(piece)) append(parts, piece.parts)
    else parts.push({ value: sqlValue(piece) })
  })
  return sqlOf(parts)
}

/** A quoted name: `id('raw', 'orders')` is `"raw"."orders"`. */
export function id(...path: readonly string[]): Sql {
  if (path.length === 0 || path.some((name) => typeof name !== 'string' || name === '' || name.includes('\0'))) {
    throw new MillraceError('SQL_IDENTIFIER_INVALID', `quoting the name ${JSON.stringify(path)}`, {
      hint: 'A name is text of at least one character, without the character U+0000.',
    })
  }
  return sqlOf([{ id: [...path] }])
}

/** A bound value, cast to `type` when one is given: exact decimals, dates and intervals are passed as text this way. */
export function value(of: SqlValue, type?: DataType): Sql {
  return sqlOf([{ value: sqlValue(of), ...(type === undefined ? {} : { type }) }])
}

/** A value that is written into the text, for statements that take no parameters (options of COPY, PRAGMA, DDL). */
export function literal(of: SqlValue, type?: DataType): Sql {
  return sqlOf([{ value: sqlValue(of), inline: true, ...(type === undefined ? {} : { type }) }])
}

/** `(a, b, c)` of values or pieces. An empty list is one that nothing is in: `in` is false of it, `not in` true. */
export function list(items: Iterable<SqlInput>): Sql {
  const pieces = [...items].map((item) => (isSql(item) ? item : sqlOf([{ value: sqlValue(item) }])))
  if (pieces.length === 0) return sqlOf([{ text: '(select null where false)' }])
  return sqlOf([{ text: '(' }, ...join(pieces).parts, { text: ')' }])
}

/** Pieces one after the other with `separator` (trusted text, or a piece) between them. */
export function join(pieces: Iterable<Sql>, separator: string | Sql = ', '): Sql {
  const between: readonly SqlPart[] = typeof separator === 'string' ? [{ text: separator }] : separator.parts
  const parts: SqlPart[] = []
  let first = true
  for (const piece of pieces) {
    if (!isSql(piece)) throw new MillraceError('INTERNAL', 'joining something that is not SQL')
    if (!first) append(parts, between)
    append(parts, piece.parts)
    first = false
  }
  return sqlOf(parts)
}

/** One by one: a call takes no more arguments than the stack has room for. */
function append(parts: SqlPart[], more: readonly SqlPart[]): void {
  for (const part of more) parts.push(part)
}

/** Text that is SQL already: written in our own code, or the user's own SQL file. Never text that holds a value. */
export function trusted(text: string): Sql {
  return sqlOf([{ text }])
}

/** No SQL at all, for a clause that is left out. */
export const empty: Sql = sqlOf([])

function sqlValue(thing: unknown): SqlValue {
  if (thing === null) return null
  switch (typeof thing) {
    case 'boolean':
    case 'number':
    case 'bigint':
    case 'string':
      return thing
    case 'object':
      if (thing instanceof Uint8Array) return thing
      if (thing instanceof Date && !Number.isNaN(thing.getTime())) return thing
  }
  const what = thing instanceof Date ? 'an invalid date' : Array.isArray(thing) ? 'an array' : `of type ${typeof thing}`
  throw new MillraceError('SQL_VALUE_UNSUPPORTED', `binding a value that is ${what}`, {
    hint: 'Bind null, a boolean, number, bigint, string, Uint8Array or Date; use list(…) for several values.',
  })
}
