import { unknownName } from '../../../base/kernel/index.ts'
import type { SourceNode } from '../node.ts'

const FORMATTERS = ['newstyle', 'oldstyle', 'template'] as const

/** What a source says of where its rows are: the `meta` of it and of its group. */
export function sourceSettings(source: SourceNode): Readonly<Record<string, unknown>> {
  return { ...source.source_meta, ...source.meta }
}

/**
 * What stands in a query for a source that is not in the database, or undefined: dbt-duckdb's
 * `meta: { external_location: 'read_parquet("raw/{name}.parquet")' }`. Sources of plugins are brought into the database.
 * @throws MillraceError MODEL_INVALID for a formatter there is not, or a name that it cannot fill in
 */
export function externalLocation(source: SourceNode): string | undefined {
  if (sourceSettings(source)['plugin'] !== undefined) return undefined
  const location = filledLocation(source)
  if (location === undefined) return undefined
  return location.includes('(') || location.startsWith("'") ? location : `'${location}'`
}

/** A source's `external_location` with its names filled in. @throws MillraceError as `externalLocation` does */
export function filledLocation(source: SourceNode): string | undefined {
  const settings = sourceSettings(source)
  const at = { file: source.original_file_path }
  const where = `reading the source ${source.source_name}.${source.name}`
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
  return filled(written, formatter, fill)
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
