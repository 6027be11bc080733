import { z } from 'zod'

/** How a dataset is kept: in a table format or plain files of a store, or as a table of the engine itself. */
export const STORAGE_FORMATS = ['delta', 'parquet', 'csv', 'json', 'table'] as const
export type StorageFormat = (typeof STORAGE_FORMATS)[number]

const word = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a name is letters, digits and _')
const address = z.string().min(1, 'an address such as lake://raw or ./data')
const fileFormat = z.enum(['delta', 'parquet', 'csv', 'json'])

/** `storage`: places for files, by the name that addresses begin with (`lake://…`). */
export const storageSection = {
  key: 'storage',
  summary: 'Where files lie, by the name that addresses begin with: lake://raw/orders is in the storage lake.',
  schema: z
    .record(
      word,
      z.strictObject({
        url: address,
        connection: z
          .string()
          .optional()
          .describe('A connection that says how to reach it, such as one of the kind s3, gcs or azure.'),
      }),
    )
    .default({}),
}

/** `zones`: schemas whose tables lie in a storage. */
export const zonesSection = {
  key: 'zones',
  summary: 'Schemas whose tables are files: with raw at lake://raw, raw.orders lies at lake://raw/orders.',
  schema: z
    .record(
      word.refine((name) => name !== 'main' && name !== 'information_schema', 'this schema is the engine’s own'),
      z.strictObject({ format: fileFormat.default('delta'), location: address }),
    )
    .default({}),
}

/** `datasets`: single tables that lie elsewhere than their schema's zone. */
export const datasetsSection = {
  key: 'datasets',
  summary: 'Tables by schema.table that lie at a place of their own.',
  schema: z
    .record(
      z.string().regex(/^[^./]+\.[^./]+$/, 'name it schema.table'),
      z.strictObject({ format: fileFormat, location: address }),
    )
    .default({}),
}

/** What the catalog knows of a project: its sections `storage`, `zones` and `datasets`. */
export interface CatalogConfig {
  readonly storage?: z.output<typeof storageSection.schema>
  readonly zones?: z.output<typeof zonesSection.schema>
  readonly datasets?: z.output<typeof datasetsSection.schema>
}
