import { userInfo } from 'node:os'
import { packageVersion } from '../../../base/kernel/index.ts'
import { sql } from '../../../base/sql/index.ts'
import { Column } from '../column.ts'
import { define, everywhere, nullary } from './define.ts'
import { COUNT, RANK, type ResultType } from './result-type.ts'

// What Spark knows of its session and its partitions, as far as an engine without either has it.

const TEXT: ResultType<string> = { of: () => ({ kind: 'string' }) }

/** A number for each row, from 0 on: different ones, in no promised order. */
export const monotonicallyIncreasingId = nullary(
  'monotonically_increasing_id',
  everywhere('(row_number() over () - 1)'),
  COUNT,
)
/** The partition of a row, which is 0: an engine here has one. */
export const sparkPartitionId = nullary('spark_partition_id', everywhere('cast(0 as integer)'), RANK)
/** The version of Millrace. */
export const version = nullary(
  'version',
  everywhere(() => sql`${`Millrace ${packageVersion()}`}`),
  TEXT,
)

const user_ = <const F extends string>(name: F) =>
  nullary(name, { duckdb: () => sql`${userInfo().username}`, postgres: 'cast(session_user as text)' }, TEXT)
/** Who runs the program; in PostgreSQL the user of the connection. */
export const currentUser = user_('current_user')
/** The same as `currentUser`. */
export const user = user_('user')
/** The same as `currentUser`. */
export const sessionUser = user_('session_user')

/** The engine's current database, in Spark the catalog. */
export const currentCatalog = nullary(
  'current_catalog',
  { duckdb: 'current_database()', postgres: 'cast(current_database() as text)' },
  TEXT,
)
const schema_ = <const F extends string>(name: F) =>
  nullary(name, { duckdb: 'current_schema()', postgres: 'cast(current_schema() as text)' }, TEXT)
/** The engine's current schema, which Spark also calls a database. */
export const currentSchema = schema_('current_schema')
/** The same as `currentSchema`. */
export const currentDatabase = schema_('current_database')

/**
 * The address of the file a row was read from, such as `file:///data/orders.csv`. As in Spark it is an empty text where
 * rows are of no file, and above the steps that move them (a group, a sort, a limit); above a join it is refused.
 */
export const inputFileName = Object.assign(
  (): Column<string, 'input_file_name()', never, unknown> =>
    new Column({ kind: 'call', fn: 'input_file_name', args: [] }),
  {
    definition: define(
      'input_file_name',
      // Given by `withFileNames`: the column of the files' addresses.
      everywhere(([file]) => sql`coalesce(${file ?? sql`null`}, '')`),
      TEXT,
    ),
  },
)
