import { MillraceError, unknownName } from '../../../base/kernel/index.ts'
import type { SourceNode } from '../node.ts'

const FORMATTERS = ['newstyle', 'oldstyle', 'template'] as const

/**
 * What stands in a query for a source that is not in the database, or undefined: dbt-duckdb's
 * `meta: { external_location: 'read_parquet("raw/{name}.parquet")' }`.
 * @throws MillraceError MODEL_INVALID for a plugin, a formatter there is not, or a name that it cannot fill in
 */
export function externalLocation(source: SourceNode): string | undefined {
  const settings: Readonly<Record<string, unknown>> = { ...source.source_meta, ...source.meta }
  const at = { file: source.original_file_path }
  const where = `reading the source ${source.source_name}.${source.name}`
  if (settings['plugin'] !== undefined) {
    throw new MillraceError('MODEL_INVALID', `${where}: the plugin ${String(settings['plugin'])} cannot be run`, {
      at,
      hint: 'Name the files with `external_location` (of Excel: read_xlsx(…), with the extension excel), or load them by `millrace ingest`.',
    })
  }
  const written = settings['external_location']
  if (typeof written !== 'string') return undefined
  const { name, identifier, schema, database } = source
  const known: Readonly<Record<string, unknown>> = { name, identifier, schema, database, ...settings }
  const formatter = FORMATTERS.find((one) => one === (settings['formatter'] ?? 'newstyle'))
  if (!formatter)
    throw unknownName('MODEL_INVALID', `${where}: the formatter`, String(settings['formatter']), FORMATTERS, { at })
  const fill = (key: string): string => {
    if (Object.hasOwn(known, key)) return String(known[key])
    throw unknownName('MODEL_INVALID', `${where}: in external_location, the name`, key, Object.keys(known), { at })
  }
  const location = filled(written, formatter, fill)
  return location.includes('(') || location.startsWith("'") ? location : `'${location}'`
}

function filled(text: string, formatter: (typeof FORMATTERS)[number], fill: (key: string) => string): string {
  switch (formatter) {
    case 'newstyle':
      return text.replace(/\{\{|\}\}|\{(\w+)\}/g, (whole, key?: string) =>
        key === undefined ? whole.slice(1) : fill(key),
      )
    case 'oldstyle':
      return text.replace(/%%|%\((\w+)\)s/g, (_, key?: string) => (key === undefined ? '%' : fill(key)))
    case 'template':
      return text.replace(/\$\$|\$\{(\w+)\}|\$(\w+)/g, (_, braced?: string, bare?: string) => {
        const key = braced ?? bare
        return key === undefined ? '$' : fill(key)
      })
  }
}
