import { MillraceError } from '../../base/kernel/index.ts'

/** A dataset name taken apart; a path has no parts. */
export type DatasetName =
  | { readonly kind: 'name'; readonly database?: string; readonly schema: string; readonly table: string }
  | { readonly kind: 'path'; readonly path: string }

/**
 * Reads `table` (in the engine's schema for names without one), `schema.table` or `database.schema.table`, each part plain or in double
 * quotes; what holds a `/` (or ends like a data file) is a path or address.
 * @throws MillraceError DATASET_NAME_INVALID
 */
export function parseDatasetName(text: string, defaultSchema = 'main'): DatasetName {
  if (!text.includes('"') && (text.includes('/') || /\.(parquet|csv|tsv|json|jsonl|ndjson)(\.gz)?$/i.test(text))) {
    return { kind: 'path', path: text }
  }
  const parts = /^(?:(?:"(?:[^"]|"")+"|[^."\s]+)(?:\.|$))+$/.test(text)
    ? [...text.matchAll(/"((?:[^"]|"")+)"|([^."]+)/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain,
      )
    : []
  const [table, schema = defaultSchema, database, ...more] = parts.reverse()
  if (table === undefined || more.length > 0 || text.endsWith('.')) {
    throw new MillraceError('DATASET_NAME_INVALID', `"${text}" is not a dataset name`, {
      hint: 'Write schema.table, database.schema.table, or a path such as lake://raw/orders.',
    })
  }
  return { kind: 'name', schema, table, ...(database === undefined ? {} : { database }) }
}
