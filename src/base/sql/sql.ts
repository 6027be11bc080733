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

/** Parts and pieces of pieces. They are laid side by side when somebody looks, since most only go into greater ones. */
class Piece implements Sql {
  readonly kind = 'sql'
  readonly #pieces: readonly (SqlPart | Piece)[]
  #parts: readonly SqlPart[] | undefined

  constructor(pieces: readonly (SqlPart | Piece)[]) {
    this.#pieces = pieces
  }

  get parts(): readonly SqlPart[] {
    if (this.#parts === undefined) {
      const parts: SqlPart[] = []
      this.#addTo(parts)
      this.#parts = Object.freeze(parts)
    }
    return this.#parts
  }

  #addTo(parts: SqlPart[]): void {
    for (const piece of this.#parts ?? this.#pieces) {
      if (Piece.is(piece)) piece.#addTo(parts)
      else parts.push(piece)
    }
  }

  static is(thing: unknown): thing is Piece {
    return typeof thing === 'object' && thing !== null && #pieces in thing
  }
}

/** What may stand in `${…}` of the `sql` tag. */
export type SqlInput = Sql | SqlValue

/** A statement from its parts, as another process of our own sent them. Parts from anywhere else may hold an injection. */
export function sqlOf(parts: readonly SqlPart[]): Sql {
  return new Piece([...parts])
}

/** Whether `thing` was made by this room, and so may be spliced. */
export function isSql(thing: unknown): thing is Sql {
  return Piece.is(thing)
}

/**
 * Builds SQL: what stands in `${…}` is spliced when it is a piece of SQL (`sql`, `id`, `list`, `join`, `trusted`) and
 * bound as a value otherwise, so that no value can become code.
 * @throws MillraceError SQL_VALUE_UNSUPPORTED for `undefined`, functions, and objects other than `Date` and bytes
 */
export function sql(strings: TemplateStringsArray, ...inserted: readonly SqlInput[]): Sql {
  const pieces: (SqlPart | Piece)[] = []
  strings.forEach((text, index) => {
    if (text !== '') pieces.push({ text })
    if (index >= inserted.length) return
    const piece = inserted[index]
    if (Piece.is(piece)) pieces.push(piece)
    else pieces.push({ value: sqlValue(piece) })
  })
  return new Piece(pieces)
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
  return sql`(${join(pieces)})`
}

/** Pieces one after the other with `separator` (trusted text, or a piece) between them. */
export function join(pieces: Iterable<Sql>, separator: string | Sql = ', '): Sql {
  const between = typeof separator === 'string' ? { text: separator } : separator
  const all: (SqlPart | Piece)[] = []
  for (const piece of pieces) {
    if (!Piece.is(piece)) throw new MillraceError('INTERNAL', 'joining something that is not SQL')
    if (all.length > 0) all.push(between as SqlPart | Piece)
    all.push(piece)
  }
  return new Piece(all)
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
