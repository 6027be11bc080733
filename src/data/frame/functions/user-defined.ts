import { type DataType, MillraceError, parseType, sqlTypeName } from '../../../base/kernel/index.ts'
import { id, join, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { Engine, ScalarFunction } from '../../engine/index.ts'
import { Column, named } from '../column.ts'
import type { ColumnOrName } from '../column-types.ts'
import type { Plan } from '../plan.ts'
import type { FunctionDefinition } from './define.ts'

/** How a user's function is known. */
export interface UdfOptions {
  /** Its name in plans and results; the function's own when left out. */
  readonly name?: string
  /** False for one that gives different values for the same arguments. */
  readonly deterministic?: boolean
}

/** A column for each argument of a function. */
type ColumnsFor<A extends unknown[]> = { [K in keyof A]: ColumnOrName }

interface UserDefined {
  readonly name: string
  readonly definition: FunctionDefinition
  readonly scalar: ScalarFunction
}

// Plans are plain data, so a function stands in them by its name and is looked up here, in the process that made it.
const DEFINED = new Map<string, UserDefined>()

/** The user's function of that name in plans. */
export function userDefined(name: string): UserDefined | undefined {
  return DEFINED.get(name)
}

/**
 * A function of TypeScript over columns, called once for each row (PySpark's `udf`): `udf((x: number) => x + 1, 'int')`.
 * Arguments and result are as `collect` gives them: longs `bigint`, decimals, dates and timestamps text; nulls come as null. Runs
 * in the process that wrote it, on DuckDB only.
 * @throws MillraceError TYPE_INVALID
 */
export function udf<A extends unknown[], T>(
  fn: (...args: A) => T,
  returns: string | DataType,
  options: UdfOptions = {},
): (...columns: ColumnsFor<A>) => Column<T, string> {
  return scalarOf(fn.name, returns, options, (columns, rows) => {
    const values: unknown[] = []
    for (let row = 0; row < rows; row += 1) values.push(fn(...(columns.map((column) => column[row]) as A)))
    return values
  }) as never
}

/**
 * Like `udf`, with whole columns of up to 2,048 rows at a time (PySpark's `pandas_udf`): the function takes an array
 * for each column and gives an array as long.
 */
export function vectorUdf<A extends unknown[], T>(
  fn: (...columns: A) => readonly T[],
  returns: string | DataType,
  options: UdfOptions = {},
): (...columns: ColumnsFor<A>) => Column<T, string> {
  return scalarOf(fn.name, returns, options, (columns, rows) => {
    const values = fn(...(columns as unknown as A))
    if (values.length === rows) return values
    throw new Error(`gave ${values.length} values for ${rows} rows`)
  }) as never
}

/**
 * An aggregate in TypeScript over the values of a group, nulls included: `udaf((xs: number[]) => median(xs), 'double')`.
 * Each group's values are held in memory; several columns come as several arrays of the same length.
 */
export function udaf<A extends unknown[], T>(
  fn: (...columns: A) => T,
  returns: string | DataType,
  options: UdfOptions = {},
): (...columns: ColumnsFor<A>) => Column<T, string> {
  const run: ScalarFunction['run'] = ([groups = []]) =>
    groups.map((group) => {
      const rows = (group ?? []) as readonly Readonly<Record<string, unknown>>[]
      const width = Math.max(fn.length, 1)
      const columns = Array.from({ length: width }, (_, i) => rows.map((row) => row[`c${i}`]))
      return fn(...(columns as unknown as A))
    })
  const { name, type, call } = defined(fn.name, returns, options)
  const definition: FunctionDefinition = {
    name,
    kind: 'aggregate',
    duckdb: (args) => sql`list({${join(args.map((arg, i) => sql`${id(`c${i}`)}: ${arg}`))}})`,
    postgres: REFUSED,
    result: { of: () => type },
    finish: (rows) => call([rows]),
  }
  return builder(name, definition, run, type, options) as never
}

const REFUSED = { refused: 'Functions of TypeScript run on DuckDB only; write it with functions of millrace/frame.' }

function scalarOf(given: string, returns: string | DataType, options: UdfOptions, run: ScalarFunction['run']) {
  const { name, type, call } = defined(given, returns, options)
  const definition: FunctionDefinition = {
    name,
    kind: 'scalar',
    duckdb: (args) => call(args),
    postgres: REFUSED,
    result: { of: () => type },
  }
  return builder(name, definition, run, type, options)
}

/** A name that no other function has, the type, and how SQL calls the function. */
function defined(given: string, returns: string | DataType, options: UdfOptions) {
  const wanted = options.name ?? (given === '' ? '<lambda>' : given)
  const name = `${wanted}#${DEFINED.size + 1}`
  const type = typeof returns === 'string' ? parseType(returns) : returns
  const call = (args: readonly Sql[]) => converted(sql`${id(sqlName(name))}(${join([...args])})`, type)
  return { name, type, call }
}

const sqlName = (name: string): string => `udf_${name.replaceAll(/\W+/g, '_')}`

function builder(
  name: string,
  definition: FunctionDefinition,
  run: ScalarFunction['run'],
  type: DataType,
  { deterministic = true }: UdfOptions,
) {
  const shown = name.replace(/#\d+$/, '')
  const scalar: ScalarFunction = {
    name: sqlName(name),
    returns: carried(type),
    volatile: !deterministic,
    run: (columns, rows) => {
      try {
        return Array.from(run(columns, rows), (value) => packed(value, type))
      } catch (thrown) {
        throw new Error(`[UDF] ${shown}: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
      }
    },
  }
  DEFINED.set(name, { name: shown, definition, scalar })
  return (...columns: readonly ColumnOrName[]): Column =>
    new Column({ kind: 'call', fn: name, args: columns.map(named) })
}

/** The type in which a value goes to the engine; what is not among these goes as text, or as JSON. */
function carried(type: DataType): DataType {
  switch (type.kind) {
    case 'boolean':
    case 'long':
    case 'double':
    case 'string':
      return type
    case 'byte':
    case 'short':
    case 'integer':
      return { kind: 'integer' }
    case 'float':
      return { kind: 'double' }
    default:
      return { kind: 'string' }
  }
}

/** A value as it goes to the engine. @throws Error for one that is not of the type */
function packed(value: unknown, type: DataType): unknown {
  if (value === null || value === undefined) return null
  const wrong = () =>
    new Error(`gave ${typeof value === 'string' ? JSON.stringify(value) : String(value)}, which is no ${type.kind}`)
  switch (type.kind) {
    case 'boolean':
      if (typeof value !== 'boolean') throw wrong()
      return value
    case 'byte':
    case 'short':
    case 'integer':
      if (!Number.isInteger(Number(value)) || Math.abs(Number(value)) > 2 ** 31) throw wrong()
      return Number(value)
    case 'long':
      if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) throw wrong()
      return BigInt(value as number)
    case 'float':
    case 'double':
      if (typeof value !== 'number' && typeof value !== 'bigint') throw wrong()
      return Number(value)
    case 'string':
      if (typeof value !== 'string') throw wrong()
      return value
    case 'binary':
      if (!(value instanceof Uint8Array)) throw wrong()
      return Buffer.from(value).toString('base64')
    case 'array':
    case 'map':
    case 'struct':
      return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? String(item) : item))
    default:
      return value instanceof Date ? value.toISOString().replace('Z', '') : String(value)
  }
}

/** What the engine makes of a value that came as `carried`. */
function converted(value: Sql, type: DataType): Sql {
  const to = trusted(sqlTypeName(type, 'duckdb'))
  switch (type.kind) {
    case 'boolean':
    case 'integer':
    case 'long':
    case 'double':
    case 'string':
      return value
    case 'binary':
      return sql`from_base64(${value})`
    case 'array':
    case 'map':
    case 'struct':
      return sql`cast(cast(${value} as json) as ${to})`
    default:
      return sql`cast(${value} as ${to})`
  }
}

/** The user's functions that a plan calls. */
export function userDefinedIn(plan: Plan): readonly UserDefined[] {
  if (DEFINED.size === 0) return []
  const found = new Set<UserDefined>()
  JSON.stringify(plan, (key, value: unknown) => {
    const own = key === 'fn' && typeof value === 'string' ? DEFINED.get(value) : undefined
    if (own) found.add(own)
    return value
  })
  return [...found]
}

/** Makes them callable in the engine. @throws MillraceError ENGINE_UNSUPPORTED */
export async function registerUserDefined(plan: Plan, engine: Engine): Promise<void> {
  for (const { name, scalar } of userDefinedIn(plan)) {
    if (engine.register === undefined) {
      throw new MillraceError('ENGINE_UNSUPPORTED', `calling ${name}(), a function of the program, in ${engine.name}`, {
        hint: 'Such functions run in the process that has the DuckDB database open; elsewhere use functions of millrace/frame.',
      })
    }
    await engine.register(scalar)
  }
}

/** What a user's function threw, as FRAME_UDF_FAILED; others unchanged. */
export function userDefinedError(thrown: unknown): unknown {
  const [, what] = (thrown instanceof MillraceError && /\[UDF\] ([^\n]*)/.exec(thrown.message)) || []
  if (what === undefined) return thrown
  return new MillraceError('FRAME_UDF_FAILED', `calling ${what}`, {
    cause: thrown,
    hint: 'The function is called for every row, also with null: return null for what has no value.',
  })
}
