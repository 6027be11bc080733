import { type DataType, formatType, MillraceError } from '../../../../base/kernel/index.ts'
import { type Sql, sql } from '../../../../base/sql/index.ts'
import { duckDbDialect } from '../../dialect/duckdb.ts'
import type { ResultType } from '../result-type.ts'
import { commonOf } from '../shared-type.ts'

/** A type as far as it is known. */
export type Known = DataType | undefined

/** An array of elements of a type. */
export function arrayOf(element: Known): Known {
  return element && { kind: 'array', element, containsNull: true }
}

/** The type of the elements of an array. */
export function elementOf(type: Known): Known {
  return type?.kind === 'array' ? type.element : undefined
}

/** A map of keys and values of types. */
export function mapOf(key: Known, value: Known): Known {
  return key && value && { kind: 'map', key, value, valueContainsNull: true }
}

/** A struct of members that may be null; undefined when the type of one is not known. */
export function structOf(members: readonly (readonly [name: string, type: Known])[]): Known {
  const fields = members.flatMap(([name, type]) => (type ? [{ name, type, nullable: true }] : []))
  return fields.length === members.length ? { kind: 'struct', fields } : undefined
}

/** The type of an array's or map's entries: a struct of `key` and `value`. */
export function entryOf(type: Known): Known {
  return type?.kind === 'map' ? structOf([['key', type.key], ['value', type.value]]) : undefined
} // biome-ignore format: short

/** A result type that is computed of those of the arguments, whose values may be anything. */
// biome-ignore lint/suspicious/noExplicitAny: elements may be anything
export function typed(of: ResultType<any>['of']): ResultType<any> {
  return { of }
}

/** The argument as a type that all have in common, where it is another. */
export function asType(of: Sql, type: Known, to: Known): Sql {
  if (!to || !type || to.kind === 'null' || JSON.stringify(bare(type)) === JSON.stringify(bare(to))) return of
  return duckDbDialect.cast({ sql: of, type }, to, false)
}

/** A type without what it says about null. */
function bare(type: DataType): unknown {
  return JSON.parse(
    JSON.stringify(type, (key, value) => (/^(containsNull|valueContainsNull|nullable)$/.test(key) ? undefined : value)),
  )
}

/**
 * Checks that an argument is of a kind.
 * @throws MillraceError COLUMN_TYPE when its type is known and is another
 */
export function mustBe(kind: 'array' | 'map' | 'struct' | 'boolean', type: Known): void {
  if (!type || type.kind === kind || type.kind === 'null') return
  throw new MillraceError(
    'COLUMN_TYPE',
    `an argument must be ${kind === 'array' ? 'an' : 'a'} ${kind}, and is ${formatType(type)}`,
    {
      hint: 'Look at the types of the columns by frame.printSchema().',
    },
  )
}

/** The type that an array's elements and a value have in common. @throws MillraceError COLUMN_TYPE when there is none */
export function commonElement(of: Known, value: Known): Known {
  mustBe('array', of)
  const element = elementOf(of)
  if (!element || !value) return undefined
  const found = textAlone(element, value) ? undefined : commonOf([element, value])
  if (found) return found
  throw new MillraceError('COLUMN_TYPE', `an array of ${formatType(element)} has no ${formatType(value)}`, {
    hint: `Convert the value first: .cast('${formatType(element)}').`,
  })
}

/** Whether one of two is text and the other a value that is not: no set or array has both. */
function textAlone(a: DataType, b: DataType): boolean {
  return (a.kind === 'string') !== (b.kind === 'string') && a.kind !== 'null' && b.kind !== 'null'
}

/** Two arrays as arrays of what their elements have in common. */
export function commonArrays(a: Sql, b: Sql, one: Known, two: Known): readonly [Sql, Sql, Known] {
  mustBe('array', one)
  mustBe('array', two)
  commonElement(one, elementOf(two))
  const common = commonOf([one, two])
  return [asType(a, one, common), asType(b, two, common), common]
}

/** Null unless all of these have a value. */
export function whenAll(of: readonly Sql[], then: Sql): Sql {
  const [first, ...rest] = of.map((one) => sql`${one} is not null`)
  let all = first ?? sql`true`
  for (const one of rest) all = sql`${all} and ${one}`
  return sql`case when ${all} then ${then} end`
}
