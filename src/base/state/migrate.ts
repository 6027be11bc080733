import { MillraceError } from '../kernel/index.ts'
import { sql } from '../sql/index.ts'
import type { StateConnection } from './connection.ts'

/**
 * Carries out the steps of a room that this database has not seen, and writes down that it has. Called within a
 * transaction that holds the right to write, so that of two processes one migrates and the other finds it done.
 * @throws MillraceError STATE_SCHEMA_NEWER when the database has seen more steps than there are
 */
export async function migrate(connection: StateConnection, room: string, steps: readonly string[]): Promise<void> {
  await connection.exec(
    'create table if not exists millrace_migrations (room text not null, step integer not null, applied_at text not null, primary key (room, step))',
  )
  const [seen] = await connection.all<{ steps: number }>(
    sql`select coalesce(max(step), 0) as steps from millrace_migrations where room = ${room}`,
  )
  const done = seen?.steps ?? 0
  if (done > steps.length) {
    throw new MillraceError(
      'STATE_SCHEMA_NEWER',
      `the metadata database has step ${done} of "${room}", this Millrace knows ${steps.length}`,
      { hint: 'Run the Millrace version that wrote the database, or a later one.' },
    )
  }
  for (const [index, step] of steps.entries()) {
    if (index < done) continue
    await connection.exec(step)
    await connection.run(
      sql`insert into millrace_migrations (room, step, applied_at) values (${room}, ${index + 1}, ${new Date()})`,
    )
  }
}
