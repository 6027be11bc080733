import type { PostgresField } from '../../../base/postgres/index.ts'
import { quoteId } from '../../../base/sql/index.ts'
import { postgresType } from './types.ts'

/** Types whose binary form is their text: name, text, json, bpchar (a cast would cut its blanks), varchar. */
const TEXT_IN_BINARY: readonly number[] = [19, 25, 114, 1042, 1043]
const BINARY_KINDS: readonly string[] = [
  'boolean',
  'short',
  'integer',
  'long',
  'float',
  'double',
  'binary',
  'date',
  'time',
  'timestamp',
  'timestamp_ntz',
]

/** The statement of a COPY whose binary rows `copiedRows` reads. What has a binary form of PostgreSQL's own comes as text. */
export function copyBinary(query: string, fields: readonly PostgresField[]): string {
  const wrapped = wrap(query, fields, (field, column) => {
    const { kind } = postgresType(field)
    if (BINARY_KINDS.includes(kind) || TEXT_IN_BINARY.includes(field.oid)) return column
    if (kind === 'array') return arrayAsJson(column)
    return `${column}::text`
  })
  return `copy (${wrapped}) to stdout with (format binary)`
}

/** The statement of a COPY whose bytes `spooledRelation` reads. */
export function copyCsv(query: string, fields: readonly PostgresField[]): string {
  const wrapped = wrap(query, fields, (field, column) =>
    postgresType(field).kind === 'array' ? arrayAsJson(column) : column,
  )
  return `copy (${wrapped}) to stdout with (format csv, encoding 'UTF8')`
}

/** JSON knows nulls and quotes, and each item stays the text that it is, whatever its type. */
function arrayAsJson(column: string): string {
  return `array_to_json(${column}::text[])`
}

type Express = (field: PostgresField, column: string) => string

/** The query itself where no column needs another form, as the server may then skip a step. */
function wrap(query: string, fields: readonly PostgresField[], express: Express): string {
  // Names are given anew: the query's own may be double. A comment at its end must not swallow what follows.
  const columns = fields.map((_, index) => quoteId(`c${index}`, 'postgres'))
  const select = fields.map((field, index) => express(field, columns[index] as string))
  if (select.every((expression, index) => expression === columns[index])) return `${query}\n`
  return `select ${select.join(', ')} from (${query}\n) as copied(${columns.join(', ')})`
}
