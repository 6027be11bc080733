import { randomUUID } from 'node:crypto'
import { id, type Sql, sql } from '../../base/sql/index.ts'
import type { EngineConnection } from '../engine/index.ts'

/** Names for temporary tables that no other load uses, dropped together. */
export class TempTables {
  readonly #stem = `millrace_${randomUUID().slice(0, 8)}`
  readonly #names = new Set<string>()
  readonly #connection: EngineConnection

  constructor(connection: EngineConnection) {
    this.#connection = connection
  }

  /** A name that is dropped with the others. */
  name(purpose: string): string {
    const name = `${this.#stem}_${purpose}`
    this.#names.add(name)
    return name
  }

  /** The quoted name. */
  table(purpose: string): Sql {
    return id(this.name(purpose))
  }

  async drop(): Promise<void> {
    for (const name of this.#names) await this.#connection.execute(sql`drop table if exists ${id(name)}`)
    this.#names.clear()
  }
}
