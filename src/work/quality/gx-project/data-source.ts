import { z } from 'zod'

// The `fluent_datasources` of great_expectations.yml, as Great Expectations 1.x writes them.

const partitioner = z.looseObject({
  /** Of files. */
  regex: z.string().optional(),
  param_names: z.array(z.string()).optional(),
  /** Of tables. */
  method_name: z.string().optional(),
  column_name: z.string().optional(),
  column_names: z.array(z.string()).optional(),
  divisor: z.number().optional(),
  mod: z.number().optional(),
  sort_ascending: z.boolean().default(true),
})
export type Partitioner = z.output<typeof partitioner>

const batchDefinition = z.looseObject({ id: z.string().nullish(), partitioner: partitioner.nullish() })

const asset = z.looseObject({
  type: z.string(),
  id: z.string().nullish(),
  batch_definitions: z.record(z.string(), batchDefinition).default({}),
  table_name: z.string().optional(),
  schema_name: z.string().nullish(),
  query: z.string().optional(),
})
/** A data asset; what it has beside these are options of its reader, such as pandas' `sep`. */
export type Asset = z.output<typeof asset>

export const dataSource = z.looseObject({
  type: z.string(),
  assets: z.record(z.string(), asset).default({}),
  base_directory: z.string().optional(),
  connection_string: z.string().optional(),
  kwargs: z.record(z.string(), z.unknown()).optional(),
})
export type DataSource = z.output<typeof dataSource>

/** Keys of an asset that are no options of a reader. */
export const ASSET_KEYS = new Set([
  'type', 'id', 'name', 'batch_definitions', 'batch_metadata', 'order_by', 'connect_options',
  'table_name', 'schema_name', 'query', 'filepath_or_buffer', 'path_or_buf', 'path', 'data_directory',
]) // biome-ignore format: a list
