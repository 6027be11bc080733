import { type DataType, type Field, formatType, MillraceError, type Schema } from '../../../../base/kernel/index.ts'
import { DEFAULT } from '../rules/column-rules.ts'
import { mappingMode } from '../schema/column-mapping.ts'
import { deltaSchema } from '../schema/fit-schema.ts'
import { mapped } from '../schema/fit-table.ts'
import type { Snapshot } from '../snapshot.ts'
import { addFields, type ColumnPath, changeField, pathOf } from './change-field.ts'
import { mayBecome, widened } from './type-changes.ts'
import { refuseIfUsed } from './used-columns.ts'

/** What a column becomes. */
export interface ColumnChange {
  /** A wider type, of a table with `delta.enableTypeWidening`. */
  readonly type?: DataType
  /** True lets it be null; false forbids it, when no row that is there has none of it. */
  readonly nullable?: boolean
  /** What new rows have that lack the column, as an expression; null for nothing. */
  readonly default?: string | null
  readonly comment?: string
}

/** A table's columns and partitions after a change of them. */
export interface AlteredSchema {
  readonly schema: Schema
  readonly partitionBy: readonly string[]
}

/** @throws MillraceError OPTION_INVALID for columns that are there or must not be null, COLUMN_UNKNOWN, TYPE_UNSUPPORTED */
export function withColumns(base: Snapshot, columns: readonly Field[], within?: ColumnPath): AlteredSchema {
  const added = deltaSchema({ fields: columns }, { anyName: isMapped(base) }).fields
  const required = added.find(({ nullable }) => !nullable)
  if (required) {
    throw new MillraceError('OPTION_INVALID', `adding column "${required.name}", which must not be null`, {
      hint: 'The rows that are there have no value for it: add it so that it may be null.',
    })
  }
  const defaulted = added.find(({ metadata }) => metadata?.[DEFAULT] !== undefined)
  if (defaulted) {
    throw new MillraceError('OPTION_INVALID', `adding column "${defaulted.name}" with a default`, {
      hint: 'Add it first, then give it one with changeColumn: rows that are there have null.',
    })
  }
  const schema = addFields(base.schema, within === undefined ? [] : pathOf(within), added)
  checkDistinct(schema.fields)
  return { schema: mapped(schema, base), partitionBy: base.partitionBy }
}

/** @throws MillraceError DELTA_FEATURE_UNSUPPORTED without column mapping, COLUMN_UNKNOWN, OPTION_INVALID */
export function withRenamed(base: Snapshot, from: ColumnPath, to: string): AlteredSchema {
  requireMapping(base, `renaming column "${from}"`)
  const path = pathOf(from)
  refuseIfUsed(base, path, 'renaming')
  let old = ''
  const schema = changeField(base.schema, path, (field, siblings) => {
    old = field.name
    const renamed = { ...field, name: to }
    checkDistinct(siblings.map((one) => (one === field ? renamed : one)))
    return renamed
  })
  deltaSchema({ fields: [{ name: to, type: { kind: 'string' }, nullable: true }] }, { anyName: true })
  const partitionBy = path.length === 1 ? base.partitionBy.map((name) => (name === old ? to : name)) : base.partitionBy
  return { schema, partitionBy }
}

/** @throws MillraceError DELTA_FEATURE_UNSUPPORTED without column mapping, COLUMN_UNKNOWN, OPTION_INVALID */
export function withoutColumn(base: Snapshot, column: ColumnPath): AlteredSchema {
  requireMapping(base, `dropping column "${column}"`)
  const path = pathOf(column)
  refuseIfUsed(base, path, 'dropping')
  const schema = changeField(base.schema, path, (field, siblings) => {
    if (siblings.length === 1)
      throw new MillraceError('OPTION_INVALID', `dropping "${column}", which is the last column`)
    if (path.length === 1 && base.partitionBy.includes(field.name)) {
      throw new MillraceError('OPTION_INVALID', `dropping column "${column}", by which the table is partitioned`)
    }
    return undefined
  })
  return { schema, partitionBy: base.partitionBy }
}

/** @throws MillraceError COLUMN_UNKNOWN, COLUMN_TYPE for a type that it cannot become, DELTA_FEATURE_UNSUPPORTED */
export function withChanged(base: Snapshot, column: ColumnPath, change: ColumnChange): AlteredSchema {
  const schema = changeField(base.schema, pathOf(column), (field) => {
    let changed = field
    if (change.type && formatType(change.type) !== formatType(field.type)) changed = retyped(base, changed, change.type)
    if (change.nullable !== undefined) changed = { ...changed, nullable: change.nullable }
    if (change.default !== undefined) changed = noted(changed, DEFAULT, change.default ?? undefined)
    if (change.comment !== undefined) changed = noted(changed, 'comment', change.comment)
    return changed
  })
  return { schema, partitionBy: base.partitionBy }
}

function retyped(base: Snapshot, field: Field, to: DataType): Field {
  if (!mayBecome(field.type, to)) {
    throw new MillraceError(
      'COLUMN_TYPE',
      `changing column "${field.name}" from ${formatType(field.type)} to ${formatType(to)}`,
      {
        hint: 'A column can only take a type that holds all its values: a longer integer, a wider decimal, double for float.',
      },
    )
  }
  if (base.properties['delta.enableTypeWidening'] !== 'true') {
    throw new MillraceError(
      'DELTA_FEATURE_UNSUPPORTED',
      `changing the type of column "${field.name}" of a table without type widening`,
      {
        hint: "Set its property 'delta.enableTypeWidening' to 'true' first.",
        data: { features: ['typeWidening'] },
      },
    )
  }
  return widened(field, to)
}

function noted(field: Field, key: string, value: string | undefined): Field {
  const { [key]: _, ...others } = field.metadata ?? {}
  return { ...field, metadata: value === undefined ? others : { ...others, [key]: value } }
}

function isMapped({ protocol, metadata }: Snapshot): boolean {
  return mappingMode(protocol, metadata) !== 'none'
}

function requireMapping(base: Snapshot, act: string): void {
  if (isMapped(base)) return
  throw new MillraceError('DELTA_FEATURE_UNSUPPORTED', `${act} of a table without column mapping`, {
    hint: "Its files call the column so. Set the table's property 'delta.columnMapping.mode' to 'name' first.",
    data: { features: ['columnMapping'] },
  })
}

function checkDistinct(fields: readonly Field[]): void {
  const seen = new Set<string>()
  for (const { name } of fields) {
    if (seen.has(name.toLowerCase())) {
      throw new MillraceError('OPTION_INVALID', `there is a column "${name}" already`, {
        hint: 'Delta does not tell upper case from lower case in column names.',
      })
    }
    seen.add(name.toLowerCase())
  }
}
