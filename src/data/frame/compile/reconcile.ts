import {
  type DataType,
  type Field,
  formatType,
  MillraceError,
  type Place,
  unknownName,
} from '../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { FrameDialect } from '../dialect/frame-dialect.ts'
import type { Plan } from '../plan.ts'
import type { Block } from './block.ts'
import type { Compiling } from './compile.ts'
import { lookUp, type ScopeColumn, type Typed } from './scope.ts'

/**
 * The columns of a schema, in its order: by name, cast where the types go together, and null where the frame has no such
 * column (Spark's `Project.matchSchema`).
 * @throws MillraceError COLUMN_TYPE, COLUMN_UNKNOWN, COLUMN_AMBIGUOUS
 */
export function compileTo(input: Block, plan: Extract<Plan, { op: 'to' }>, { dialect }: Compiling): Block {
  const { at } = plan
  const columns = plan.schema.fields.map((field): ScopeColumn => {
    const there = input.columns.some((column) => column.name.toLowerCase() === field.name.toLowerCase())
    const quoted = `\`${field.name.replaceAll('`', '``')}\``
    const of = there ? lookUp(input.columns, quoted, dialect, undefined, at) : undefined
    const ref = reconciled(
      of,
      field,
      [field.name],
      input.columns.map(({ name }) => name),
      dialect,
      at,
    )
    return { name: field.name, ref, direct: false, type: field.type, aliases: [], frames: [] }
  })
  return { ...input, columns }
}

function reconciled(
  of: Typed | undefined,
  { type, nullable }: Field,
  path: readonly string[],
  names: readonly string[],
  dialect: FrameDialect,
  at: Place | undefined,
): Sql {
  if (of === undefined) {
    if (nullable) return sql`cast(null as ${dialect.typeName(type)})`
    throw unknownName('COLUMN_UNKNOWN', 'to: the column', path.join('.'), names, at ? { at } : {})
  }
  if (of.type === undefined) return dialect.cast(of, type, false)
  if (of.type.kind === 'struct' && type.kind === 'struct') {
    const from = of.type.fields
    const members = type.fields.map((field) => {
      const found = from.find(({ name }) => name.toLowerCase() === field.name.toLowerCase())
      const member = found && { sql: dialect.member(of, found.name), type: found.type }
      const inner = reconciled(
        member,
        field,
        [...path, field.name],
        from.map(({ name }) => name),
        dialect,
        at,
      )
      return { name: field.name, sql: inner, type: field.type }
    })
    return sql`case when ${of.sql} is null then ${trusted('null')} else ${dialect.struct(members)} end`
  }
  if (!storable(of.type, type)) {
    throw new MillraceError(
      'COLUMN_TYPE',
      `to: "${path.join('.')}" is ${formatType(of.type)}, which does not become ${formatType(type)} by itself`,
      { hint: `Cast it first: col("${path.join('.')}").cast("${formatType(type)}").`, ...(at ? { at } : {}) },
    )
  }
  return formatType(of.type) === formatType(type) ? of.sql : dialect.cast(of, type, false)
}

const NUMBERS = new Set(['byte', 'short', 'integer', 'long', 'float', 'double', 'decimal'])
const MOMENTS = new Set(['date', 'timestamp', 'timestamp_ntz'])
const NESTED = new Set(['array', 'map', 'struct'])

/** Whether a value may be stored as another type without being asked for (ANSI's store assignment). */
function storable(from: DataType, to: DataType): boolean {
  if (from.kind === 'array' && to.kind === 'array') return storable(from.element, to.element)
  if (from.kind === 'map' && to.kind === 'map') return storable(from.key, to.key) && storable(from.value, to.value)
  if (formatType(from) === formatType(to) || from.kind === 'null') return true
  if (NESTED.has(from.kind) || NESTED.has(to.kind)) return false
  if (NUMBERS.has(from.kind) && NUMBERS.has(to.kind)) return true
  return to.kind === 'string' || (MOMENTS.has(from.kind) && MOMENTS.has(to.kind))
}
