import { createHash } from 'node:crypto'
import { MillraceError } from '../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql } from '../../base/sql/index.ts'
import { type Engine, type EngineConnection, moveRows } from '../engine/index.ts'
import type { Dataset, Published } from './contract.ts'
import { type Located, type Note, type Publisher, readComment, shows } from './located.ts'
import { type CopyShape, columnDefinitions, copyShape } from './table-copy.ts'

/** The schema of copies that stand for no name of a dataset: those of paths and of older versions. */
export const COPIES_SCHEMA = 'millrace_lake'

/** Copies of older versions are dropped after this time, in milliseconds. */
const KEPT_MS = 86_400_000

/** A copy to be made under a name of three parts, until a time when it is dropped. */
interface Copy {
  readonly located: Located
  readonly name: readonly string[]
  readonly until?: number
}

/**
 * Keeps copies of datasets as tables of an engine that reads no files: `schema.table` holds the rows of one state,
 * which its comment names. Rows are moved from the lake's engine in one transaction, only the new ones when a
 * table has only grown. Several processes that move the same table do so one after the other.
 */
export class TablePublisher implements Publisher {
  readonly #engine: Engine
  readonly #lake: Engine

  constructor(engine: Engine, lake: Engine) {
    if (engine.dialect !== 'postgres') {
      throw new MillraceError('ENGINE_UNSUPPORTED', `keeping tables of a lake with the engine ${engine.name}`, {
        hint: 'Use an engine of the kinds duckdb or postgres.',
      })
    }
    this.#engine = engine
    this.#lake = lake
  }

