import { z } from 'zod'

/** A DuckDB file of the project, or memory when `path` is left out. */
export const duckDbTarget = z.strictObject({
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
export const postgresTarget = z.strictObject({
  engine: z.literal('postgres'),
  connection: z.string().describe('A connection of the kind postgres.'),
  schema: z.string().default('public').describe('Where models go.'),
  threads: z.int().min(1).optional().describe('How many models are built at once.'),
})

/** An embedded target of millrace.yml. */
export type DuckDbTarget = z.output<typeof duckDbTarget>

/** A target of millrace.yml that is a PostgreSQL server. */
export type PostgresTarget = z.output<typeof postgresTarget>

/** A target of millrace.yml. */
export type Target = DuckDbTarget | PostgresTarget

/** The section `targets` of millrace.yml. */
export const targetsSection = {
  key: 'targets',
  summary: 'Where a project is computed, by name; the first is the default.',
  schema: z
    .record(z.string(), z.discriminatedUnion('engine', [duckDbTarget, postgresTarget]))
    .default({ dev: { engine: 'duckdb', path: 'millrace.duckdb', schema: 'main', extensions: [] } }),
}
