import { z } from 'zod'
import { postgresOptions } from '../../base/postgres/index.ts'
import type { ConnectionKinds, Section } from '../../base/project/index.ts'
import { s3Options } from '../../base/store/index.ts'
import { datasetsSection, storageSection, zonesSection } from '../../data/catalog/index.ts'

/** A DuckDB file of the project, or memory when `path` is left out. */
const duckDbTarget = z.strictObject({
  engine: z.literal('duckdb'),
  path: z.string().optional().describe('The database file, relative to the project; absent: in memory.'),
  schema: z.string().default('main').describe('Where models go.'),
  memory_limit: z.string().optional().describe('Such as 2GB; beyond it DuckDB spills to disk.'),
  threads: z.int().min(1).optional(),
  temp_directory: z.string().optional().describe('Where to spill.'),
  extension_directory: z.string().optional().describe('A folder of DuckDB extensions; nothing is downloaded.'),
  extensions: z.array(z.string()).default([]).describe('Extensions to load.'),
})

/** A database of a PostgreSQL server. */
const postgresTarget = z.strictObject({
  engine: z.literal('postgres'),
  connection: z.string().describe('A connection of the kind postgres.'),
  schema: z.string().default('public').describe('Where models go.'),
  threads: z.int().min(1).optional().describe('Models built at once.'),
})

/** A target of millrace.yml. */
export type DuckDbTarget = z.output<typeof duckDbTarget>
export type Target = DuckDbTarget | z.output<typeof postgresTarget>

const targetsSection = {
  key: 'targets',
  summary: 'Where a project is computed, by name; the first is the default.',
  schema: z
    .record(z.string(), z.discriminatedUnion('engine', [duckDbTarget, postgresTarget]))
    .default({ dev: { engine: 'duckdb', path: 'millrace.duckdb', schema: 'main', extensions: [] } }),
}

const stateSection = {
  key: 'state',
  summary: 'The metadata database: runs, tries, cursors, leases.',
  schema: z
    .strictObject({
      path: z.string().default('.millrace/state.db').describe('The file of the embedded database.'),
      connection: z.string().optional().describe('A connection of the kind postgres, in place of the file.'),
      schema: z.string().default('millrace').describe('Where its tables go in PostgreSQL.'),
      sync: z
        .enum(['normal', 'full'])
        .default('normal')
        .describe('normal survives the death of the process, full a power loss too.'),
    })
    .prefault({}),
}

const varsSection = {
  key: 'vars',
  summary: 'Values that pipelines and models read.',
  schema: z.record(z.string(), z.json()).default({}),
}

const SECTIONS = {
  targets: targetsSection,
  storage: storageSection,
  zones: zonesSection,
  datasets: datasetsSection,
  state: stateSection,
  vars: varsSection,
} as const

/** The kinds of connection, with the options of each. */
export const CONNECTION_KINDS: ConnectionKinds = { postgres: postgresOptions, s3: s3Options }

/** The checked sections of a millrace.yml, by key. */
export type Sections = { readonly [K in keyof typeof SECTIONS]: z.output<(typeof SECTIONS)[K]['schema']> }

/** Every section a millrace.yml may have. */
export function projectSections(): readonly Section[] {
  return Object.values(SECTIONS)
}
