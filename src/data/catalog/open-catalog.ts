import { createHash } from 'node:crypto'
import { MillraceError, unknownName } from '../../base/kernel/index.ts'
import { id, type Sql, sql } from '../../base/sql/index.ts'
import type { Engine } from '../engine/index.ts'
import { DeltaTable, type ParquetPort } from '../table/index.ts'
import type { CatalogConfig } from './config.ts'
import type {
  Catalog,
  Dataset,
  DatasetRef,
  EnsureOptions,
  Pin,
  PinnedDataset,
  PinOptions,
  Published,
  Relation,
  StorePlace,
} from './contract.ts'
import { DatasetResolver } from './dataset-resolver.ts'
import { dataFiles, fileRelation, hiveColumns } from './file-relation.ts'
import { PinTable } from './pin-table.ts'
import { type View, ViewPublisher } from './view-publisher.ts'

/** Milliseconds that a mover of a view waits for those who hold it. */
const WAIT_MS = 600_000

/** What a catalog is made of. */
export interface CatalogOptions {
  readonly engine: Engine
  readonly config: CatalogConfig
  /** The project folder; relative addresses start from it. */
  readonly dir: string
}

/** The catalog of a project on an engine. Opens nothing until it is asked. */
export function openCatalog(options: CatalogOptions): Catalog {
  return new EngineCatalog(options)
}

/** A dataset at one state: what is needed for a relation and for a view. */
interface Located extends Omit<View, 'sql'> {
  readonly sql: Sql
  readonly describe: () => Promise<Relation['schema']>
}

class EngineCatalog implements Catalog {
  readonly #engine: Engine
  readonly #resolver: DatasetResolver
  readonly #pins = new PinTable()
  readonly #publisher: ViewPublisher
  /** The newest known state of each Delta table, by address, so that a look costs only what is new. */
  readonly #tables = new Map<string, DeltaTable>()

  constructor({ engine, config, dir }: CatalogOptions) {
    this.#engine = engine
    this.#resolver = new DatasetResolver(config, engine.database, dir)
    this.#publisher = new ViewPublisher(engine)
  }

  place(address: string): StorePlace {
    return this.#resolver.place(address)
  }

  async resolve(name: string): Promise<Dataset> {
    const dataset = await this.#resolver.resolve(name)
    if (dataset.format === 'delta') {
      const table = await this.#table(dataset).catch(ignoring('TABLE_NOT_FOUND'))
      return table ? { ...dataset, partitionBy: table.snapshot.partitionBy } : dataset
    }
    if (dataset.format === 'table' || dataset.location === undefined) return dataset
    return { ...dataset, partitionBy: hiveColumns(await dataFiles(this.place(dataset.location), dataset.format)) }
  }

