import { type DataType, MillraceError } from '../../../base/kernel/index.ts'

/** What stands for null in the name of a partition folder, as Hive began it. */
export const NULL_FOLDER = '__HIVE_DEFAULT_PARTITION__'

/** Names and values in the folders of a path: `date=2024-01-31/n=1/part.csv`; null stands for null. */
export function partitionPath(relative: string): (readonly [name: string, value: string | null])[] {
  return relative
    .split('/')
    .slice(0, -1)
    .flatMap((folder) => {
      const cut = folder.indexOf('=')
      if (cut <= 0) return []
      const text = folder.slice(cut + 1)
      if (text === '') {
        throw new MillraceError(
          'SOURCE_MALFORMED',
          `reading partitions: the folder ${folder} of ${relative} has no value`,
          {
            hint: `A column that is null stands in a folder ${folder}${NULL_FOLDER}.`,
          },
        )
      }
      return [[unescapeFolder(folder.slice(0, cut)), text === NULL_FOLDER ? null : unescapeFolder(text)] as const]
    })
}

/** `%2F` and its like as what they stand for; bytes beyond ASCII are UTF-8. A `%` before anything else is itself. */
export function unescapeFolder(text: string): string {
  return text.replaceAll(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
    const bytes = Buffer.from(run.replaceAll('%', ''), 'hex')
    const decoded = bytes.toString('utf8')
    return decoded.includes('\ufffd') ? bytes.toString('latin1') : decoded
  })
}

/** Characters that Spark (as Hive) escapes in the name of a partition folder. */
const ESCAPED = new Set([
  ...'"#%\'*/:=?\\{[]^\x7f',
  ...Array.from({ length: 31 }, (_, i) => String.fromCharCode(i + 1)),
])

/** A name or a value as Spark writes it in the name of a folder; null and the empty text are Hive's word for null. */
export function escapeFolder(text: string | null): string {
  if (text === null || text === '') return NULL_FOLDER
  return [...text]
    .map((one) => (ESCAPED.has(one) ? `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}` : one))
    .join('')
}

/** A column of folder names. */
export interface PartitionColumn {
  readonly name: string
  readonly type: DataType
}

/**
 * The columns that the folders of files name, and the values of each file. Files beside the folders are left out, as
 * Spark leaves them out.
 * @param paths relative to the folder that partitions begin in
 * @throws MillraceError SOURCE_MALFORMED when files lie in folders of different columns
 */
export function partitionsOf(paths: readonly string[]): {
  readonly columns: readonly PartitionColumn[]
  /** By the paths' order; undefined for a file that lies in no folder of a partition. */
  readonly values: readonly (readonly (string | null)[] | undefined)[]
} {
  const found = paths.map(partitionPath)
  const first = found.find((of) => of.length > 0)
  if (!first) return { columns: [], values: paths.map(() => []) }
  const names = first.map(([name]) => name)
  const values = found.map((of, i) => {
    if (of.length === 0) return undefined
    const isSame = of.length === names.length && of.every(([name], at) => isSameName(name, names[at]))
    if (isSame) return of.map(([, value]) => value)
    throw new MillraceError(
      'SOURCE_MALFORMED',
      `reading partitions: one file is partitioned by ${names.join(', ')}, and ${paths[i]} by ${of.map(([name]) => name).join(', ')}`,
      { hint: 'Read them apart, or set recursiveFileLookup: true, which takes folders for folders.' },
    )
  })
  const columns = names.map((name, at) => ({
    name,
    type: partitionType(values.flatMap((of) => (of === undefined ? [] : [of[at] ?? null]))),
  }))
  return { columns, values: values.map((of) => of?.map((value, at) => valueText(value, columns[at]))) }
}

function isSameName(a: string, b: string | undefined): boolean {
  return a.toLowerCase() === b?.toLowerCase()
}

/** A value as the engine casts it: Java lets a letter follow a double. */
function valueText(value: string | null, column: PartitionColumn | undefined): string | null {
  return column?.type.kind === 'double' ? (value?.replace(/[fFdD]$/, '') ?? null) : value
}

const WIDTH: Readonly<Record<string, number>> = { integer: 10, long: 20 }

/** The type of all values, as Spark infers it: int, bigint, decimal, double, date, timestamp, else string. */
export function partitionType(values: readonly (string | null)[]): DataType {
  return (
    values.reduce<DataType | undefined>((sum, value) => {
      if (value === null) return sum
      return sum === undefined ? typeOfValue(value) : wider(sum, typeOfValue(value))
    }, undefined) ?? { kind: 'string' }
  )
}

function typeOfValue(text: string): DataType {
  if (/^[+-]?\d+$/.test(text)) {
    const value = BigInt(text.replace('+', ''))
    if (BigInt.asIntN(32, value) === value) return { kind: 'integer' }
    if (BigInt.asIntN(64, value) === value) return { kind: 'long' }
    const digits = String(value).replace('-', '').length
    if (digits <= 38) return { kind: 'decimal', precision: digits, scale: 0 }
  }
  // A whole number with a power of ten is a decimal to Spark, which then goes with no double.
  if (/^[+-]?\d+[eE]\+?\d{1,2}$/.test(text)) return { kind: 'decimal', precision: 38, scale: 0 }
  if (/^[+-]?(NaN|Infinity|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[fFdD]?)$/.test(text)) return { kind: 'double' }
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []
  if (day !== undefined && isDay(Number(year), Number(month), Number(day))) return { kind: 'date' }
  const [, date = '', hour] =
    /^(\d{4}-\d{2}-\d{2})[ T](\d{2}):\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(text) ?? []
  if (hour !== undefined && !Number.isNaN(Date.parse(`${date}T${hour}:00Z`))) return { kind: 'timestamp' }
  return { kind: 'string' }
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

function wider(a: DataType, b: DataType): DataType {
  if (a.kind === b.kind && a.kind !== 'decimal') return a
  const kinds = new Set([a.kind, b.kind])
  const widths = [a, b].map((type) => (type.kind === 'decimal' ? type.precision : WIDTH[type.kind]))
  if (widths.every((width) => width !== undefined)) {
    if (!kinds.has('decimal')) return { kind: 'long' }
    return { kind: 'decimal', precision: Math.min(38, Math.max(...(widths as number[]))), scale: 0 }
  }
  if (kinds.has('double') && kinds.has('integer')) return { kind: 'double' }
  return kinds.has('date') && kinds.has('timestamp') ? { kind: 'timestamp' } : { kind: 'string' }
}
