import { MillraceError, unknownName } from '../../base/kernel/index.ts'
import type { Connections } from '../../base/project/index.ts'
import { id, type Sql, sql } from '../../base/sql/index.ts'
import type { State } from '../../base/state/index.ts'
import { objectAddress } from '../../base/store/index.ts'
import type { Engine, EngineConnection } from '../engine/index.ts'
import type { DeltaTable } from '../table/index.ts'
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
  RelationAtRest,
  RelationOptions,
  StorePlace,
} from './contract.ts'
import { DatasetResolver } from './dataset-resolver.ts'
import { GatheredNames } from './gathered-names.ts'
import type { Located, Publisher } from './located.ts'
import { Locator, versionInState } from './locator.ts'
import { Pins } from './pins.ts'
import { SharedPins } from './shared-pins.ts'
import { COPIES_SCHEMA, TablePublisher } from './table-publisher.ts'
import { ViewPublisher } from './view-publisher.ts'

/** Milliseconds that a mover of a view waits for those who hold it. */
const WAIT_MS = 600_000

/** What a catalog is made of. */
export interface CatalogOptions {
  /** Where models, checks and frames run. */
  readonly engine: Engine
  /** The engine that reads the files of the lake, when `engine` reads none. */
  readonly lake?: Engine
  readonly config: CatalogConfig
  /** The project folder; relative addresses start from it. */
  readonly dir: string
  /** The schema of names without one; `main` by default. */
  readonly schema?: string
  /** How storages with a `connection` are reached. */
  readonly connections?: Connections
  /** A folder for what is fetched of stores that the engine cannot read itself. */
  readonly cacheDir?: string
  /** Makes pins hold against other processes too that open the same database. */
  readonly shared?: {
    readonly state: State
    /** Tells this database from others, such as the path of its file. */
    readonly database: string
  }
}

/** The catalog of a project on an engine. Opens nothing until it is asked. */
export function openCatalog(options: CatalogOptions): Catalog {
  return new EngineCatalog(options)
}

/** What a name or path stands for now. */
type Found = { readonly dataset: Dataset; readonly located?: Located }

class EngineCatalog implements Catalog {
  readonly #engine: Engine
  readonly #lake: Engine
  readonly #resolver: DatasetResolver
  readonly #locator: Locator
  readonly #pins: Pins
  /** Names of the storages that lie elsewhere. */
  readonly #storages: readonly string[]
  readonly #publisher: Publisher
  /** Where datasets of the lake are tables of the engine. */
  readonly #copies: TablePublisher | undefined
  #gathered: GatheredNames | undefined

  constructor(options: CatalogOptions) {
    const { engine, lake = engine, config, dir, schema = 'main', shared } = options
    this.#engine = engine
    this.#lake = lake
    this.#storages = Object.entries(config.storage ?? {}).flatMap(([name, { url }]) => (objectAddress(url) ? name : []))
    this.#resolver = new DatasetResolver(config, { database: engine.database, schema }, dir, options)
    this.#locator = new Locator(lake, (address) => this.place(address))
    this.#pins = new Pins(shared && new SharedPins(shared.state, shared.database))
    this.#copies = lake === engine ? undefined : new TablePublisher(engine, lake)
    this.#publisher = this.#copies ?? new ViewPublisher(engine)
  }

  place(address: string): StorePlace {
    return this.#resolver.place(address)
  }

  async resolve(name: string): Promise<Dataset> {
    return this.#locator.partitioned(await this.#resolver.resolve(name))
  }