  async list(): Promise<Dataset[]> {
    const stored = await this.#resolver.list()
    const names = new Set(stored.map(({ name }) => name))
    await using connection = await this.#engine.connect()
    const rows = await connection.rows<{ schema: string; table: string }>(sql`
      select table_schema as "schema", table_name as "table" from information_schema.tables
      where table_catalog = ${this.#engine.database} and table_schema not in ('information_schema', 'pg_catalog')
      order by 1, 2`)
    const own = rows
      .map(({ schema, table }) => this.#resolver.named({ kind: 'name', schema, table }))
      .filter(({ name, format }) => format === 'table' && !names.has(name))
    return [...stored, ...own]
  }

  async relation(ref: DatasetRef): Promise<Relation> {
    const located = await this.#locate(ref)
    const { version } = located
    return { sql: located.sql, schema: await located.describe(), ...(version === undefined ? {} : { version }) }
  }

  async pin(names: readonly (string | DatasetRef)[], options: PinOptions = {}): Promise<Pin> {
    const refs = names.map((name) => (typeof name === 'string' ? { dataset: name } : name))
    const located = await Promise.all(refs.map((ref) => this.#locate(ref)))
    const views = located.filter(({ dataset }) => dataset.format !== 'table')
    const pathOnly = views.find(({ dataset }) => dataset.table === '')
    if (pathOnly) {
      throw new MillraceError('DATASET_NAME_INVALID', `making a view of the path ${pathOnly.dataset.name}`, {
        hint: 'A view needs a name: declare the path under datasets: or zones: in millrace.yml.',
      })
    }
    const wanted = new Map<string, string>()
    for (const { dataset, state } of views) {
      if ((wanted.get(dataset.name) ?? state) !== state) {
        throw new MillraceError('OPTION_INVALID', `pinning two versions of ${dataset.name} at once`)
      }
      wanted.set(dataset.name, state)
    }
    const { signal, waitMs = WAIT_MS } = options
    const release = await this.#pins.acquire(wanted, { waitMs, ...(signal ? { signal } : {}) })
    try {
      await this.#publisher.publish(views)
    } catch (thrown) {
      release()
      throw thrown
    }
    const datasets = located.map(({ dataset, version }): PinnedDataset => {
      const relation = id(dataset.database, dataset.schema, dataset.table)
      return { name: dataset.name, relation, ...(version === undefined ? {} : { version }) }
    })
    return { datasets, release, [Symbol.asyncDispose]: async () => release() }
  }

  async publish(names: readonly string[], options?: PinOptions): Promise<void> {
    const pin = await this.pin(names, options)
    pin.release()
  }

  async published(name: string): Promise<Published | undefined> {
    return this.#publisher.published(await this.#resolver.resolve(name))
  }

  async deltaTable(name: string): Promise<DeltaTable> {
    return (await this.#table(await this.#delta(name))).fork()
  }

  async ensureDeltaTable(name: string, options: EnsureOptions): Promise<DeltaTable> {
    const dataset = await this.#delta(name)
    const { store, path } = this.place(dataset.location ?? '')
    const table = await DeltaTable.openOrCreate(store, { ...options, path, parquet: this.#parquet() })
    this.#tables.set(dataset.location ?? '', table)
    return table.fork()
  }

  async #delta(name: string): Promise<Dataset> {
    const dataset = await this.#resolver.resolve(name)
    if (dataset.format === 'delta') return dataset
    throw new MillraceError('OPTION_INVALID', `opening ${name} as a Delta table: its format is ${dataset.format}`, {
      hint: 'Name a dataset of a zone with format: delta, or add such a zone to millrace.yml.',
    })
  }

  #parquet(): ParquetPort<never> {
    const { files, name } = this.#engine
    if (files) return files
    throw new MillraceError('ENGINE_UNSUPPORTED', `reading files of a lake with the engine ${name}`, {
      hint: 'Use the duckdb engine for datasets that lie in a store.',
    })
  }

  async #table(dataset: Dataset): Promise<DeltaTable> {
    const address = dataset.location ?? ''
    const known = this.#tables.get(address)
    const { store, path } = this.place(address)
    // A log that was removed or cleaned up under us makes what is known of it worth nothing.
    const isCurrent = known !== undefined && (await known.isPresent()) && (await refreshed(known))
    const table = isCurrent ? known : await DeltaTable.open(store, path, { parquet: this.#parquet() })
    this.#tables.set(address, table)
    return table
  }

  async #locate({ dataset: name, version }: DatasetRef): Promise<Located> {
    const dataset = await this.#resolver.resolve(name)
    if (dataset.format === 'delta') return this.#locateDelta(dataset, version)
    if (version !== undefined) {
      throw new MillraceError('OPTION_INVALID', `reading version ${version} of ${name}: it has no versions`, {
        hint: `Its format is ${dataset.format}; only delta keeps versions.`,
      })
    }
    if (dataset.format === 'table') return this.#locateTable(dataset)
    const { store, path } = this.place(dataset.location ?? '')
    const files = await dataFiles({ store, path }, dataset.format)
    if (files.length === 0) {
      throw new MillraceError('DATASET_UNKNOWN', `there is no ${dataset.format} file of ${name}`, {
        hint: `Looked at ${store.locate(path)}.`,
      })
    }
    const urls = files.map((file) => store.locate(file.path))
    const relation = fileRelation(urls, dataset.format, hiveColumns(files).length > 0)
    const state = createHash('sha256').update(JSON.stringify(files)).digest('hex')
    return { dataset, sql: relation, state, describe: () => this.#describe(relation) }
  }

  async #locateDelta(dataset: Dataset, version: number | undefined): Promise<Located> {
    const port = this.#parquet()
    const newest = await this.#table(dataset).catch(async (thrown) => {
      if (!(thrown instanceof MillraceError && thrown.code === 'TABLE_NOT_FOUND')) throw thrown
      throw await this.#unknown(dataset)
    })
    const { store, path } = newest.log
    const table =
      version === undefined || version === newest.snapshot.version
        ? newest
        : await DeltaTable.open(store, path, { version, parquet: port })
    const { snapshot } = table
    const relation = port.read(table.scan(snapshot), snapshot.schema, snapshot.partitionBy)
    const state = `${snapshot.metadata.id}@${snapshot.version}`
    return { dataset, sql: relation, state, version: snapshot.version, describe: async () => snapshot.schema }
  }

  async #locateTable(dataset: Dataset): Promise<Located> {
    const { database, schema, table } = dataset
    await using connection = await this.#engine.connect()
    const rows = await connection.rows(sql`
      select 1 as found from information_schema.tables
      where table_catalog = ${database} and table_schema = ${schema} and table_name = ${table}`)
    if (rows.length === 0) throw await this.#unknown(dataset)
    const relation = id(database, schema, table)
    return { dataset, sql: relation, state: 'table', describe: () => this.#describe(relation) }
  }

  async #describe(relation: Sql): Promise<Relation['schema']> {
    await using connection = await this.#engine.connect()
    return await connection.describe(sql`select * from ${relation}`)
  }

  async #unknown(dataset: Dataset): Promise<MillraceError> {
    const known = await this.list().catch(() => [])
    const names = known.map(({ schema, table }) => `${schema}.${table}`)
    const written = dataset.table === '' ? dataset.name : `${dataset.schema}.${dataset.table}`
    return unknownName('DATASET_UNKNOWN', 'dataset', written, names)
  }
}

async function refreshed(table: DeltaTable): Promise<boolean> {
  return table.refresh().then(
    () => true,
    () => false,
  )
}

function ignoring(code: string): (thrown: unknown) => undefined {
  return (thrown) => {
    if (!(thrown instanceof MillraceError && thrown.code === code)) throw thrown
    return undefined
  }
}
