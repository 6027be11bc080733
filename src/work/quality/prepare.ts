import type { z } from 'zod'
import {
  asMillraceError,
  type DataType,
  type Json,
  MillraceError,
  nearest,
  type Schema,
  unknownName,
} from '../../base/kernel/index.ts'
import { type Dialect, id, type Sql, sql } from '../../base/sql/index.ts'
import type { Check, Column, Expectation, PastQuery, Subject } from './expectation.ts'
import { type Past, valuesOf } from './history/past.ts'
import { COMMON_KWARGS } from './kwargs.ts'
import { evaluated, NoValue } from './parameter-expression.ts'
import { EXPECTATIONS } from './registry.generated.ts'
import { rowCondition } from './row-condition.ts'
import type { ExpectationConfig } from './suite.ts'

/** An expectation of a suite, ready to be computed, or the reason why it cannot be. */
export type Prepared =
  | { readonly config: ExpectationConfig; readonly check: Check; readonly condition?: Sql }
  | { readonly config: ExpectationConfig; readonly error: MillraceError }

const byType = new Map(EXPECTATIONS.map((expectation) => [expectation.type, expectation]))

/** Every kind of expectation there is, for references and suggestions. */
export function expectationTypes(): readonly Expectation[] {
  return EXPECTATIONS
}

/** What an expectation may need beyond the schema of its rows. */
export interface Surroundings {
  /** Expectations beside those there are. */
  readonly own?: readonly Expectation[] | undefined
  readonly past?: Past | undefined
  /** What parameters call now. */
  readonly now?: Date | undefined
}

function withCondition(query: PastQuery, { kwargs: { row_condition } }: ExpectationConfig): PastQuery {
  return row_condition === undefined ? query : { ...query, condition: row_condition }
}

/** Decides what to compute for one expectation. Never throws: a defect becomes the result of this expectation. */
export function prepare(
  config: ExpectationConfig,
  schema: Schema,
  parameters: Readonly<Record<string, Json>>,
  dialect: Dialect,
  { own = [], past, now = new Date() }: Surroundings = {},
): Prepared {
  try {
    if (config.defect) throw config.defect
    const expectation = byType.get(config.type) ?? own.find(({ type }) => type === config.type)
    if (!expectation) {
      const names = [...byType.keys(), ...own.map(({ type }) => type)]
      throw unknownName('EXPECTATION_UNKNOWN', 'expectation', config.type, names)
    }
    const kwargs = resolved(config.kwargs, parameters, now) as Record<string, Json>
    const subject: Subject = {
      schema,
      dialect,
      column: (name) => columnOf(schema, name, dialect),
      ...(past ? { past: (query) => valuesOf(past, withCondition(query, config)) } : {}),
    }
    const check = expectation.check(argumentsOf(expectation, kwargs, config.placeOf) as never, subject)
    const { row_condition, condition_parser } = kwargs
    if (row_condition === undefined || row_condition === null || row_condition === '') return { config, check }
    if (expectation.unconditional) {
      throw new MillraceError('EXPECTATION_INVALID', `${expectation.type} takes no row_condition`, {
        hint: 'Leave it out, or choose the rows by --where or a query.',
        ...(config.placeOf ? { at: config.placeOf('row_condition') } : {}),
      })
    }
    return { config, check, condition: rowCondition(row_condition, condition_parser, subject) }
  } catch (thrown) {
    return { config, error: asMillraceError(thrown).located(config.at) }
  }
}

