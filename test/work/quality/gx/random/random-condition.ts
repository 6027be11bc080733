import type { Json } from '../../../../../src/base/kernel/index.ts'
import type { RandomSource } from '../../../../data/frame/spark/random-source.ts'
import type { RandomColumn, RandomTable } from './random-table.ts'

const OPERATORS = ['==', '!=', '<', '<=', '>', '>=']

/** A `row_condition` in one of its forms: text of Great Expectations, text of pandas, or objects. */
export function randomCondition(table: RandomTable, source: RandomSource): Record<string, Json> {
  const columns = table.columns.filter(({ kind, name }) => /^(long|string|double)$/.test(kind) && /^\w+$/.test(name))
  const [column, other] = source.some(columns, 2, 2)
  if (!column || !other) return {}
  return source.weighted<() => Record<string, Json>>([
    [2, () => ({ row_condition: text(column, source), condition_parser: 'great_expectations' })],
    [2, () => ({ row_condition: pandas(column, other, source), condition_parser: 'pandas' })],
    [3, () => ({ row_condition: object(column, other, source), condition_parser: 'great_expectations' })],
  ])()
}

/** A value that may occur in the column, never NaN or an infinity. */
function operand(column: RandomColumn, source: RandomSource): string | number {
  const known = column.values.filter((value) => value !== null && !/NaN|Inf/.test(String(value)))
  const value = known.length > 0 && source.chance(0.7) ? source.pick(known) : column.kind === 'string' ? 'a' : 3
  return typeof value === 'boolean' || value === null ? 1 : value
}

function comparison(column: RandomColumn, source: RandomSource): string {
  return column.kind === 'string' ? source.pick(['==', '!=']) : source.pick(OPERATORS)
}

function quoted(value: string | number): string | undefined {
  if (typeof value === 'number') return String(value)
  return /["'\\\n;]|^\s*$/.test(value) ? undefined : `"${value}"`
}

function text(column: RandomColumn, source: RandomSource): string {
  const right = quoted(operand(column, source))
  if (right === undefined || source.chance(0.25))
    return `col("${column.name}").${source.pick(['notNull()', 'notnull()'])}`
  return `col("${column.name}") ${comparison(column, source)} ${right}`
}

function pandas(column: RandomColumn, other: RandomColumn, source: RandomSource): string {
  const one = (of: RandomColumn) => {
    const right = quoted(operand(of, source))
    if (right === undefined || source.chance(0.2)) return `${of.name}.${source.pick(['isnull()', 'notnull()'])}`
    if (source.chance(0.2)) return `${of.name} ${source.pick(['in', 'not in'])} [${right}]`
    return `${of.name} ${comparison(of, source)} ${right}`
  }
  return source.chance(0.5) ? one(column) : `${one(column)} ${source.pick(['and', 'or'])} ${one(other)}`
}

function object(column: RandomColumn, other: RandomColumn, source: RandomSource): Json {
  const one = (of: RandomColumn): Json => {
    const named = { name: of.name }
    if (source.chance(0.25)) return { type: 'nullity', column: named, is_null: source.chance(0.5) }
    if (source.chance(0.25)) {
      const parameter = [operand(of, source), operand(of, source)]
      return { type: 'comparison', column: named, operator: source.pick(['IN', 'NOT_IN']), parameter }
    }
    return { type: 'comparison', column: named, operator: comparison(of, source), parameter: operand(of, source) }
  }
  if (source.chance(0.5)) return one(column)
  return { type: source.pick(['and', 'or']), conditions: [one(column), one(other)] }
}
