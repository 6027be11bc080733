import { createHash } from 'node:crypto'
import { MillraceError } from '../../../base/kernel/index.ts'
import { id, inline, join, literal, sql, trusted } from '../../../base/sql/index.ts'
import type { RemoteAccess, Store } from '../../../base/store/index.ts'
import type { EngineConnection } from '../contract.ts'

/** Milliseconds after which credentials are asked for again: those of a session end. */
const FRESH_MS = 600_000

/** Gives DuckDB access to buckets, when its extension httpfs is at hand; it is never downloaded. */
export class RemoteFiles {
  readonly #connect: () => Promise<EngineConnection>
  readonly #given = new Map<string, { readonly until: number; readonly reached: Promise<boolean> }>()
  #loaded: Promise<boolean> | undefined

  constructor(connect: () => Promise<EngineConnection>) {
    this.#connect = connect
  }

  /** See `ParquetPort.reaches`. */
  async reaches(store: Store): Promise<boolean> {
    const { remote } = store
    if (!remote) return false
    this.#loaded ??= this.#load()
    if (!(await this.#loaded)) return false
    const known = this.#given.get(store.url)
    if (known && known.until > Date.now()) return known.reached
    const reached = remote().then((access) => access !== undefined && this.#give(access))
    this.#given.set(store.url, { until: Date.now() + FRESH_MS, reached })
    reached.catch(() => this.#given.delete(store.url))
    return reached
  }

  async #load(): Promise<boolean> {
    await using connection = await this.#connect()
    return await connection.execute(sql`load httpfs`).then(
      () => true,
      () => false,
    )
  }

  /** A secret of DuckDB's that lives in memory only. */
  async #give(access: RemoteAccess): Promise<boolean> {
    const { scope, region, endpoint, useTls, pathStyle, accessKeyId, secretAccessKey, sessionToken } = access
    const options = [
      sql`type s3`,
      sql`scope ${literal(scope)}`,
      sql`region ${literal(region)}`,
      sql`key_id ${literal(accessKeyId)}`,
      sql`secret ${literal(secretAccessKey)}`,
      sql`url_style ${literal(pathStyle ? 'path' : 'vhost')}`,
      sql`use_ssl ${literal(useTls)}`,
      ...(sessionToken === undefined ? [] : [sql`session_token ${literal(sessionToken)}`]),
      ...(endpoint === undefined ? [] : [sql`endpoint ${literal(endpoint)}`]),
    ]
    const name = `millrace_${createHash('sha256').update(scope).digest('hex').slice(0, 12)}`
    const text = inline(sql`create or replace temporary secret ${id(name)} (${join(options)})`, 'duckdb')
    await using connection = await this.#connect()
    try {
      await connection.execute(trusted(text))
      return true
    } catch {
      // What DuckDB says of the statement may repeat the keys in it.
      throw new MillraceError('ENGINE_UNSUPPORTED', `giving DuckDB the credentials for ${scope}: it refused them`, {
        hint: 'Remove httpfs from the extension directory to read through copies instead.',
      })
    }
  }
}
