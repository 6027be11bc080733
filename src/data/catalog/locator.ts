import { createHash } from 'node:crypto'
import { MillraceError, type Schema } from '../../base/kernel/index.ts'
import { type Sql, sql } from '../../base/sql/index.ts'
import type { Store } from '../../base/store/index.ts'
import type { Engine } from '../engine/index.ts'
import {
  ANY_ROW,
  type DataFile,
  DeltaTable,
  estimatedRows,
  filesThatMayHold,
  lookingAgain,
  type ParquetPort,
  readableFiles,
  readFiles,
  type Snapshot,
  shownSchema,
  versionAt,
} from '../table/index.ts'
import type { Dataset, EnsureOptions, RelationOptions, StorePlace } from './contract.ts'
import { dataFiles, fileRelation, hiveColumns, type PlainFormat } from './file-relation.ts'
import type { Located } from './located.ts'

/** Finds datasets that lie in a store, at one state each, for the engine that reads files. */
export class Locator {
  readonly #lake: Engine
  readonly #place: (address: string) => StorePlace
  /** The newest known state of each Delta table, by address, so that a look costs only what is new. */
  readonly #tables = new Map<string, DeltaTable>()

  constructor(lake: Engine, place: (address: string) => StorePlace) {
    this.#lake = lake
    this.#place = place
  }

