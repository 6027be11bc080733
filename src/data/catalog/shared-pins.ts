import { randomUUID } from 'node:crypto'
import { list, sql } from '../../base/sql/index.ts'
import { mayBeAlive, type Owner, type State, thisProcess } from '../../base/state/index.ts'

const STEPS = [
  `create table millrace_catalog_pins (
     database_name text not null, dataset text not null, pin text not null, shown text not null,
     catalog text not null, host text not null, pid bigint not null, start text not null, expires_at bigint not null,
     primary key (database_name, dataset, pin))`,
]

/** How long a pin of another machine's process counts after that was last heard of, in milliseconds. */
const EXPIRES_MS = 120_000

/** A dataset that another process holds at another state. */
export interface HeldElsewhere {
  readonly dataset: string
  readonly state: string
  readonly holder: Owner
}

interface PinRow {
  readonly dataset: string
  readonly pin: string
  readonly shown: string
  readonly host: string
  readonly pid: number
  readonly start: string
  readonly expires_at: number
}

/**
 * Which datasets the processes of a project hold at which state in one database, kept in the metadata database.
 * The pins of a process that died count no longer.
 */
export class SharedPins {
  readonly #state: State
  readonly #database: string
  /** Tells the pins of this catalog, which its own table of pins judges, from those of others. */
  readonly #catalog = randomUUID()
  readonly #owner = thisProcess()
  readonly #held = new Set<string>()
  #migrated: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(state: State, database: string) {
    this.#state = state
    this.#database = database
  }

  /** Holds all datasets at their states, or none: then says what stands in the way. */
  async take(
    wanted: ReadonlyMap<string, string>,
  ): Promise<{ readonly pin: string } | { readonly held: readonly HeldElsewhere[] }> {
    await this.#migrate()
    const pin = randomUUID()
    const { host, pid, start } = this.#owner
    const held = await this.#state.write(async (tx) => {
      const others = await tx.all<PinRow>(this.#ofOthers(wanted.keys()))
      const dead = others.filter((row) => !isAlive(row))
      for (const row of dead) await tx.run(sql`delete from millrace_catalog_pins where pin = ${row.pin}`)
      const conflicts = others.filter((row) => !dead.includes(row) && row.shown !== wanted.get(row.dataset))
      if (conflicts.length > 0) return conflicts.map(heldElsewhere)
      for (const [dataset, state] of wanted) {
        await tx.run(sql`
          insert into millrace_catalog_pins
            (database_name, dataset, pin, shown, catalog, host, pid, start, expires_at)
          values (${this.#database}, ${dataset}, ${pin}, ${state}, ${this.#catalog}, ${host}, ${pid}, ${start},
            ${Date.now() + EXPIRES_MS})`)
      }
      return []
    })
    if (held.length > 0) return { held }
    this.#held.add(pin)
    this.#timer ??= setInterval(() => void this.#renew(), EXPIRES_MS / 3).unref()
    return { pin }
  }

  /** Lets go of what a pin holds. Never throws: pins of a process that has ended are worth nothing. */
  async drop(pin: string): Promise<void> {
    this.#held.delete(pin)
    if (this.#held.size === 0) {
      clearInterval(this.#timer)
      this.#timer = undefined
    }
    await this.#state
      .write((tx) => tx.run(sql`delete from millrace_catalog_pins where pin = ${pin}`))
      .catch(() => undefined)
  }

  /** What others hold of these datasets. */
  async held(datasets: Iterable<string>): Promise<HeldElsewhere[]> {
    await this.#migrate()
    return (await this.#state.read<PinRow>(this.#ofOthers(datasets))).filter(isAlive).map(heldElsewhere)
  }

  #ofOthers(datasets: Iterable<string>) {
    return sql`
      select dataset, pin, shown, host, pid, start, expires_at from millrace_catalog_pins
      where database_name = ${this.#database} and catalog <> ${this.#catalog} and dataset in ${list(datasets)}
      order by dataset, pin`
  }

  async #renew(): Promise<void> {
    const expires = Date.now() + EXPIRES_MS
    await this.#state
      .write((tx) =>
        tx.run(sql`update millrace_catalog_pins set expires_at = ${expires} where catalog = ${this.#catalog}`),
      )
      .catch(() => undefined)
  }

  #migrate(): Promise<void> {
    this.#migrated ??= this.#state.migrate('millrace_catalog', STEPS)
    return this.#migrated
  }
}

function isAlive(row: PinRow): boolean {
  return row.expires_at > Date.now() && mayBeAlive(row)
}

function heldElsewhere({ dataset, shown, host, pid, start }: PinRow): HeldElsewhere {
  return { dataset, state: shown, holder: { host, pid, start } }
}
