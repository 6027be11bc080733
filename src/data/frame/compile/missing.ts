import type { DataType } from '../../../base/kernel/index.ts'
import { join, literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { Expr } from '../expr.ts'
import type { Plan } from '../plan.ts'
import type { Block } from './block.ts'
import type { Compiling } from './compile.ts'
import { lookUp, type ScopeColumn } from './scope.ts'

const NUMBERS = new Set(['byte', 'short', 'integer', 'long', 'hugeint', 'float', 'double', 'decimal'])

/** `na.fill`, `na.drop` and `na.replace`; NaN is missing like null, as in Spark. */
export function compileMissing(block: Block, plan: Extract<Plan, { op: 'na' }>, c: Compiling): Block {
  // A name that is not there is the user's error.
  for (const name of plan.columns ?? []) lookUp(block.columns, name, c.dialect, undefined, plan.at)
  const asked = plan.columns && new Set(plan.columns.map((name) => name.toLowerCase()))
  const among = (column: ScopeColumn) => asked === undefined || asked.has(column.name.toLowerCase())
  switch (plan.how) {
    case 'drop': {
      const counted = block.columns.filter(among)
      const least = plan.least ?? counted.length
      if (least <= 0 || counted.length === 0) return block
      if (least > counted.length) return { ...block, where: [...(block.where ?? []), trusted('false')] }
      const present = counted.map(isPresent)
      const kept =
        least >= counted.length
          ? join(present, ' and ')
          : sql`${join(
              present.map((one) => sql`cast(${one} as integer)`),
              ' + ',
            )} >= ${literal(least)}`
      return { ...block, where: [...(block.where ?? []), sql`(${kept})`] }
    }
    case 'fill':
      return changed(block, (column) => {
        const { value } = plan
        if (!among(column) || value.kind !== 'literal' || !fits(column.type, value.type)) return undefined
        const there = isFloating(column.type)
          ? sql`nullif(${column.ref}, cast('NaN' as ${trusted('double precision')}))`
          : column.ref
        return sql`coalesce(${there}, ${converted(value, column, c)})`
      })
    case 'replace':
      return changed(block, (column) => {
        if (!among(column)) return undefined
        const pairs = plan.pairs.filter(([from]) => from.kind === 'literal' && fits(column.type, from.type))
        if (pairs.length === 0) return undefined
        const whens = pairs.map(([from, to]) => sql`when ${compared(from, column, c)} then ${converted(to, column, c)}`)
        return sql`case ${join(whens, ' ')} else ${column.ref} end`
      })
  }
}

function changed(block: Block, change: (column: ScopeColumn) => Sql | undefined): Block {
  const columns = block.columns.map((column) => {
    const ref = change(column)
    return ref === undefined ? column : { ...column, ref, direct: false }
  })
  return { ...block, columns }
}

/** Whether a column has a value. Numbers are compared as doubles, so that a fraction is none of a column of whole numbers. */
function compared(from: Expr, column: ScopeColumn, c: Compiling): Sql {
  const fraction = from.kind === 'literal' && from.type.kind === 'double' && column.type?.kind !== 'double'
  if (!fraction) return sql`${column.ref} = ${converted(from, column, c)}`
  const double = { kind: 'double' } as const
  return sql`${c.dialect.cast({ sql: column.ref, type: column.type }, double, false)} = ${converted(from, { ...column, type: double }, c)}`
}

function converted(value: Expr, column: ScopeColumn, { dialect }: Compiling): Sql {
  if (value.kind !== 'literal') return trusted('null')
  const constant = { sql: dialect.literal(value.value, value.type), type: value.type }
  return column.type === undefined || column.type.kind === value.type.kind
    ? constant.sql
    : dialect.cast(constant, column.type, false)
}

/** Whether a column takes a constant: numbers go with numbers, text with text, truths with truths. */
function fits(column: DataType | undefined, constant: DataType): boolean {
  if (column === undefined) return false
  return NUMBERS.has(constant.kind) ? NUMBERS.has(column.kind) : column.kind === constant.kind
}

function isFloating(type: DataType | undefined): boolean {
  return type?.kind === 'double' || type?.kind === 'float'
}

function isPresent(column: ScopeColumn): Sql {
  return isFloating(column.type)
    ? sql`(${column.ref} is not null and ${column.ref} <> cast('NaN' as ${trusted('double precision')}))`
    : sql`(${column.ref} is not null)`
}