  /**
   * @param dataset one with a location
   * @param asked of a Delta table, files that hold no such row are left out
   * @throws MillraceError TABLE_NOT_FOUND, DATASET_UNKNOWN, OPTION_INVALID for a version of what has none
   */
  async locate(dataset: Dataset, version?: number | Date, asked: RelationOptions['asked'] = ANY_ROW): Promise<Located> {
    if (dataset.format === 'delta') return this.#locateDelta(dataset, version, asked)
    if (version !== undefined) throw withoutVersions(dataset, version)
    if (dataset.format === 'table') throw new MillraceError('INTERNAL', `${dataset.name} does not lie in a store`)
    const { format } = dataset
    return lookingAgain(() => this.#locateFiles(dataset, format))
  }

  async #locateFiles(dataset: Dataset, format: PlainFormat): Promise<Located> {
    const { store, path } = this.#place(dataset.location ?? '')
    const files = await dataFiles({ store, path }, format)
    if (files.length === 0) {
      throw new MillraceError('DATASET_UNKNOWN', `there is no ${format} file of ${dataset.name}`, {
        hint: `Looked at ${store.locate(path)}.`,
      })
    }
    const urls = await readableFiles(store, files, this.#lake.files)
    const relation = fileRelation(urls, format, hiveColumns(files).length > 0)
    const state = createHash('sha256').update(JSON.stringify(files)).digest('hex')
    return { dataset, sql: relation, state, describe: () => this.#describe(relation), ...shown(store, urls) }
  }

  /** The dataset with its partition columns. */
  async partitioned(dataset: Dataset): Promise<Dataset> {
    if (dataset.format === 'table' || dataset.location === undefined) return dataset
    if (dataset.format !== 'delta') {
      return { ...dataset, partitionBy: hiveColumns(await dataFiles(this.#place(dataset.location), dataset.format)) }
    }
    try {
      return { ...dataset, partitionBy: (await this.table(dataset)).snapshot.partitionBy }
    } catch (thrown) {
      if (thrown instanceof MillraceError && thrown.code === 'TABLE_NOT_FOUND') return dataset
      throw thrown
    }
  }

  /** The Delta table of a dataset at its newest version. @throws MillraceError TABLE_NOT_FOUND */
  async table(dataset: Dataset): Promise<DeltaTable> {
    return this.#known(dataset, (store, path) => DeltaTable.open(store, path, { parquet: this.#parquet() }))
  }

  /** The same, created when there is none. */
  async ensureTable(dataset: Dataset, options: EnsureOptions): Promise<DeltaTable> {
    return this.#known(dataset, (store, path) =>
      DeltaTable.openOrCreate(store, { ...options, path, parquet: this.#parquet() }),
    )
  }

  async #known(dataset: Dataset, open: (store: Store, path: string) => Promise<DeltaTable>): Promise<DeltaTable> {
    const address = dataset.location ?? ''
    const known = this.#tables.get(address)
    // A log that was removed or cleaned up under us makes what is known of it worth nothing.
    if (known !== undefined && (await known.isPresent()) && (await refreshed(known))) return known
    const { store, path } = this.#place(address)
    const table = await open(store, path)
    this.#tables.set(address, table)
    return table
  }

  async #locateDelta(
    dataset: Dataset,
    version: number | Date | undefined,
    asked: NonNullable<RelationOptions['asked']>,
  ): Promise<Located> {
    const port = this.#parquet()
    const newest = await this.table(dataset)
    const { store, path } = newest.log
    const at = async (wanted: number) =>
      wanted === newest.snapshot.version ? newest : DeltaTable.open(store, path, { version: wanted, parquet: port })
    const asOf = version instanceof Date ? await versionAt(newest.log, version.getTime()) : version
    const table = asOf === undefined ? newest : await at(asOf)
    const { snapshot } = table
    const wanted = filesThatMayHold(snapshot, asked)
    const files = await table.readable(snapshot, { files: wanted })
    return {
      dataset,
      sql: readFiles(table.log, snapshot, files, { rows: estimatedRows(wanted) }),
      ...shown(
        store,
        files.map(({ url }) => url),
      ),
      state: stateOf(snapshot),
      files: { read: wanted.length, of: snapshot.files.length },
      version: snapshot.version,
      describe: async () => shownSchema(snapshot.schema),
      async since(state) {
        const older = versionOf(state, snapshot)
        if (older === undefined) return undefined
        // The log may have been cleaned up since: then nothing can be told.
        const before = await at(older).catch(() => undefined)
        const added = before && filesAdded(before.snapshot, snapshot)
        return added && table.relation(snapshot, { files: added })
      },
    }
  }

  #parquet(): ParquetPort<never> {
    const { files, name } = this.#lake
    if (files) return files
    throw new MillraceError('ENGINE_UNSUPPORTED', `reading files of a lake with the engine ${name}`, {
      hint: 'Use the duckdb engine for datasets that lie in a store.',
    })
  }

  async #describe(relation: Sql): Promise<Schema> {
    await using connection = await this.#lake.connect()
    return await connection.describe(sql`select * from ${relation}`)
  }
}

/** What a view over files of a store elsewhere must say of them. */
function shown(store: Store, paths: readonly string[]): Pick<Located, 'shown'> {
  return store.remote === undefined ? {} : { shown: { store, paths } }
}

function stateOf({ metadata, version }: Pick<Snapshot, 'metadata' | 'version'>): string {
  return `${metadata.id}@${version}`
}

/** The version that a state names, if it is one of this table. */
function versionOf(state: string, { metadata }: Snapshot): number | undefined {
  const version = Number(state.slice(metadata.id.length + 1))
  return state === stateOf({ metadata, version }) ? version : undefined
}

/** The version of a Delta table that a state names; undefined for the state of plain files. */
export function versionInState(state: string): number | undefined {
  const version = /@(\d+)$/.exec(state)?.[1]
  return version === undefined ? undefined : Number(version)
}

/** The files that a newer snapshot has beside all those of an older one; undefined when one of these is gone. */
export function filesAdded(older: Snapshot, newer: Snapshot): DataFile[] | undefined {
  const key = ({ path, deletionVector }: DataFile) => JSON.stringify([path, deletionVector])
  const left = new Set(older.files.map(key))
  const added = newer.files.filter((file) => !left.delete(key(file)))
  return left.size === 0 ? added : undefined
}

function withoutVersions({ name, format }: Dataset, wanted: number | Date): MillraceError {
  return new MillraceError(
    'OPTION_INVALID',
    `reading version ${wanted instanceof Date ? wanted.toISOString() : wanted} of ${name}: it has no versions`,
    {
      hint: `Its format is ${format}; only delta keeps versions.`,
    },
  )
}

async function refreshed(table: DeltaTable): Promise<boolean> {
  return table.refresh().then(
    () => true,
    () => false,
  )
}
