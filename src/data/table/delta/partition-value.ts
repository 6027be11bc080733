import { type DataType, MillraceError, type Schema, unknownName, type Value } from '../../../base/kernel/index.ts'

/** Types that a partition column may have. Delta also allows binary, of which no tool writes the same text. */
const PARTITION_KINDS = new Set([
  'string',
  'long',
  'integer',
  'short',
  'byte',
  'float',
  'double',
  'decimal',
  'boolean',
  'date',
  'timestamp',
  'timestamp_ntz',
])

/**
 * Checks that a schema can be partitioned by these columns.
 * @throws MillraceError COLUMN_UNKNOWN, TYPE_UNSUPPORTED, OPTION_INVALID
 */
export function checkPartitioning(schema: Schema, partitionBy: readonly string[]): void {
  const names = schema.fields.map(({ name }) => name)
  for (const column of partitionBy) {
    const field = schema.fields.find(({ name }) => name === column)
    if (!field) throw unknownName('COLUMN_UNKNOWN', 'partition column', column, names)
    if (!PARTITION_KINDS.has(field.type.kind)) {
      throw new MillraceError('TYPE_UNSUPPORTED', `partitioning by "${column}", which is of type ${field.type.kind}`, {
        hint: `Partition by a column of one of the types ${[...PARTITION_KINDS].join(', ')}.`,
      })
    }
  }
  if (new Set(partitionBy).size !== partitionBy.length) {
    throw new MillraceError('OPTION_INVALID', `partitioning by ${partitionBy.join(', ')}: a column is named twice`)
  }
  if (partitionBy.length > 0 && partitionBy.length === names.length) {
    throw new MillraceError('OPTION_INVALID', `partitioning by ${partitionBy.join(', ')}: no other column is left`, {
      hint: 'The data files must hold at least one column; partition by fewer.',
    })
  }
}

/**
 * A value (or an engine's text for it) as a partition value of the log (Delta protocol, "Partition Value
 * Serialization"). Instants become ISO 8601 in UTC. As in every Delta writer an empty string becomes null.
 * @throws MillraceError OPTION_INVALID when the value is not of the column's type
 */
export function partitionText(value: Value | undefined, type: DataType, column: string): string | null {
  if (value === null || value === undefined || value === '') return null
  const text = String(value)
  const invalid = () =>
    new MillraceError('OPTION_INVALID', `"${text}" is not a partition value of column "${column}"`, {
      hint: `The column is of type ${type.kind}.`,
    })
  switch (type.kind) {
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
      if (!/^-?\d+$/.test(text)) throw invalid()
      return BigInt(text).toString()
    case 'decimal': {
      const parts = /^(-?)0*(\d+)(?:\.(\d*?)0*)?$/.exec(text)
      if (!parts || (parts[3] ?? '').length > type.scale) throw invalid()
      const [, sign, whole, fraction = ''] = parts
      return type.scale === 0 ? `${sign}${whole}` : `${sign}${whole}.${fraction.padEnd(type.scale, '0')}`
    }
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw invalid()
      return text
    case 'date':
      if (!/^[+-]?\d{4,}-\d\d-\d\d$/.test(text)) throw invalid()
      return text
    case 'timestamp':
    case 'timestamp_ntz': {
      const parts = /^(\d{4,}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6}?)0*)?)?(Z|[+-]00(?::?00)?)?$/.exec(text)
      if (!parts) throw invalid()
      const [, date, time = '00:00:00', fraction = ''] = parts
      const micros = fraction === '' ? '' : `.${fraction.padEnd(6, '0')}`
      return type.kind === 'timestamp' ? `${date}T${time}${micros || '.000000'}Z` : `${date} ${time}${micros}`
    }
    case 'float':
    case 'double':
      if (text !== 'NaN' && text !== 'nan' && !/^[+-]?(inf(inity)?|[\d.]+(e[+-]?\d+)?)$/i.test(text)) throw invalid()
      return text
    default:
      return text
  }
}
