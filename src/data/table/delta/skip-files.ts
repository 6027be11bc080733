import { type DataType, type Field, unreachable } from '../../../base/kernel/index.ts'
import { memberPath } from '../parquet-port.ts'
import type { Comparison, RowCondition } from '../row-condition.ts'
import { partitionValues } from './read-files.ts'
import { mappingMode, physicalName } from './schema/column-mapping.ts'
import type { DataFile, Snapshot } from './snapshot.ts'

/**
 * The files of a snapshot that can hold rows which meet a condition, by their partition values and statistics (Delta
 * protocol, "Per-file Statistics"). A file of which it cannot be told stays.
 * @param files other files of the table than those of the snapshot, such as newer ones
 */
export function filesThatMayHold(
  snapshot: Snapshot,
  condition: RowCondition,
  files: readonly DataFile[] = snapshot.files,
): readonly DataFile[] {
  const columns = columnsOf(snapshot, condition)
  if (columns.size === 0) return files
  const needsStats = [...columns.values()].some(({ isPartition }) => !isPartition)
  const valuesOf = partitionValues(snapshot)
  return files.filter((file) => {
    const partition = valuesOf(file)
    const stats = needsStats ? statsOf(file) : undefined
    const boundsOf = (name: string): Bounds | undefined => {
      const column = columns.get(name)
      if (!column) return undefined
      if (!column.isPartition) return stats && statsBounds(stats, column)
      const value = partition[column.name] ?? null
      return { type: column.type, min: value, max: value, nulls: value === null ? 'all' : 'none' }
    }
    return mayHold(condition, boundsOf)
  })
}

interface Column {
  readonly name: string
  /** The stored names that lead to it. */
  readonly physical: readonly string[]
  readonly type: DataType['kind']
  readonly isPartition: boolean
}

/** What is known of a column in a file. */
interface Bounds {
  readonly type: DataType['kind']
  /** Absent: not known. */
  readonly min?: string | null
  readonly max?: string | null
  readonly nulls: 'all' | 'none' | 'unknown'
}

function columnsOf(
  { schema, partitionBy, protocol, metadata }: Snapshot,
  condition: RowCondition,
): Map<string, Column> {
  const mode = mappingMode(protocol, metadata)
  const names = new Set(namesIn(condition))
  const found = new Map<string, Column>()
  const find = (fields: readonly Field[], above: readonly string[], stored: readonly string[]): void => {
    for (const field of fields) {
      const { name, type } = field
      const path = [...above, name.toLowerCase()]
      const key = memberPath(path)
      // Members are looked for only where one is asked for.
      const isAsked = names.has(key)
      if (!isAsked && type.kind !== 'struct') continue
      const physical = [...stored, physicalName(field, mode)]
      const isPartition = above.length === 0 && partitionBy.includes(name)
      if (isAsked) found.set(key, { name, physical, type: type.kind, isPartition })
      if (type.kind === 'struct') find(type.fields, path, physical)
    }
  }
  find(schema.fields, [], [])
  return found
}

function namesIn(condition: RowCondition): string[] {
  return 'of' in condition ? condition.of.flatMap(namesIn) : [condition.column]
}

interface Stats {
  readonly numRecords?: unknown
  readonly minValues?: Readonly<Record<string, unknown>>
  readonly maxValues?: Readonly<Record<string, unknown>>
  readonly nullCount?: Readonly<Record<string, unknown>>
}

/** Damaged statistics are as good as none: they only ever save work. */
function statsOf({ stats }: DataFile): Stats | undefined {
  if (stats === undefined) return undefined
  try {
    const parsed: unknown = JSON.parse(stats, exactNumber as (key: string, value: unknown) => unknown)
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined
  } catch {
    return undefined
  }
}

/** Keeps numbers as they are written, since `JSON.parse` alone would round long ones. */
function exactNumber(_key: string, value: unknown, context: { source?: string }): unknown {
  return typeof value === 'number' && context.source !== undefined ? context.source : value
}

function statsBounds({ numRecords, minValues, maxValues, nullCount }: Stats, { physical, type }: Column): Bounds {
  const count = within(nullCount, physical)
  // A count is exact where it is 0 or that of all rows, also with deleted rows.
  const nulls = count === '0' ? 'none' : count !== undefined && count === numRecords ? 'all' : 'unknown'
  const text = (value: unknown) =>
    value === undefined || value === null || typeof value === 'object' ? undefined : String(value)
  const [min, max] = [text(within(minValues, physical)), text(within(maxValues, physical))]
  return { type, nulls, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
}

function within(values: unknown, path: readonly string[]): unknown {
  return path.reduce((of, name) => (of as Readonly<Record<string, unknown>> | null | undefined)?.[name], values)
}

function mayHold(condition: RowCondition, boundsOf: (column: string) => Bounds | undefined): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.of.every((one) => mayHold(one, boundsOf))
    case 'or':
      return condition.of.some((one) => mayHold(one, boundsOf))
    case 'null': {
      const nulls = boundsOf(condition.column)?.nulls ?? 'unknown'
      return nulls !== (condition.isNull ? 'none' : 'all')
    }
    case 'compare': {
      const bounds = boundsOf(condition.column)
      if (!bounds) return true
      const order = ORDERS[bounds.type]?.(condition.type)
      if (!order) return true
      // A comparison is never true of null.
      if (bounds.nulls === 'all') return false
      return mayCompare(bounds, condition.is, condition.value, order)
    }
    default:
      return unreachable(condition)
  }
}