  publish(datasets: readonly Located[], signal?: AbortSignal): Promise<void> {
    return this.#publish(
      datasets.map((located) => ({ located, name: namePath(located.dataset) })),
      signal,
    )
  }

  async published(dataset: Dataset): Promise<Published | undefined> {
    await using connection = await this.#engine.connect()
    const found = await lookAt(connection, namePath(dataset))
    if (!found?.note) return undefined
    const { location, version } = found.note.millrace
    return { location, ...(version === undefined ? {} : { version }) }
  }

  /** Whether the table under the dataset's name shows this state already. */
  async shows(located: Located): Promise<boolean> {
    await using connection = await this.#engine.connect()
    return shows((await lookAt(connection, namePath(located.dataset)))?.note, located)
  }

  /** A copy beside the table of the name: of a path at its newest state, or of a version that is not the newest. */
  async beside(located: Located, signal?: AbortSignal): Promise<Sql> {
    const { dataset, state, version } = located
    const isVersion = dataset.table !== ''
    const words = (isVersion ? dataset.table : (dataset.location ?? '')).split('/').at(-1) ?? ''
    const key = JSON.stringify([dataset.location, isVersion ? state : ''])
    const hash = createHash('sha256').update(key).digest('hex').slice(0, 12)
    const slug = words.replaceAll(/[^A-Za-z0-9]+/g, '_').slice(0, 32)
    const table = [slug, ...(version === undefined || !isVersion ? [] : [`v${version}`]), hash].join('_')
    const until = isVersion ? { until: Date.now() + KEPT_MS } : {}
    await this.#publish([{ located, name: [this.#engine.database, COPIES_SCHEMA, table], ...until }], signal)
    if (isVersion) await this.#dropOld(table)
    return id(COPIES_SCHEMA, table)
  }

  async #publish(copies: readonly Copy[], signal?: AbortSignal): Promise<void> {
    if (copies.length === 0) return
    await using connection = await this.#engine.connect(signal ? { signal } : {})
    const stale: Copy[] = []
    for (const copy of copies) {
      if (!shows((await lookAt(connection, copy.name))?.note, copy.located)) stale.push(copy)
    }
    // Always in the same order, so that two movers cannot wait for each other.
    stale.sort((a, b) => (a.name.join('.') < b.name.join('.') ? -1 : 1))
    if (stale.length === 0) return
    await connection.transaction(async () => {
      for (const copy of stale) await this.#move(connection, copy, signal)
    })
  }

  async #move(to: EngineConnection, { located, name, until }: Copy, signal?: AbortSignal): Promise<void> {
    const key = name.join('.')
    await to.rows(sql`select 1 as locked from pg_advisory_xact_lock(hashtextextended(${`millrace ${key}`}, 0))`)
    const found = await lookAt(to, name)
    if (shows(found?.note, located)) return
    if (found && !found.note) throw occupied(key)
    const table = id(...name)
    const shape = copyShape(await located.describe())
    const rows = await this.#make(to, name, shape, found?.note, located)
    await using from = await this.#lake.connect(signal ? { signal } : {})
    await moveRows(shape.select(rows), from, to, table, signal ? { signal } : {})
    const note: Note['millrace'] = {
      state: located.state,
      location: located.dataset.location ?? '',
      columns: shape.columns,
      ...(until === undefined ? {} : { until }),
      ...(located.version === undefined ? {} : { version: located.version }),
    }
    await to.execute(sql`comment on table ${table} is ${literal(JSON.stringify({ millrace: note }))}`)
  }

  /** Makes the table ready and says which rows it still lacks, if any. */
  async #make(
    to: EngineConnection,
    name: readonly string[],
    shape: CopyShape,
    note: Note | undefined,
    located: Located,
  ): Promise<Sql> {
    const table = id(...name)
    const before = note?.millrace.columns
    const isKept =
      before !== undefined && JSON.stringify(before) === JSON.stringify(shape.columns.slice(0, before.length))
    if (!isKept) {
      // The views of models that stand on it go with it, as dbt has it; the next dbt run makes them anew.
      if (note) await to.execute(sql`drop table ${table} cascade`)
      else await to.execute(sql`create schema if not exists ${id(...name.slice(1, -1))}`)
      await to.execute(sql`create table ${table} (${join(columnDefinitions(shape.columns))})`)
      return located.sql
    }
    for (const column of columnDefinitions(shape.columns.slice(before.length))) {
      await to.execute(sql`alter table ${table} add column ${column}`)
    }
    const isSamePlace = note?.millrace.location === located.dataset.location
    const added = isSamePlace ? await located.since?.(note?.millrace.state ?? '') : undefined
    if (added) return added
    // Readers go on seeing the old rows until the commit, which they would not with truncate.
    await to.execute(sql`delete from ${table}`)
    return located.sql
  }

  async #dropOld(except: string): Promise<void> {
    await using connection = await this.#engine.connect()
    const rows = await connection.rows<{ name: string; comment: string | null }>(sql`
      select c.relname as "name", obj_description(c.oid, 'pg_class') as "comment" from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = ${COPIES_SCHEMA} and c.relkind = 'r' and c.relname <> ${except}`)
    for (const { name, comment } of rows) {
      const until = readComment(comment)?.millrace.until
      if (until !== undefined && until < Date.now()) {
        await connection.execute(sql`drop table if exists ${id(COPIES_SCHEMA, name)}`)
      }
    }
  }
}

function namePath({ database, schema, table }: Dataset): readonly string[] {
  return [database, schema, table]
}

/** What stands at a name: undefined when nothing does; without a note when it is somebody else's. */
async function lookAt(
  connection: EngineConnection,
  [, schema = '', table = '']: readonly string[],
): Promise<{ readonly note: Note | undefined } | undefined> {
  const [row] = await connection.rows<{ kind: string; comment: string | null }>(sql`
    select c.relkind::text as "kind", obj_description(c.oid, 'pg_class') as "comment" from pg_class c
    join pg_namespace n on n.oid = c.relnamespace where n.nspname = ${schema} and c.relname = ${table}`)
  return row && { note: row.kind === 'r' ? readComment(row.comment) : undefined }
}

function occupied(name: string): MillraceError {
  return new MillraceError(
    'WRITE_EXISTS',
    `bringing ${name} into the database: a table of this name is there already`,
    {
      hint: 'It was not brought by Millrace. Rename or drop it, or choose another name for the zone in millrace.yml.',
    },
  )
}
