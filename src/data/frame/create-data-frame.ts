import { type DataType, MillraceError, type Schema } from '../../base/kernel/index.ts'
import { Frame } from './frame.ts'
import { givenValue } from './given-value.ts'
import { typedLiteral, widest } from './literal.ts'
import { callPlace } from './place.ts'
import type { Plan } from './plan.ts'
import type { AnyRow } from './row-types.ts'
import { schemaOf } from './schema-text.ts'

/**
 * A frame of rows given in the program, as objects or, with a schema, as arrays. Without a schema, types are those of
 * the values (whole numbers are `integer`, `bigint` is `long`, `Date` is `timestamp`) and a column with nothing but
 * null is text; a schema may be text, such as `'id bigint, day date'`, or names only: `['id', 'day']`.
 * @throws MillraceError COLUMN_TYPE, COLUMN_UNKNOWN, TYPE_INVALID
 */
export function createDataFrame<const R extends Readonly<Record<string, unknown>>>(
  rows: readonly R[],
  schema?: undefined,
): Frame<Widened<R>>
export function createDataFrame(
  rows: readonly (Readonly<Record<string, unknown>> | readonly unknown[])[],
  schema: Schema | string | readonly string[],
): Frame
export function createDataFrame(
  rows: readonly (Readonly<Record<string, unknown>> | readonly unknown[])[],
  schema?: Schema | string | readonly string[],
): Frame {
  if (Array.isArray(schema)) return createDataFrame(rows.map((row, at) => withNames(row, schema, at + 1)))
  const columns = schema === undefined ? inferred(rows) : schemaOf(schema as Schema | string)
  const names = columns.fields.map((field) => field.name)
  const values = rows.map((row, at) =>
    columns.fields.map((field, i) =>
      givenValue(
        Array.isArray(row) ? row[i] : (row as AnyRow)[field.name],
        field.type,
        `row ${at + 1}, column "${field.name}"`,
      ),
    ),
  )
  for (const [at, row] of rows.entries()) {
    const extra = Array.isArray(row) ? undefined : Object.keys(row).find((name) => !names.includes(name))
    if (extra === undefined && (!Array.isArray(row) || row.length === names.length)) continue
    throw new MillraceError(
      'COLUMN_UNKNOWN',
      extra === undefined
        ? `row ${at + 1} has not as many values as the schema`
        : `the schema has no column "${extra}"`,
      {
        hint: `Its columns are ${names.join(', ')}.`,
      },
    )
  }
  const place = callPlace()
  const plan: Plan = { op: 'rows', schema: columns, rows: values }
  return new Frame(place ? { ...plan, at: place } : plan)
}

/** No rows, of a schema. @throws MillraceError TYPE_INVALID */
export function emptyDataFrame(schema: Schema | string): Frame {
  return createDataFrame([], schema)
}

/** A row given as values, or as an object, by the names of the columns. */
function withNames(
  row: Readonly<Record<string, unknown>> | readonly unknown[],
  names: readonly string[],
  place: number,
) {
  const values = Array.isArray(row) ? row : Object.values(row)
  if (values.length === names.length) return Object.fromEntries(names.map((name, i) => [name, values[i]]))
  throw new MillraceError('COLUMN_UNKNOWN', `row ${place} has ${values.length} values for ${names.length} names`, {
    hint: `The columns are ${names.join(', ')}.`,
  })
}

/** Literal types as the types they are values of. */
type Widened<R> = { -readonly [K in keyof R]: Wide<R[K]> }
type Wide<T> = T extends number
  ? number
  : T extends string
    ? string
    : T extends boolean
      ? boolean
      : T extends bigint
        ? bigint
        : T extends Date
          ? string
          : T

function inferred(rows: readonly unknown[]): Schema {
  const types = new Map<string, DataType>()
  for (const [at, row] of rows.entries()) {
    if (Array.isArray(row))
      throw new MillraceError('COLUMN_TYPE', 'rows given as arrays need a schema', {
        hint: 'createDataFrame(rows, "id int, name string").',
      })
    for (const [name, value] of Object.entries(row as AnyRow)) {
      types.set(name, inferredWith(types.get(name), value, `row ${at + 1}, column "${name}"`))
    }
  }
  if (types.size === 0)
    throw new MillraceError('COLUMN_TYPE', 'a frame of no rows needs a schema', {
      hint: 'createDataFrame([], "id int, name string").',
    })
  return {
    fields: [...types].map(([name, type]) => ({
      name,
      type: type.kind === 'null' ? { kind: 'string' } : type,
      nullable: true,
    })),
  }
}

/** The type of the values so far and one more. @throws MillraceError COLUMN_TYPE with the place of the value */
function inferredWith(known: DataType | undefined, value: unknown, path: string): DataType {
  try {
    if (value instanceof Map) {
      const items = [...value.values()].map((item) => typedLiteral(item ?? null).type)
      const type: DataType = {
        kind: 'map',
        key: { kind: 'string' },
        value: items.reduce(widest, { kind: 'null' }),
        valueContainsNull: true,
      }
      return known?.kind === 'map'
        ? { ...type, value: widest(known.value, type.value) }
        : widest(known ?? { kind: 'null' }, type)
    }
    return widest(known ?? { kind: 'null' }, typedLiteral(value ?? null).type)
  } catch (thrown) {
    if (!(thrown instanceof MillraceError)) throw thrown
    throw new MillraceError(thrown.code, `${path}: ${thrown.message}`, {
      cause: thrown,
      ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
    })
  }
}

/** Whole numbers from `start` (0 when left out) up to but without `end`, in a column `id`. */
export function range(end: number): Frame<{ id: bigint }>
export function range(start: number, end: number, step?: number): Frame<{ id: bigint }>
export function range(first: number, second?: number, step = 1): Frame<{ id: bigint }> {
  const [start, end] = second === undefined ? [0, first] : [first, second]
  for (const number of [start, end, step]) {
    if (!Number.isSafeInteger(number))
      throw new MillraceError('OPTION_INVALID', `range() takes whole numbers, not ${number}`)
  }
  return new Frame({ op: 'range', start, end, step })
}
