import { MillraceError } from '../../base/kernel/index.ts'
import { id, inline, literal, type Sql, sql, trusted } from '../../base/sql/index.ts'
import type { Engine, EngineConnection } from '../engine/index.ts'
import type { Dataset, Published } from './contract.ts'

/** A view to be made. */
export interface View {
  readonly dataset: Dataset
  readonly sql: Sql
  /** Tells one state of the dataset from another. */
  readonly state: string
  readonly version?: number
}

/** What a view's comment says of it, so that another process knows what it shows. */
interface Note {
  readonly millrace: { readonly state: string; readonly version?: number; readonly location: string }
}

/** Attempts when two processes replace the same view at once. */
const ATTEMPTS = 5

/** Keeps the views of datasets in the engine's database; one change at a time. */
export class ViewPublisher {
  readonly #engine: Engine
  #last: Promise<unknown> = Promise.resolve()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** Makes the views show what they should; those that do are left alone. All or none are changed. */
  publish(views: readonly View[]): Promise<void> {
    const work = this.#last.then(() => this.#attempt(views, 1))
    this.#last = work.catch(() => undefined)
    return work
  }

  async #attempt(views: readonly View[], attempt: number): Promise<void> {
    try {
      await using connection = await this.#engine.connect()
      const stale: View[] = []
      for (const view of views) {
        const note = await readNote(connection, view.dataset)
        if (note?.millrace.state !== view.state || note.millrace.location !== view.dataset.location) stale.push(view)
      }
      if (stale.length === 0) return
      await connection.transaction(async () => {
        for (const view of stale) await this.#replace(connection, view)
      })
    } catch (thrown) {
      const isConflict = thrown instanceof Error && /conflict/i.test(thrown.message)
      if (!isConflict || attempt >= ATTEMPTS) throw thrown
      await new Promise((resolve) => setTimeout(resolve, 20 * attempt))
      await this.#attempt(views, attempt + 1)
    }
  }

  async #replace(connection: EngineConnection, view: View): Promise<void> {
    const { database, schema, table, location = '' } = view.dataset
    const name = id(database, schema, table)
    const note: Note = {
      millrace: { state: view.state, location, ...(view.version === undefined ? {} : { version: view.version }) },
    }
    await connection.execute(sql`create schema if not exists ${id(database, schema)}`)
    // A view takes no parameters: its values are written as literals.
    const text = inline(sql`create or replace view ${name} as select * from ${view.sql}`, this.#engine.dialect)
    await connection.execute(trusted(text))
    await connection.execute(sql`comment on view ${name} is ${literal(JSON.stringify(note))}`)
  }

  /** What the view of a dataset shows. */
  async published(dataset: Dataset): Promise<Published | undefined> {
    await using connection = await this.#engine.connect()
    const note = await readNote(connection, dataset)
    if (!note) return undefined
    const { location, version } = note.millrace
    return { location, ...(version === undefined ? {} : { version }) }
  }
}

async function readNote(connection: EngineConnection, dataset: Dataset): Promise<Note | undefined> {
  if (connection.engine.dialect !== 'duckdb') {
    throw new MillraceError('ENGINE_UNSUPPORTED', `publishing views with the engine ${connection.engine.name}`, {
      hint: 'Use the duckdb engine for datasets that lie in a store.',
    })
  }
  const [row] = await connection.rows<{ comment: string | null }>(sql`
    select comment from duckdb_views()
    where database_name = ${dataset.database} and schema_name = ${dataset.schema} and view_name = ${dataset.table}`)
  if (!row?.comment) return undefined
  try {
    const note = JSON.parse(row.comment) as Partial<Note>
    return note.millrace ? { millrace: note.millrace } : undefined
  } catch {
    return undefined
  }
}
