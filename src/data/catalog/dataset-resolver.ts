import { MillraceError } from '../../base/kernel/index.ts'
import type { Connections } from '../../base/project/index.ts'
import type { CatalogConfig, StorageFormat } from './config.ts'
import type { Dataset, StorePlace } from './contract.ts'
import { type DatasetName, parseDatasetName } from './dataset-name.ts'
import { formatOfFile } from './file-relation.ts'
import { isHidden } from './hidden.ts'
import { tablesBelow } from './storage-listing.ts'
import { storagePlaces } from './storage-places.ts'

/** How stores elsewhere are reached, and where what was fetched of them is kept. */
export interface StoreAccess {
  readonly connections?: Connections
  readonly cacheDir?: string
}

/** From names to places, by the project's configuration alone; an engine is not asked. */
export class DatasetResolver {
  readonly place: (address: string) => StorePlace
  readonly #config: CatalogConfig
  readonly #database: string
  readonly #schema: string

  /** @param engine what names without a database or a schema belong to */
  constructor(
    config: CatalogConfig,
    engine: { readonly database: string; readonly schema: string },
    dir: string,
    stores: StoreAccess = {},
  ) {
    this.#config = config
    this.#database = engine.database
    this.#schema = engine.schema
    const { connections, cacheDir } = stores
    this.place = storagePlaces(config.storage, dir, {
      ...(connections ? { optionsOf: (name: string, kind: string) => connections.get<object>(name, kind) } : {}),
      ...(cacheDir === undefined ? {} : { cacheDir }),
    })
  }

  /** @throws MillraceError DATASET_NAME_INVALID; DATASET_UNKNOWN for a path at which nothing lies */
  async resolve(name: string): Promise<Dataset> {
    const parsed = parseDatasetName(name, this.#schema)
    return parsed.kind === 'name' ? this.named(parsed) : this.#atPath(parsed.path)
  }

  /** A dataset of its own (`datasets`), else one of its schema's zone, else a table of the engine. */
  named({ database = this.#database, schema, table }: DatasetName & { kind: 'name' }): Dataset {
    const base = { name: `${database}.${schema}.${table}`, database, schema, table, partitionBy: [] }
    const single = this.#config.datasets?.[`${schema}.${table}`]
    const zone = this.#config.zones?.[schema]
    if (database !== this.#database || (!single && !zone)) return { ...base, format: 'table' }
    if (single) return { ...base, format: single.format, location: single.location }
    const location = `${zone?.location.replace(/\/+$/, '')}/${table}`
    return { ...base, format: zone?.format ?? 'delta', location }
  }

  /** Every dataset that lies in a store: those of `datasets`, and what is found in the zones. */
  async list(): Promise<Dataset[]> {
    const names = Object.keys(this.#config.datasets ?? {}).map((name) => {
      const [schema = '', table = ''] = name.split('.')
      return { kind: 'name', schema, table } as const
    })
    for (const [schema, zone] of Object.entries(this.#config.zones ?? {})) {
      for (const table of await tablesBelow(this.place(zone.location))) names.push({ kind: 'name', schema, table })
    }
    const found = new Map(names.map((name) => [`${name.schema}.${name.table}`, this.named(name)]))
    return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** What to write instead of a bare name that is not known, where a folder or file is called so. */
  async pathHint({ format, schema, table }: Dataset): Promise<string | undefined> {
    if (format !== 'table' || table === '' || schema !== this.#schema) return undefined
    const found = await this.#formatAt(`./${table}`).catch(() => undefined)
    return found && `There is ${found} data in the folder ${table}: write ./${table}.`
  }

  async #atPath(path: string): Promise<Dataset> {
    const location = path.replace(/(.)\/+$/, '$1')
    const format = await this.#formatAt(location)
    if (format)
      return { name: path, database: this.#database, schema: '', table: '', format, location, partitionBy: [] }
    const { store, path: inside } = this.place(location)
    throw new MillraceError('DATASET_UNKNOWN', `there is no data at ${path}`, {
      hint: `Looked for a Delta table and for Parquet, CSV and JSON files at ${store.locate(inside)}.`,
    })
  }

  async #formatAt(location: string): Promise<StorageFormat | undefined> {
    const { store, path } = this.place(location)
    const prefix = path === '' ? '' : `${path}/`
    for await (const _ of store.list(`${prefix}_delta_log/`)) return 'delta'
    for await (const entry of store.list(prefix)) {
      const format = isHidden(entry.path.slice(prefix.length)) ? undefined : formatOfFile(entry.path)
      if (format) return format
    }
    return path !== '' && (await store.head(path)) ? formatOfFile(path) : undefined
  }
}
