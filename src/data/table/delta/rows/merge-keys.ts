import type { DataType, Schema } from '../../../../base/kernel/index.ts'
import { sqlTypeName } from '../../../../base/kernel/index.ts'
import { id, isSql, join, type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import type { RowCondition } from '../../row-condition.ts'
import type { Expression } from '../expression/expression.ts'
import { parseExpression } from '../expression/parse-expression.ts'
import type { Expressions, Given } from '../expression/table-expression.ts'
import type { ChangingConnection } from './changing-connection.ts'

/** Types whose values come out of the engine as the text that statistics have. */
const ORDERED: ReadonlySet<DataType['kind']> = new Set([
  'byte',
  'short',
  'integer',
  'long',
  'string',
  'date',
  'decimal',
])

interface Key {
  readonly column: string
  readonly type: DataType
  /** Of the source. */
  readonly value: Sql
}

/**
 * What the table's rows must meet to match one of the source: of each column that is compared for equality with
 * something of the source, that it lies between the least and the greatest of these.
 */
export async function keyRange(
  on: Given,
  over: Expressions,
  target: { readonly alias: string; readonly schema: Schema },
  source: { readonly alias: string; readonly rows: Sql },
  connection: ChangingConnection,
): Promise<RowCondition[]> {
  if (isSql(on)) return []
  const keys = equalities(parseExpression(on)).flatMap(([left, right]): Key[] => {
    const sides = [
      [left, right],
      [right, left],
    ] as const
    return sides.flatMap(([one, other]) => {
      const column = over.columnOf(one, target.alias)
      const field = target.schema.fields.find(({ name }) => name === column)
      const isOfSource = over.isOf(other, source.alias)
      if (!field || !isOfSource || !ORDERED.has(field.type.kind)) return []
      return [{ column: field.name.toLowerCase(), type: field.type, value: over.expression(other, on) }]
    })
  })
  const alike = await comparedAlike(keys, source, connection)
  if (alike.length === 0) return []
  return rangeOf(alike, source, connection)
}

/** Keys whose two sides the engine compares as they are: it may find others equal whose bounds lie apart. */
async function comparedAlike(
  keys: readonly Key[],
  source: { readonly alias: string; readonly rows: Sql },
  connection: ChangingConnection,
): Promise<Key[]> {
  if (keys.length === 0) return []
  const columns = keys.map(({ value }, at) => sql`${value} as ${id(`k${at}`)}`)
  const { fields } = await connection.describe(sql`select ${join(columns)} from ${source.rows} as ${id(source.alias)}`)
  return keys.filter(({ type }, at) => {
    const other = fields[at]?.type.kind
    return other === type.kind || (other !== undefined && NUMBERS.has(other) && NUMBERS.has(type.kind))
  })
}

const NUMBERS: ReadonlySet<DataType['kind']> = new Set(['byte', 'short', 'integer', 'long', 'decimal'])

async function rangeOf(
  keys: readonly Key[],
  source: { readonly alias: string; readonly rows: Sql },
  connection: ChangingConnection,
): Promise<RowCondition[]> {
  const bounds = keys.map(({ value, type }, at) => {
    const typed = sql`try_cast(${value} as ${trusted(sqlTypeName(type, 'duckdb'))})`
    const text = (of: 'min' | 'max') => sql`cast(${trusted(of)}(${typed}) as varchar) as ${trusted(`${of}${at}`)}`
    const lost = sql`count(*) filter (where ${typed} is null and ${value} is not null) as ${trusted(`lost${at}`)}`
    return sql`${text('min')}, ${text('max')}, ${lost}`
  })
  const [found] = await connection.rows<Record<string, unknown>>(
    sql`select ${join(bounds)} from ${source.rows} as ${id(source.alias)}`,
  )
  return keys.flatMap(({ column, type }, at): RowCondition[] => {
    const [min, max] = [found?.[`min${at}`], found?.[`max${at}`]]
    if (typeof min !== 'string' || typeof max !== 'string' || Number(found?.[`lost${at}`]) > 0) return []
    return [
      { kind: 'compare', column, is: 'ge', value: min, type: type.kind },
      { kind: 'compare', column, is: 'le', value: max, type: type.kind },
    ]
  })
}

/** Both sides of each equality that must hold. */
function equalities(expression: Expression): (readonly [Expression, Expression])[] {
  if (expression.kind !== 'binary') return []
  const { op, left, right } = expression
  if (op === 'and') return [...equalities(left), ...equalities(right)]
  return op === '=' ? [[left, right]] : []
}
