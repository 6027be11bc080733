import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { DuckDBInstance } from '@duckdb/node-api'
import { MillraceError } from '../../../base/kernel/index.ts'
import { inline, sql } from '../../../base/sql/index.ts'
import type { Engine, EngineConnection, ScalarFunction } from '../contract.ts'
import { type Bindings, bindings } from './bindings.ts'
import { DuckDbConnection } from './connection.ts'
import { engineError } from './engine-error.ts'
import { DuckDbFiles } from './parquet.ts'
import { registerScalar } from './scalar-function.ts'

/** How to open an embedded DuckDB. */
export interface DuckDbOptions {
  /** The database file; absent (or `:memory:`) keeps it in memory. */
  readonly path?: string
  readonly readOnly?: boolean
  /** Such as `2GB`; DuckDB's own default is 80 % of the machine's. Beyond it, DuckDB spills to `tempDirectory`. */
  readonly memoryLimit?: string
  readonly threads?: number
  /** Where to spill; absent: beside the database file, or in the system's temporary folder. */
  readonly tempDirectory?: string
  /** A folder laid out as DuckDB's own: `v1.5.5/linux_amd64/NAME.duckdb_extension`. */
  readonly extensionDirectory?: string
  /** Extensions to load. Nothing is ever downloaded. */
  readonly extensions?: readonly string[]
  /** Further settings of DuckDB's, by name. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>
}

let opened = 0

/**
 * Opens DuckDB in this process. Times are UTC, and no extension is installed or loaded unless it was named.
 * @throws MillraceError DATABASE_LOCKED, EXTENSION_MISSING, OPTION_INVALID
 */
export async function openDuckDb(options: DuckDbOptions = {}): Promise<Engine> {
  const loaded = await bindings()
  const path = options.path === undefined || options.path === ':memory:' ? undefined : resolve(options.path)
  if (path !== undefined) mkdirSync(dirname(path), { recursive: true })
  const instance = await create(path, options, loaded)
  const engine = new DuckDb(instance, loaded)
  try {
    await engine.start(options)
    return engine
  } catch (thrown) {
    await engine[Symbol.asyncDispose]()
    throw thrown
  }
}

async function create(path: string | undefined, options: DuckDbOptions, loaded: Bindings): Promise<DuckDBInstance> {
  opened += 1
  const spill = path === undefined ? join(tmpdir(), `millrace-spill-${process.pid}-${opened}`) : `${path}.tmp`
  const config: Record<string, string> = {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    temp_directory: options.tempDirectory ?? spill,
    ...(options.memoryLimit === undefined ? {} : { memory_limit: options.memoryLimit }),
    ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
    ...(options.extensionDirectory === undefined ? {} : { extension_directory: resolve(options.extensionDirectory) }),
    ...(options.readOnly ? { access_mode: 'READ_ONLY' } : {}),
    ...Object.fromEntries(Object.entries(options.settings ?? {}).map(([name, value]) => [name, String(value)])),
  }
  const act = `opening the DuckDB database ${path ?? 'in memory'}`
  try {
    return await loaded.api.DuckDBInstance.create(path ?? ':memory:', config)
  } catch (thrown) {
    const error = engineError(thrown, { act })
    if (error.code !== 'ENGINE_SQL' || !/config|setting|option|parse|invalid input|memory/i.test(error.message))
      throw error
    throw new MillraceError('OPTION_INVALID', error.message, {
      cause: thrown,
      hint: error.hint ?? 'See DuckDB’s settings.',
    })
  }
}

class DuckDb implements Engine {
  readonly name = 'duckdb'
  readonly dialect = 'duckdb'
  database = 'memory'
  readonly capabilities = { transactionalDdl: true, files: true, cancel: true }
  readonly files: DuckDbFiles
  private readonly instance: DuckDBInstance
  private readonly bindings: Bindings
  private readonly connections = new Set<EngineConnection>()
  private readonly functions = new Set<string>()
  private open = true

  constructor(instance: DuckDBInstance, loaded: Bindings) {
    this.instance = instance
    this.bindings = loaded
    this.files = new DuckDbFiles(this)
  }

  async connect(options: { readonly signal?: AbortSignal } = {}): Promise<EngineConnection> {
    options.signal?.throwIfAborted()
    if (!this.open) throw new MillraceError('ENGINE_CLOSED', 'connecting to a DuckDB that was closed')
    const native = await this.instance.connect()
    const connection: EngineConnection = new DuckDbConnection(this, native, this.bindings, () =>
      this.connections.delete(connection),
    )
    this.connections.add(connection)
    return connection
  }

  async register(given: ScalarFunction): Promise<void> {
    if (this.functions.has(given.name)) return
    this.functions.add(given.name)
    const native = await this.instance.connect()
    try {
      registerScalar(native, this.bindings, given)
    } finally {
      native.closeSync()
    }
  }

  /** Settings that exist only once the database is open, and the extensions. */
  async start({ extensions = [], extensionDirectory, settings }: DuckDbOptions): Promise<void> {
    const native = await this.instance.connect()
    try {
      await native.run("set global TimeZone = 'UTC'")
      const spillLimit = settings?.max_temp_directory_size
      // DuckDB takes this one at opening and then forgets it.
      if (spillLimit !== undefined)
        await native.run(inline(sql`set global max_temp_directory_size = ${String(spillLimit)}`, 'duckdb'))
      for (const name of extensions) await load(name, extensionDirectory, (text) => native.run(text))
      const [[database] = []] = await (await native.run('select current_database()')).getRows()
      this.database = String(database)
    } finally {
      native.closeSync()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.open) return
    this.open = false
    await Promise.all([...this.connections].map((connection) => connection[Symbol.asyncDispose]()))
    this.instance.closeSync()
  }
}

async function load(name: string, folder: string | undefined, run: (text: string) => Promise<unknown>): Promise<void> {
  if (!/^\w+$/.test(name)) throw new MillraceError('OPTION_INVALID', `"${name}" is not the name of a DuckDB extension`)
  try {
    await run(`load ${name}`)
  } catch (cause) {
    throw new MillraceError('EXTENSION_MISSING', `loading the DuckDB extension ${name}: ${(cause as Error).message}`, {
      cause,
      hint: `Put ${name}.duckdb_extension of DuckDB 1.5.5 into ${folder ?? 'an extensionDirectory'}, under v1.5.5/<platform>/ (npm and PyPI hold none by that name; "INSTALL ${name}" in DuckDB's own shell fetches it).`,
      data: { extension: name },
    })
  }
}
