import { MillraceError } from '../kernel/index.ts'
import { connectPostgres, describePostgres, type PostgresConfig, postgresPool } from '../postgres/index.ts'
import { id, inline, literal, sql } from '../sql/index.ts'
import { assembleState } from './assemble.ts'
import { BUSY_TIMEOUT_MS, type State, type StateOptions } from './contract.ts'
import { GroupCommit } from './group-commit.ts'
import { PostgresConnection } from './postgres-connection.ts'
import { stateSqlError } from './postgres-error.ts'
import { lock, PostgresWriter } from './postgres-writer.ts'

const READERS = 4

/**
 * Opens the metadata database in a schema of PostgreSQL, which is made when missing and belongs to Millrace alone.
 * Processes of several machines may share it. Writes that were in the middle when the server went away are undone and
 * CONNECTION_LOST; reads are tried once more on a new connection.
 * @throws MillraceError CONNECTION_FAILED, CONNECTION_DENIED, STORE_DENIED
 */
export async function openPostgresState(config: PostgresConfig, options: StateOptions = {}): Promise<State> {
  const { sync = 'normal', busyTimeoutMs = BUSY_TIMEOUT_MS, schema = 'millrace' } = options
  const connect = () => connectPostgres(config, { sqlError: stateSqlError })
  await makeSchema(config, schema)
  const writer = new PostgresWriter({ config, schema, busyTimeoutMs, sync, connect })
  const path = inline(sql`set search_path = ${id(schema)}`, 'postgres')
  const readers = postgresPool(config, {
    max: READERS,
    sqlError: stateSqlError,
    prepare: async (session) => {
      await session.script(path)
    },
  })

  return assembleState({
    dialect: 'postgres',
    where: `${describePostgres(config)}, schema ${schema}`,
    commits: new GroupCommit(writer),
    async read<T extends object>(query: Parameters<State['read']>[0]) {
      for (let again = true; ; again = false) {
        try {
          await using session = await readers.take()
          return await new PostgresConnection(session, false).all<T>(query)
        } catch (thrown) {
          const lost = thrown instanceof MillraceError && thrown.code === 'CONNECTION_LOST'
          if (!lost || !again) throw thrown
        }
      }
    },
    coded: (thrown) => thrown,
    async close() {
      await readers[Symbol.asyncDispose]()
      await writer.close()
    },
  })
}

async function makeSchema(config: PostgresConfig, schema: string): Promise<void> {
  await using session = await connectPostgres(config, { sqlError: stateSqlError })
  const exists = async () =>
    (await session.query('select from pg_catalog.pg_namespace where nspname = $1', [schema])).rows.length > 0
  // Looked for first: who may use a schema need not have the right to make one.
  if (await exists()) return
  await session.script('begin')
  // "if not exists" is not enough for two at once: both may find it missing.
  await session.script(inline(lock(schema), 'postgres'))
  if (!(await exists())) {
    await session.script(
      inline(
        sql`create schema ${id(schema)}; comment on schema ${id(schema)} is ${literal('Metadata of Millrace')}`,
        'postgres',
      ),
    )
  }
  await session.script('commit')
}