function mayCompare({ min, max }: Bounds, is: Comparison, value: string, order: Order): boolean {
  const low = min === undefined || min === null ? undefined : order.compare(min, value)
  const high = max === undefined || max === null ? undefined : order.compare(max, value)
  const { isExact, maxHolds } = order
  const tooHigh = low !== undefined && low > 0
  const tooLow = maxHolds !== false && high !== undefined && high < 0
  switch (is) {
    case 'eq':
      return !tooHigh && !(high !== undefined && high < 0)
    case 'le':
      return !tooHigh
    case 'lt':
      return !tooHigh && !(isExact && low === 0)
    case 'ge':
      return !tooLow
    case 'gt':
      return !tooLow && !(maxHolds !== false && isExact && high === 0)
  }
}

/** How values of a column's type and constants of another compare. */
interface Order {
  /** Below, at or above 0; undefined where it cannot be told. */
  compare(bound: string, value: string): number | undefined
  /** Whether 0 means equal; otherwise the two may lie on either side. */
  readonly isExact: boolean
  /** Whether no value lies above the maximum: not a number does. */
  readonly maxHolds?: boolean
}

const WHOLE = /^-?\d+$/
const DATE = /^\d{4}-\d{2}-\d{2}$/
const sign = <T extends number | bigint>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0)

const wholes: Order = {
  isExact: true,
  compare: (bound, value) => (WHOLE.test(bound) && WHOLE.test(value) ? sign(BigInt(bound), BigInt(value)) : undefined),
}
/** Rounding keeps the order but for what it makes equal. */
const rounded: Order = {
  isExact: false,
  compare(bound, value) {
    const [a, b] = [Number(bound), Number(value)]
    return bound === '' || Number.isNaN(a) || Number.isNaN(b) ? undefined : sign(a, b)
  },
}
const texts: Order = {
  isExact: true,
  compare: (bound, value) => Buffer.compare(Buffer.from(bound), Buffer.from(value)),
}
const dates: Order = {
  isExact: true,
  compare: (bound, value) =>
    DATE.test(bound) && DATE.test(value) ? sign(Date.parse(bound), Date.parse(value)) : undefined,
}
/** Writers cut statistics to milliseconds. */
const moments: Order = {
  isExact: false,
  compare(bound, value) {
    const [a, b] = [moment(bound), moment(value)]
    if (a === undefined || b === undefined) return undefined
    return Math.abs(a - b) <= 1 ? 0 : sign(a, b)
  },
}
const booleans: Order = {
  isExact: true,
  compare: (bound, value) => sign(Number(bound === 'true'), Number(value === 'true')),
}

function moment(text: string): number | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d(?:\.\d{1,9})?))?(Z|[+-]\d\d:\d\d)?$/.exec(text)
  if (!parts) return undefined
  const at = Date.parse(`${parts[1]}T${parts[2] ?? '00:00:00'}${parts[3] ?? 'Z'}`)
  return Number.isNaN(at) ? undefined : at
}

const WHOLE_KINDS = new Set<string>(['byte', 'short', 'integer', 'long'])
const NUMBER_KINDS = new Set<string>([...WHOLE_KINDS, 'float', 'double', 'decimal', 'hugeint'])
type OrderWith = (constant: DataType['kind']) => Order | undefined
const ofNumbers: OrderWith = (constant) => (NUMBER_KINDS.has(constant) ? rounded : undefined)
const ofWholes: OrderWith = (constant) => (WHOLE_KINDS.has(constant) ? wholes : ofNumbers(constant))
// Some writers leave values that are no numbers out of the maximum, and engines hold those for the largest.
const ofFloats: OrderWith = (constant) => (NUMBER_KINDS.has(constant) ? { ...rounded, maxHolds: false } : undefined)

/** By the type of the column. */
const ORDERS: Partial<Record<DataType['kind'], OrderWith>> = {
  byte: ofWholes,
  short: ofWholes,
  integer: ofWholes,
  long: ofWholes,
  float: ofFloats,
  double: ofFloats,
  decimal: ofNumbers,
  string: (constant) => (constant === 'string' ? texts : undefined),
  date: (constant) => (constant === 'date' || constant === 'string' ? dates : undefined),
  timestamp: (constant) => (constant === 'timestamp' ? moments : undefined),
  boolean: (constant) => (constant === 'boolean' ? booleans : undefined),
}
