import { createHash } from 'node:crypto'
import { id, inline, literal, sql, trusted } from '../../base/sql/index.ts'
import type { Engine, EngineConnection } from '../engine/index.ts'
import type { Dataset, Published } from './contract.ts'
import { type Located, type Note, type Publisher, readComment, shows } from './located.ts'

/** Attempts when two processes replace the same view at once. */
const ATTEMPTS = 5

/** Keeps the views of datasets in the database of an engine that reads files; one change at a time. */
export class ViewPublisher implements Publisher {
  readonly #engine: Engine
  #last: Promise<unknown> = Promise.resolve()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  publish(views: readonly Located[]): Promise<void> {
    const work = this.#last.then(() => this.#attempt(views, 1))
    this.#last = work.catch(() => undefined)
    return work
  }

  async #attempt(views: readonly Located[], attempt: number): Promise<void> {
    try {
      await using connection = await this.#engine.connect()
      const stale: Located[] = []
      for (const view of views) {
        const note = await readNote(connection, view.dataset)
        if (!shows(note, view) || note?.millrace.at !== addressesOf(view)) stale.push(view)
      }
      if (stale.length === 0) return
      // Copies that a view shows must stay; those of the view before as well, until it is replaced.
      for (const { dataset, shown } of stale) await shown?.store.hold(`next ${dataset.name}`, shown.paths)
      await connection.transaction(async () => {
        for (const view of stale) await this.#replace(connection, view)
      })
      for (const { dataset, shown } of stale) {
        await shown?.store.hold(dataset.name, shown.paths)
        await shown?.store.hold(`next ${dataset.name}`, [])
      }
    } catch (thrown) {
      const isConflict = thrown instanceof Error && /conflict/i.test(thrown.message)
      if (!isConflict || attempt >= ATTEMPTS) throw thrown
      await new Promise((resolve) => setTimeout(resolve, 20 * attempt))
      await this.#attempt(views, attempt + 1)
    }
  }

  async #replace(connection: EngineConnection, view: Located): Promise<void> {
    const { database, schema, table, location = '' } = view.dataset
    const name = id(database, schema, table)
    const at = addressesOf(view)
    const note: Note = {
      millrace: {
        state: view.state,
        location,
        ...(view.version === undefined ? {} : { version: view.version }),
        ...(at === undefined ? {} : { at }),
      },
    }
    await connection.execute(sql`create schema if not exists ${id(database, schema)}`)
    // A view takes no parameters: its values are written as literals.
    const text = inline(sql`create or replace view ${name} as select * from ${view.sql}`, this.#engine.dialect)
    await connection.execute(trusted(text))
    await connection.execute(sql`comment on view ${name} is ${literal(JSON.stringify(note))}`)
  }

  async published(dataset: Dataset): Promise<Published | undefined> {
    await using connection = await this.#engine.connect()
    const note = await readNote(connection, dataset)
    if (!note) return undefined
    const { location, version } = note.millrace
    return { location, ...(version === undefined ? {} : { version }) }
  }
}

/** A view over copies shows the same as one over the bucket, but breaks when the copies go. */
function addressesOf({ shown }: Located): string | undefined {
  return shown && createHash('sha256').update(JSON.stringify(shown.paths)).digest('hex').slice(0, 16)
}

async function readNote(connection: EngineConnection, dataset: Dataset): Promise<Note | undefined> {
  const [row] = await connection.rows<{ comment: string | null }>(sql`
    select comment from duckdb_views()
    where database_name = ${dataset.database} and schema_name = ${dataset.schema} and view_name = ${dataset.table}`)
  return readComment(row?.comment)
}
