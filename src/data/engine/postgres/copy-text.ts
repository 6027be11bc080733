import type { Schema } from '../../../base/kernel/index.ts'
import { quoteId } from '../../../base/sql/index.ts'
import { sentAsText } from './build-column.ts'

/** The statement of a COPY whose binary rows `copiedRows` reads. */
export function copyBinary(query: string, schema: Schema): string {
  const wrapped = wrap(query, schema, ({ type }, column) => {
    if (type.kind === 'array') return arrayAsJson(column)
    if (type.kind === 'interval') return `regexp_replace(replace(${column}::text, '+', ''), '\\mmon', 'month')`
    return sentAsText(type) ? `${column}::text` : column
  })
  return `copy (${wrapped}) to stdout with (format binary)`
}

/** The statement of a COPY whose bytes `spooledRelation` reads. */
export function copyCsv(query: string, schema: Schema): string {
  const wrapped = wrap(query, schema, ({ type }, column) => (type.kind === 'array' ? arrayAsJson(column) : column))
  return `copy (${wrapped}) to stdout with (format csv, encoding 'UTF8')`
}

/** JSON knows nulls and quotes, and each item stays the text that it is, whatever its type. */
function arrayAsJson(column: string): string {
  return `array_to_json(${column}::text[])`
}

type Express = (field: Schema['fields'][number], column: string) => string

/** The query itself where no column needs another form, as the server may then skip a step. */
function wrap(query: string, { fields }: Schema, express: Express): string {
  // Names are given anew: the query's own may be double. A comment at its end must not swallow what follows.
  const columns = fields.map((_, index) => quoteId(`c${index}`, 'postgres'))
  const select = fields.map((field, index) => express(field, columns[index] as string))
  if (select.every((expression, index) => expression === columns[index])) return `${query}\n`
  return `select ${select.join(', ')} from (${query}\n) as copied(${columns.join(', ')})`
}