function argumentsOf(
  expectation: Expectation,
  kwargs: Readonly<Record<string, Json>>,
  placeOf: ExpectationConfig['placeOf'],
): unknown {
  const own = Object.entries(kwargs).filter(([key, value]) => value !== null && !COMMON_KWARGS.includes(key))
  const result = expectation.kwargs.safeParse(Object.fromEntries(own))
  if (result.success) return result.data
  const known = Object.keys((expectation.kwargs as z.ZodObject).shape ?? {})
  const { issues } = result.error
  const unknown = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []))
  const guesses = unknown.flatMap((name) => nearest(name, known, 1)).map((name) => `Did you mean "${name}"? `)
  const what = issues.map(({ path, message }) => `${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`)
  const argument = unknown[0] ?? issues.find(({ path }) => path.length > 0)?.path[0]
  throw new MillraceError('EXPECTATION_INVALID', `${expectation.type}: ${what.join('; ')}`, {
    hint: `${guesses.join('')}It takes ${known.join(', ')}.`,
    ...(argument === undefined || !placeOf ? {} : { at: placeOf(String(argument)) }),
  })
}

function columnOf(schema: Schema, name: string, dialect: Dialect): Column {
  const field = schema.fields.find((candidate) => candidate.name === name)
  if (!field) {
    const names = schema.fields.map((candidate) => candidate.name)
    throw unknownName('COLUMN_UNKNOWN', 'column', name, names)
  }
  if (dialect === 'postgres' && field.metadata?.['postgres'] === 'numeric') {
    return { name, type: UNSIZED, dialect, sql: sql`nullif(${id(name)}, cast('nan' as numeric))` }
  }
  return { name, type: field.type, dialect, sql: cleanValue(id(name), field.type, dialect) }
}

/** For checks, PostgreSQL's numeric without a size is a decimal; as a result its values are text. */
const UNSIZED: DataType = { kind: 'decimal', precision: 38, scale: 18 }

function cleanValue(plain: Sql, { kind }: DataType, dialect: Dialect): Sql {
  if (kind === 'double') return sql`nullif(${plain}, cast('nan' as double precision))`
  if (kind === 'float') return sql`nullif(${plain}, cast('nan' as real))`
  if (dialect !== 'postgres') return plain
  // Its json has no equality, and its text is compared by the database's collation unless told otherwise.
  if (kind === 'json') return sql`(cast(${plain} as text) collate "C")`
  return kind === 'string' ? sql`(${plain} collate "C")` : plain
}

/** The arguments with the parameters that have a value in place, as results tell them. */
export function withParameters(
  kwargs: Readonly<Record<string, Json>>,
  parameters: Readonly<Record<string, Json>>,
  now: Date,
): Readonly<Record<string, Json>> {
  try {
    return resolved(kwargs, parameters, now) as Record<string, Json>
  } catch {
    return kwargs
  }
}

/** The value with each `{"$PARAMETER": "name or expression"}` replaced. */
function resolved(value: Json, parameters: Readonly<Record<string, Json>>, now: Date): Json {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item) => resolved(item as Json, parameters, now))
  const members = value as Record<string, Json>
  const name = members.$PARAMETER
  if (typeof name !== 'string') {
    return Object.fromEntries(Object.entries(members).map(([key, item]) => [key, resolved(item, parameters, now)]))
  }
  // 0.x suites may keep the last value beside the parameter as `$PARAMETER.name`.
  const given = (Object.hasOwn(parameters, name) ? parameters[name] : undefined) ?? members[`$PARAMETER.${name}`]
  if (given !== undefined) return given
  if (/^[A-Za-z][\w$]*$/.test(name)) {
    throw unknownName('EXPECTATION_INVALID', 'suite parameter', name, Object.keys(parameters))
  }
  return valueOfExpression(name, parameters, now)
}

function valueOfExpression(expression: string, parameters: Readonly<Record<string, Json>>, now: Date): Json {
  try {
    return evaluated(expression, parameters, now)
  } catch (thrown) {
    if (!(thrown instanceof NoValue)) throw thrown
    const known = Object.keys(parameters).join(', ') || 'none'
    throw new MillraceError('EXPECTATION_INVALID', `the suite parameter "${expression}": ${thrown.message}`, {
      hint: `Write one parameter (there are: ${known}), or an expression such as now() - timedelta(weeks=1).`,
    })
  }
}