  async list(): Promise<Dataset[]> {
    const stored = await this.#resolver.list()
    const names = new Set(stored.map(({ name }) => name))
    await using connection = await this.#engine.connect()
    const rows = await connection.rows<{ schema: string; table: string }>(sql`
      select table_schema as "schema", table_name as "table" from information_schema.tables
      where table_catalog = ${this.#engine.database} and table_schema not in ('information_schema', 'pg_catalog')
        and table_schema not like 'pg_temp%' and table_schema <> ${COPIES_SCHEMA}
      order by 1, 2`)
    const own = rows
      .map(({ schema, table }) => this.#resolver.named({ kind: 'name', schema, table }))
      .filter(({ name, format }) => format === 'table' && !names.has(name))
    return [...stored, ...own]
  }

  async relation(ref: DatasetRef, { asked }: RelationOptions = {}): Promise<Relation> {
    // A copy of the dataset is one of all its rows.
    const found = await this.#find(ref, this.#copies ? undefined : asked)
    const { located } = found
    if (!located) return this.#tableRelation(found.dataset)
    const version = located.version === undefined ? {} : { version: located.version }
    const { files } = located
    if (!this.#copies)
      return { sql: located.sql, schema: await located.describe(), ...version, ...(files ? { files } : {}) }
    const copy = await this.#copyOf(located, this.#copies)
    return { sql: copy, schema: await describe(this.#engine, copy), ...version }
  }

  async atRest(ref: DatasetRef): Promise<RelationAtRest> {
    const found = await this.#find(ref)
    const { located } = found
    if (!located) return { ...(await this.#tableRelation(found.dataset)), engine: this.#engine }
    const { sql: from, version } = located
    const schema = await located.describe()
    return { sql: from, schema, engine: this.#lake, ...(version === undefined ? {} : { version }) }
  }

  async pin(names: readonly (string | DatasetRef)[], options: PinOptions = {}): Promise<Pin> {
    const refs = names.map((name) => (typeof name === 'string' ? { dataset: name } : name))
    const newest = await Promise.all(refs.map((ref) => this.#find(ref)))
    const found = options.orHeld ? await Promise.all(await this.#asHeld(newest)) : newest
    const views = found.flatMap(({ located }) => located ?? [])
    const pathOnly = views.find(({ dataset }) => dataset.table === '')
    if (pathOnly) {
      throw new MillraceError('DATASET_NAME_INVALID', `making a view of the path ${pathOnly.dataset.name}`, {
        hint: 'A view needs a name: declare the path under datasets: or zones: in millrace.yml.',
      })
    }
    const { signal, waitMs = WAIT_MS } = options
    const release = await this.#pins.acquire(wantedStates(views), { waitMs, ...(signal ? { signal } : {}) })
    try {
      await this.#publisher.publish(views, signal)
    } catch (thrown) {
      await release()
      throw thrown
    }
    const datasets = found.map(({ dataset, located }): PinnedDataset => {
      const relation = id(dataset.database, dataset.schema, dataset.table)
      const version = located?.version
      return { name: dataset.name, relation, ...(version === undefined ? {} : { version }) }
    })
    let released: Promise<void> | undefined
    const once = () => {
      released ??= release()
      return released
    }
    return { datasets, release: () => void once(), [Symbol.asyncDispose]: once }
  }

  async publish(names: readonly string[], options?: PinOptions): Promise<void> {
    const later: string[] = []
    if (this.#gathered) {
      // What cannot be published is told at once, to whom it concerns.
      for (const name of names) if ((await this.#resolver.resolve(name)).table !== '') later.push(name)
    }
    const now = names.filter((name) => !later.includes(name))
    if (now.length > 0) {
      await using _pin = await this.pin(now, options)
    }
    for (const name of later) await this.#gathered?.add(name)
  }

  gather({ signal }: Pick<PinOptions, 'signal'> = {}): AsyncDisposable {
    // Tables of an engine are copies, which are made when rows come.
    if (this.#copies) return { async [Symbol.asyncDispose]() {} }
    this.#gathered ??= new GatheredNames(async (names) => {
      await using _pin = await this.pin(names, signal ? { signal } : {})
    })
    const gathered = this.#gathered
    gathered.holders += 1
    return {
      [Symbol.asyncDispose]: async () => {
        gathered.holders -= 1
        if (gathered.holders > 0) return
        this.#gathered = undefined
        await gathered.settle().catch((thrown) => {
          // Who cancels does not wait for those who hold a view.
          if (!signal?.aborted) throw thrown
        })
      },
    }
  }

  async settle(): Promise<void> {
    await this.#gathered?.settle()
  }

  async reach(): Promise<void> {
    const { files } = this.#lake
    for (const name of this.#storages) {
      const { store } = this.place(`${name}://`)
      if (store.remote) await files?.reaches?.(store).catch(() => undefined)
    }
  }

  async published(name: string): Promise<Published | undefined> {
    return this.#publisher.published(await this.#resolver.resolve(name))
  }

  async deltaTable(name: string): Promise<DeltaTable> {
    return (await this.#locator.table(await this.#delta(name))).fork()
  }

  async ensureDeltaTable(name: string, options: EnsureOptions): Promise<DeltaTable> {
    return (await this.#locator.ensureTable(await this.#delta(name), options)).fork()
  }

  async #delta(name: string): Promise<Dataset> {
    const dataset = await this.#resolver.resolve(name)
    if (dataset.format === 'delta') return dataset
    throw new MillraceError('OPTION_INVALID', `opening ${name} as a Delta table: its format is ${dataset.format}`, {
      hint:
        (await this.#resolver.pathHint(dataset)) ??
        'Name a dataset of a zone with format: delta, or add such a zone to millrace.yml.',
    })
  }

  async #find({ dataset: name, version, timestamp }: DatasetRef, asked?: RelationOptions['asked']): Promise<Found> {
    const dataset = await this.#resolver.resolve(name)
    if (dataset.format !== 'table') {
      const located = await this.#locator.locate(dataset, timestamp ?? version, asked).catch(async (thrown) => {
        if (!(thrown instanceof MillraceError && thrown.code === 'TABLE_NOT_FOUND')) throw thrown
        throw await this.#unknown(dataset)
      })
      return { dataset, located }
    }
    const wanted = version ?? timestamp?.toISOString()
    if (wanted === undefined) return { dataset }
    throw new MillraceError('OPTION_INVALID', `reading version ${wanted} of ${name}: it has no versions`, {
      hint: 'It is a table of the engine; only delta keeps versions.',
    })
  }

  /** The same datasets, at the versions at which others hold them. */
  async #asHeld(found: readonly Found[]): Promise<(Found | Promise<Found>)[]> {
    const held = await this.#pins.held(found.flatMap(({ located }) => located?.dataset.name ?? []))
    return found.map((each) => {
      const state = held.get(each.dataset.name)
      if (!each.located || state === undefined || state === each.located.state) return each
      const version = versionInState(state)
      if (version === undefined) return each
      return this.#locator.locate(each.dataset, version).then((located) => ({ dataset: each.dataset, located }))
    })
  }

  /** The table under the dataset's name when that may move to the wanted version, a copy beside it otherwise. */
  async #copyOf(located: Located, copies: TablePublisher): Promise<Sql> {
    const { database, schema, table, name } = located.dataset
    if (table === '') return copies.beside(located)
    const named = id(database, schema, table)
    if (await copies.shows(located)) return named
    const release = await this.#pins.acquire(new Map([[name, located.state]]), { waitMs: 0 }).catch((thrown) => {
      if (thrown instanceof MillraceError && thrown.code === 'TIMEOUT') return undefined
      throw thrown
    })
    if (!release) return copies.beside(located)
    try {
      const shown = (await copies.published(located.dataset))?.version
      if (shown !== undefined && located.version !== undefined && shown > located.version) {
        return await copies.beside(located)
      }
      await copies.publish([located])
      return named
    } finally {
      await release()
    }
  }

  async #tableRelation(dataset: Dataset): Promise<Relation> {
    const { database, schema, table } = dataset
    // It may be a view that stands on those of the lake.
    await this.settle()
    await using connection = await this.#engine.connect()
    const rows = await connection.rows(sql`
      select 1 as found from information_schema.tables
      where table_catalog = ${database} and table_schema = ${schema} and table_name = ${table}`)
    if (rows.length === 0) throw await this.#unknown(dataset)
    const relation = id(database, schema, table)
    return { sql: relation, schema: await described(connection, relation) }
  }

  async #unknown(dataset: Dataset): Promise<MillraceError> {
    const known = await this.list().catch(() => [])
    const names = known.map(({ schema, table }) => `${schema}.${table}`)
    const written = dataset.table === '' ? dataset.name : `${dataset.schema}.${dataset.table}`
    const error = unknownName('DATASET_UNKNOWN', 'dataset', written, names)
    const hint = await this.#resolver.pathHint(dataset)
    return hint === undefined ? error : new MillraceError(error.code, error.message, { hint })
  }
}

/** @throws MillraceError OPTION_INVALID for two versions of one dataset */
function wantedStates(views: readonly Located[]): Map<string, string> {
  const wanted = new Map<string, string>()
  for (const { dataset, state } of views) {
    if ((wanted.get(dataset.name) ?? state) !== state) {
      throw new MillraceError('OPTION_INVALID', `pinning two versions of ${dataset.name} at once`)
    }
    wanted.set(dataset.name, state)
  }
  return wanted
}

async function describe(engine: Engine, relation: Sql): Promise<Relation['schema']> {
  await using connection = await engine.connect()
  return await described(connection, relation)
}

function described(connection: EngineConnection, relation: Sql): Promise<Relation['schema']> {
  return connection.describe(sql`select * from ${relation}`)
}
