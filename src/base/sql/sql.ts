import { type DataType, MillraceError } from '../kernel/index.ts'

/** A value that SQL can carry as a parameter. */
export type SqlValue = null | boolean | number | bigint | string | Uint8Array | Date

/** A piece of a statement: text of ours, a quoted path of identifiers, or a bound value. */
export type SqlPart =
  | { readonly text: string }
  | { readonly id: readonly string[] }
  | { readonly value: SqlValue; readonly type?: DataType }

/** SQL that is built, not glued: an immutable list of parts, rendered for a dialect at the last moment. */
export interface Sql {
  readonly kind: 'sql'
  readonly parts: readonly SqlPart[]
}

/** What may stand in `${}` of the `sql` tag: other SQL is spliced in, anything else becomes a bound value. */
export type SqlInput = Sql | SqlValue

/** Builds SQL: sql`select ${id('name')} from ${id('shop', 'orders')} where total > ${10}`. */
export function sql(strings: TemplateStringsArray, ...inputs: readonly SqlInput[]): Sql {
  const parts: SqlPart[] = []
  strings.forEach((text, index) => {
    if (text !== '') parts.push({ text })
    if (index >= inputs.length) return
    const input = inputs[index]
    if (isSql(input)) parts.push(...input.parts)
    else parts.push({ value: valueOf(input) })
  })
  return { kind: 'sql', parts }
}

/** Whether a value is SQL built by this room. */
export function isSql(value: unknown): value is Sql {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'sql' && 'parts' in value
}

function valueOf(input: unknown): SqlValue {
  if (input === null || typeof input === 'boolean' || typeof input === 'bigint' || typeof input === 'string')
    return input
  if (typeof input === 'number' || input instanceof Uint8Array || input instanceof Date) return input
  throw new MillraceError('SQL_VALUE_UNSUPPORTED', `a value of type ${typeof input} has no SQL form`, {
    hint: 'Pass null, a boolean, number, bigint, string, Date or Uint8Array, or SQL made by sql, id or list.',
  })
}

/** An identifier, or a path of them: id('raw', 'orders') is "raw"."orders". */
export function id(...path: readonly string[]): Sql {
  return { kind: 'sql', parts: [{ id: path }] }
}

/** A bound value with a type that the engine should see, where it cannot tell by itself. */
export function literal(value: SqlValue, type?: DataType): Sql {
  return { kind: 'sql', parts: [type === undefined ? { value } : { value, type }] }
}

/** A parenthesised list of bound values; an empty list becomes (null), which nothing is in. */
export function list(values: readonly SqlValue[]): Sql {
  if (values.length === 0) return trusted('(null)')
  return sql`(${join(values.map((value) => literal(value)))})`
}

/** Pieces of SQL with a separator between them. */
export function join(pieces: readonly Sql[], separator = ', '): Sql {
  const parts = pieces.flatMap((piece, index) => (index === 0 ? piece.parts : [{ text: separator }, ...piece.parts]))
  return { kind: 'sql', parts }
}

/** Text taken as SQL: only for what our own code made, or a file that is the user's own SQL. */
export function trusted(text: string): Sql {
  return { kind: 'sql', parts: [{ text }] }
}
